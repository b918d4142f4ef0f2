"""`graticule show CASE`: geometry and facts, as the reader of the image understands them."""

import argparse

from graticule.commands.output import Output
from graticule.commands.session import add_store, opened


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("case", metavar="CASE", help="a case id, or its first letters")
    add_store(parser)


def run(args: argparse.Namespace, output: Output) -> int:
    from graticule.formats.describe import describe
    from graticule.formats.door import open_case

    with opened(args) as store:
        case = store.cases.find(args.case)
        opening = open_case(case)
        opening.fill(output.progress(), lambda _slice: None)
        output.row({"case": case.id, "kind": str(case.kind), "modality": case.modality, **describe(case, opening.content)})
    return 0
