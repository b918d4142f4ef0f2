"""`graticule verify STORE`: every hash, chain and signature again; what does not hold is said in words."""

import argparse
from pathlib import Path

from graticule.commands.output import Output
from graticule.commands.session import add_passphrase, unlock_of


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("store", type=Path, metavar="STORE")
    add_passphrase(parser)


def run(args: argparse.Namespace, output: Output) -> int:
    from graticule.store.verify import verify_store

    report = verify_store(args.store, unlock_of(args))
    problems = 0
    for problem in report:
        problems += 1
        row = {"what": problem.what, "where": problem.where, "why": problem.why}
        output.row(row, f"{problem.what}: {problem.where}: {problem.why}")
    output.row({"checked": report.checked, "problems": problems}, f"{report.checked} records checked, {problems} problems")
    return 1 if problems else 0
