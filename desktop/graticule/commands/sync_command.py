"""`graticule sync`: send what waits, and say what became of it."""

import argparse
from dataclasses import asdict

from graticule.commands.output import Output
from graticule.commands.session import add_store, opened


def configure(parser: argparse.ArgumentParser) -> None:
    add_store(parser)
    parser.add_argument("--invitation", default="", metavar="CODE", help="needed once, for a server beyond this machine")


def run(args: argparse.Namespace, output: Output) -> int:
    from graticule.domain.errors import GraticuleError
    from graticule.sync.cycle import cycle
    from graticule.sync.http_client import HttpServer

    with opened(args) as store:
        if not store.server_url:
            raise GraticuleError("This store has no central server.", "Make it with “graticule init STORE --server URL”.")
        with HttpServer.for_store(store, invitation=args.invitation) as server:
            output.row(asdict(cycle(store, server)))
    return 0
