"""`graticule export CASE --format F --out DIR`: written, re-read by another library, only then reported."""

import argparse
from pathlib import Path

from graticule.commands.output import Output
from graticule.commands.session import add_store, opened


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("case", metavar="CASE", help="a case id or its first letters; CASE@imported exports imported labels")
    parser.add_argument("--format", required=True, metavar="F",
                        help="dicom-seg, dicom-labelmap, dicom-fractional, rtstruct, dicom-sr, "
                        "nifti, nrrd, stl, obj, gltf, coco, csv, wfdb, dicom-ecg, edf, pdf, json or chexpert")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR")
    add_store(parser)


def run(args: argparse.Namespace, output: Output) -> int:
    from graticule.commands.exporting import parcel, send_out
    from graticule.commands.label_sources import READER, named_source

    wanted, _, source = args.case.partition("@")
    with opened(args) as store:
        case = store.cases.find(wanted)
        found = named_source(store, args.case, case, source or READER)
        progress = output.progress()
        for made in send_out(store, parcel(case, found, [args.format], progress), args.format, args.out):
            checks = [{"by": check.by, "result": check.result, "proves": check.proves} for check in made.checks]
            output.row({"path": str(made.path), "format": made.format, "proven": made.proven, "checks": checks})
            if not made.proven:
                output.warn(f"{made.path.name}: written, but not proven by a second reader.")
    return 0
