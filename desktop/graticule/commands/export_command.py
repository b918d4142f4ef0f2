"""`graticule export CASE --format F --out DIR`: written, re-read by another library, only then reported."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from graticule.commands.output import Output
from graticule.commands.session import add_store, opened

if TYPE_CHECKING:
    from graticule.commands.label_sources import Found
    from graticule.formats.export.makers import Makers
    from graticule.store.store import Store
    from graticule.study.protocol import Protocol


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("case", metavar="CASE", help="a case id or its first letters; CASE@imported exports imported labels")
    parser.add_argument("--format", required=True, metavar="F",
                        help="dicom-seg, dicom-labelmap, dicom-fractional, rtstruct, dicom-sr, "
                        "nifti, nrrd, stl, obj, gltf, coco, csv, wfdb, json or chexpert")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR")
    add_store(parser)


def _protocol(store: "Store") -> "Protocol":
    from graticule.study.protocol import parse_protocol

    return parse_protocol(store.protocols.current()[1])


def _makers(found: "Found") -> "Makers":
    """What this store knows: its reader made what was read here, and approved it by signing; imported labels name their file."""
    from graticule.commands.label_sources import READER
    from graticule.formats.export.makers import APPROVED, MADE, Maker

    if found.source != READER:
        return {}
    signed = found.state in ("sealed", "synced")
    return {"": (Maker(found.author, MADE), *((Maker(found.author, APPROVED),) if signed else ()))}


def run(args: argparse.Namespace, output: Output) -> int:
    from graticule.commands.label_sources import READER, named_source
    from graticule.formats.door import open_case
    from graticule.formats.export import export
    from graticule.formats.export.registry import ANSWER_FORMATS
    from graticule.resources import load_ontology

    wanted, _, source = args.case.partition("@")
    with opened(args) as store:
        case = store.cases.find(wanted)
        found = named_source(store, args.case, case, source or READER)
        opening = open_case(case)
        opening.fill(output.progress(), lambda _slice: None)
        args.out.mkdir(parents=True, exist_ok=True)
        for made in export(case, opening.content, found.labels, load_ontology(), args.format, args.out,
                           _protocol(store) if args.format in ANSWER_FORMATS else None, _makers(found)):
            checks = [{"by": check.by, "result": check.result} for check in made.checks]
            output.row({"path": str(made.path), "format": made.format, "checks": checks})
    return 0
