"""`graticule export CASE --format F --out DIR`: written, re-read by another library, only then reported."""

import argparse
from pathlib import Path

from graticule.commands.output import Output
from graticule.commands.session import add_store, opened


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("case", metavar="CASE", help="a case id or its first letters; CASE@imported exports imported labels")
    parser.add_argument("--format", required=True, metavar="F", help="dicom-seg, nifti, wfdb or json")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR")
    add_store(parser)


def run(args: argparse.Namespace, output: Output) -> int:
    from graticule.commands.label_sources import READER, named_source
    from graticule.formats.door import open_case
    from graticule.formats.export import export
    from graticule.resources import load_ontology

    wanted, _, source = args.case.partition("@")
    with opened(args) as store:
        case = store.cases.find(wanted)
        found = named_source(store, args.case, case, source or READER)
        opening = open_case(case)
        opening.fill(output.progress(), lambda _slice: None)
        args.out.mkdir(parents=True, exist_ok=True)
        for made in export(case, opening.content, found.labels, load_ontology(), args.format, args.out):
            checks = [{"by": check.by, "result": check.result} for check in made.checks]
            output.row({"path": str(made.path), "format": made.format, "checks": checks})
    return 0
