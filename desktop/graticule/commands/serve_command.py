"""`graticule serve`: the central server."""

import argparse
import os
import signal
import sys
import threading
from pathlib import Path

from graticule.commands.output import Output


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--database", default="", metavar="URL", help="postgresql://… (default: SQLite in the folder)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on; beyond this machine an invitation is needed")
    parser.add_argument("--port", type=int, default=8470, metavar="N", help="0 chooses a free one")
    parser.add_argument("--data", type=Path, default=Path("graticule-server"), metavar="DIR",
                        help="keys, and the database by default")
    parser.add_argument("--until-input-closes", action="store_true", help="stop when the program that started this one is gone")


def run(args: argparse.Namespace, output: Output) -> int:
    from graticule.server.serve import serve

    if args.until_input_closes:
        threading.Thread(target=_stop_when_input_closes, daemon=True).start()
    serve(args.database, args.host, args.port, args.data, on_ready=lambda url: output.row({"url": url}, url))
    return 0


def _stop_when_input_closes() -> None:
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGINT)
