"""`graticule` or `graticule desk [STORE]`: the workstation."""

import argparse
from pathlib import Path

from graticule.commands.output import Output
from graticule.commands.session import add_passphrase, unlock_of


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("store", type=Path, nargs="?", metavar="STORE", help="default: the last one, or the first-run steps")
    add_passphrase(parser)


def run(args: argparse.Namespace, output: Output) -> int:
    from graticule.app import run_desk

    return run_desk(args.store, unlock=unlock_of(args))
