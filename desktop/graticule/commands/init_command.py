"""`graticule init STORE`: a store for one reader."""

import argparse
from pathlib import Path

from graticule.commands.output import Output
from graticule.commands.session import add_passphrase, passphrase


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("store", type=Path, metavar="STORE", help="the folder to make")
    parser.add_argument("--reader", default="Reader", metavar="NAME", help="who reads here")
    parser.add_argument("--server", default="", metavar="URL", help="the central server to sync with")
    parser.add_argument("--protocol", type=Path, metavar="FILE", help="the protocol to read under (default: open labelling)")
    add_passphrase(parser)


def run(args: argparse.Namespace, output: Output) -> int:
    import json

    from graticule.resources import read_json
    from graticule.store.store import create_store
    from graticule.store.unlock import Unlock
    from graticule.study.protocol import parse_protocol

    document = json.loads(args.protocol.read_text(encoding="utf-8")) if args.protocol else read_json("protocols", "open.json")
    parse_protocol(document)
    password = passphrase(args.passphrase_file) if args.passphrase_file else None
    unlock = Unlock.passphrase(password) if password else Unlock.without_passphrase()
    store = create_store(args.store, args.reader, unlock, server_url=args.server, password=password)
    try:
        store.protocols.put(document)
        if unlock.is_key_file:
            output.warn("The store's key lies in a file beside it: whoever copies the folder can read it. "
                        "Use --passphrase-file, or a system keyring, where patients' data are kept.")
        output.row({"store": str(args.store.resolve()), "device": store.device_id}, f"Made a store for {args.reader}")
    finally:
        store.close()
    return 0
