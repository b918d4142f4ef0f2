"""`graticule cases`: what there is to read, and how far it is."""

import argparse

from graticule.commands.output import Output
from graticule.commands.session import add_store, opened


def configure(parser: argparse.ArgumentParser) -> None:
    add_store(parser)


def run(args: argparse.Namespace, output: Output) -> int:
    with opened(args) as store:
        states = store.labels.states()
        for case in store.cases.all():
            row = {"case": case.id, "kind": str(case.kind), "modality": case.modality, "title": case.title,
                   "state": str(states[case.id]), "warnings": list(case.warnings)}
            output.row(row, f"{case.id[:15]}  {case.kind:7} {case.modality:4} {states[case.id]:12} {case.title}")
    return 0
