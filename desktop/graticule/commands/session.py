"""Opening a store for one command: which key opens it, and which case a person means."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graticule.domain.errors import GraticuleError
from graticule.store.store import Store, open_store
from graticule.store.unlock import Unlock


def add_store(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--store", required=True, type=Path, metavar="STORE", help="the store's folder")
    add_passphrase(parser)


def add_passphrase(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--passphrase-file", type=Path, metavar="FILE", help="first line: the passphrase of the store")


def unlock_of(args: argparse.Namespace) -> Unlock | None:
    """The passphrase of `--passphrase-file`, or None: the key that the store keeps in the keyring or beside itself."""
    return Unlock.passphrase(passphrase(args.passphrase_file)) if args.passphrase_file else None


def passphrase(path: Path) -> str:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        raise GraticuleError("The passphrase file cannot be read.", "Its first line must be the passphrase.") from fault
    if not lines or not lines[0]:
        raise GraticuleError("The passphrase file is empty.", "Its first line must be the passphrase.")
    return lines[0]


@contextmanager
def opened(args: argparse.Namespace) -> Iterator[Store]:
    """The store of `--store`, closed at the end whatever happens."""
    with open_store(args.store, unlock_of(args)) as store:
        yield store
