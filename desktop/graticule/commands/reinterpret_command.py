"""`graticule reinterpret CASE [--as NAME]`: the ways to read the files of a case, or read them one of these ways."""

import argparse

from graticule.commands.output import Output
from graticule.commands.session import add_store, opened


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("case", metavar="CASE", help="a case id, or its first letters")
    parser.add_argument("--as", dest="name", default="", metavar="NAME",
                        help="read the files this way; without it the ways are listed with their doubts")
    add_store(parser)


def run(args: argparse.Namespace, output: Output) -> int:
    from graticule.commands.rereading import read_as, way_now, ways_of

    with opened(args) as store:
        case = store.cases.find(args.case)
        if not args.name:
            for way in ways_of(store, case, output.progress()):
                now = way.name == way_now(case)
                row = {"name": way.name, "usual": way.name == "geometry", "now": now, "items": len(way.cases),
                       "slices": list(way.slices), "doubts": list(way.doubts)}
                output.row(row, f"{'*' if now else ' '} {way.name:14} {len(way.cases)} items of "
                                f"{', '.join(map(str, way.slices))} slices. {' '.join(way.doubts)}")
            return 0
        reread = read_as(store, case, args.name, output.progress())
        states = store.labels.states()
        for one, outcome in [*((one, "case") for one in reread.cases), *((one, "kept") for one in reread.kept)]:
            why = "This case has labels: it stays in the list." if outcome == "kept" else ""
            row = {"case": one.id, "kind": str(one.kind), "modality": one.modality, "title": one.title,
                   "state": str(states[one.id]), "outcome": outcome, "reason": why, "warnings": list(one.warnings)}
            output.row(row, f"{outcome:5} {one.id[:15]}  {one.title}  {why}")
    return 0
