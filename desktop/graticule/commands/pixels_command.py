"""`graticule pixels CASE --out FILE.npy`: the decoded values, for comparison with other readers."""

import argparse
from pathlib import Path

from graticule.commands.output import Output
from graticule.commands.session import add_store, opened


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("case", metavar="CASE", help="a case id, or its first letters")
    parser.add_argument("--out", required=True, type=Path, metavar="FILE.npy")
    add_store(parser)


def run(args: argparse.Namespace, output: Output) -> int:
    import numpy as np

    from graticule.domain.errors import GraticuleError
    from graticule.formats.describe import values
    from graticule.formats.door import open_case

    with opened(args) as store:
        case = store.cases.find(args.case)
        opening = open_case(case)
        opening.fill(output.progress(), lambda _slice: None)
        array = values(opening.content)
    try:
        np.save(args.out, array)
    except OSError as fault:
        raise GraticuleError("The file cannot be written.", "Is the folder there, and is there space?") from fault
    output.row({"path": str(args.out), "shape": list(array.shape), "dtype": str(array.dtype)})
    return 0
