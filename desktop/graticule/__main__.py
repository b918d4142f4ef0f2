"""`graticule …`: argument parsing, nothing else. The commands are in `commands/`, one file each."""

import argparse
import importlib
import logging
import sys

from graticule import __version__
from graticule.commands import COMMANDS
from graticule.commands.output import Output
from graticule.domain.errors import Cancelled, GraticuleError


def main(words: list[str] | None = None) -> int:
    words = list(sys.argv[1:] if words is None else words)
    if words == ["--probe-gl"]:  # a frozen program asks itself, in a child process, whether OpenGL works
        return int(importlib.import_module("graticule.render.probe").main())
    if words[:1] == ["--decode-worker"]:  # a frozen program starts itself as the process that decodes
        return int(importlib.import_module("graticule.formats.guard.worker").main(words[1]))
    if words == ["--compile-loops"]:  # a frozen program starts itself as the process that compiles ahead
        return int(importlib.import_module("graticule.warm_up").main())
    parser = argparse.ArgumentParser(prog="graticule", description="Annotation workstation for clinicians and its headless twin.")
    parser.add_argument("--version", action="version", version=f"graticule {__version__}")
    parser.add_argument("--log", choices=("info", "debug"), help="write a log to stderr: ids and counts only")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    chosen = next((word for word in words if word in COMMANDS), None)
    for name, help_text in COMMANDS.items():
        command = commands.add_parser(name, help=help_text, description=help_text)
        command.add_argument("--json", action="store_true", help="print one JSON object per line")
        if name == chosen:
            _module(name).configure(command)
    args = parser.parse_args(words or ["desk"])
    if args.command is None:
        parser.print_help()
        return 0
    if args.log:
        logging.basicConfig(level=args.log.upper(), stream=sys.stderr, format="%(asctime)s %(name)s %(message)s")
    return _run(args)


def _run(args: argparse.Namespace) -> int:
    output = Output(as_json=args.json)
    try:
        return int(_module(args.command).run(args, output))
    except GraticuleError as fault:
        output.fault(str(fault))
        return 2
    except (Cancelled, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0


def _module(name: str) -> "importlib.types.ModuleType":  # type: ignore[name-defined]
    return importlib.import_module(f"graticule.commands.{name.replace('-', '_')}_command")


if __name__ == "__main__":
    sys.exit(main())
