"""`graticule admin`: what a central server knows of its readers and devices."""

import argparse
from pathlib import Path

from graticule.commands.output import Output


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("readers", "devices", "invitation"))
    parser.add_argument("--database", default="", metavar="URL", help="postgresql://… (default: SQLite in the data folder)")
    parser.add_argument("--data", type=Path, default=Path("graticule-server"), metavar="DIR")


def run(args: argparse.Namespace, output: Output) -> int:
    from graticule.server.serve import open_server

    server = open_server(args.database, args.data)
    if args.what == "invitation":
        output.row({"invitation": server.invitation}, server.invitation)
        return 0
    for row in (server.readers() if args.what == "readers" else server.devices()):
        output.row(row)
    return 0
