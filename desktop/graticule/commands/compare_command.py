"""`graticule compare A B`: agreement of two label sources, each a file or CASE@reader, CASE@imported, CASE@<version>."""

import argparse
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from graticule.commands.ecg_comparison import (
    BEATS,
    EC57_EPISODES,
    EPISODES,
    RUNS,
    Annotated,
    Asked,
    annotated,
    annotated_file,
    ecg_rows,
)
from graticule.commands.output import Output
from graticule.commands.session import add_passphrase, unlock_of
from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Grid
from graticule.domain.labels import Labels
from graticule.domain.recording import Recording
from graticule.domain.volume import Volume
from graticule.formats.masks import FileMask

MASKS = "masks"
KINDS = (MASKS, BEATS, RUNS, EPISODES, EC57_EPISODES)


@dataclass(frozen=True, eq=False)
class Side:
    """One of the two: masks with their grid, or an ECG's annotations with the clock they count on.

    structures: contours, which become masks on the grid of the other side.
    """

    masks: tuple[FileMask, ...] = ()
    ecg: Annotated | None = None
    structures: Path | None = None


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("a", metavar="A", help="the reference: a file, CASE@reader, CASE@imported or CASE@VERSION; "
                        "or a reader's store, to compare all answers")
    parser.add_argument("b", metavar="B", help="what is compared with it")
    parser.add_argument("--kind", choices=KINDS, help="only this kind")
    parser.add_argument("--learning", type=Fraction, default=Fraction(0), metavar="S", help="leave out an ECG's first S seconds; "
                        "EC57's own figures (300 s) always stand beside")
    parser.add_argument("--window", type=int, default=150, metavar="MS", help="beats match within MS milliseconds (EC57: 150)")
    parser.add_argument("--until", type=Fraction, metavar="S", help="compare an ECG up to here")
    parser.add_argument("--exclude-flutter", action="store_true",
                        help="the reference's atrial flutter does not count against fibrillation (EC38:1998)")
    parser.add_argument("--store", type=Path, metavar="STORE", help="where the cases lie, when A or B is one")
    add_passphrase(parser)


def run(args: argparse.Namespace, output: Output) -> int:
    if Path(args.a).is_dir() and Path(args.b).is_dir():
        for row in _stores(args):
            output.row(row)
        return 0
    one, two = _side(args.a, args), _side(args.b, args)
    one, two = _filled(one, two), _filled(two, one)
    rows = [row for kind, row in _rows(one, two, _asked(args)) if args.kind in (None, kind)]
    if not rows:
        raise GraticuleError("The two have no kind of label in common.", "Compare masks with masks, ECG labels with ECG labels.")
    for row in rows:
        output.row(row)
    return 0


def _stores(args: argparse.Namespace) -> list[dict[str, Any]]:
    """Two readers' stores: their answers, question by question, over the cases both have read."""
    from graticule.commands.answer_rows import answer_rows, read_of, refuse_other_protocol
    from graticule.store.store import open_store

    reads = []
    for path in (Path(args.a), Path(args.b)):
        with open_store(path, unlock_of(args), read_only=True) as store:
            reads.append(read_of(store))
    (one, asked), (two, also) = reads
    refuse_other_protocol(asked, also)
    rows = list(answer_rows(one, two, asked))
    if not rows:
        raise GraticuleError("Neither of the two stores holds an answer.", "Compare stores whose readers answered questions.")
    return rows


def _asked(args: argparse.Namespace) -> Asked:
    return Asked(args.learning, args.window, args.until, args.exclude_flutter)


def _rows(one: Side, two: Side, asked: Asked) -> Iterator[tuple[str, dict[str, Any]]]:
    if one.masks and two.masks:
        for row in _mask_rows(one.masks, two.masks):
            yield MASKS, row
    if one.ecg is not None and two.ecg is not None:
        if one.ecg.rate != two.ecg.rate:
            raise GraticuleError("The two count on different clocks.", "Compare labels of one record.")
        yield from ecg_rows(one.ecg, two.ecg, asked)


def _mask_rows(one: tuple[FileMask, ...], two: tuple[FileMask, ...]) -> Iterator[dict[str, Any]]:
    from graticule.formats.masks import on_grid
    from graticule.quality.masks import compare_masks

    for mask in one:
        other = _partner(mask, one, two)
        if other is None:
            yield {"kind": MASKS, "segment": mask.name, "dice": None, "why": "The other side has no such segment."}
            continue
        moved = on_grid(other, mask.grid)
        grid, first, second = mask.grid, mask.voxels, moved
        if second is None:  # A may be the part that lies inside B's larger grid
            grid, second = other.grid, other.voxels
            first_on_b = on_grid(mask, grid)
            if first_on_b is None:
                raise GraticuleError("The two masks lie on different voxel grids.", "Compare masks of the same image.")
            first = first_on_b
        yield {"kind": MASKS, "segment": mask.name, "with": other.name, **asdict(compare_masks(first, second, grid))}


def _partner(mask: FileMask, one: tuple[FileMask, ...], two: tuple[FileMask, ...]) -> FileMask | None:
    """The segment of the same name; where both sides have only one, that one; else the same number."""
    if len(one) == len(two) == 1:
        return two[0]
    named = next((other for other in two if other.name.casefold() == mask.name.casefold()), None)
    return named or next((other for other in two if other.value == mask.value), None)


def _filled(side: Side, other: Side) -> Side:
    if side.structures is None:
        return side
    if not other.masks:
        raise GraticuleError("Contours need the voxels they are compared on.",
                             "Compare them with a mask or with a case's labels.")
    from graticule.formats.dicom.rtstruct_file import read_rois
    from graticule.formats.dicom.rtstruct_reader import mask_of, placed_on

    grid = other.masks[0].grid
    return Side(masks=tuple(FileMask(roi.name, roi.number, mask_of(placed_on(roi, grid).loops, grid), grid)
                            for roi in read_rois(side.structures)))


def _side(wanted: str, args: argparse.Namespace) -> Side:
    path = Path(wanted)
    if path.is_file():
        return _of_annotations(path) if _annotates(path) else _of_masks(path)
    if "@" not in wanted:
        raise GraticuleError(f"{wanted} is neither a file nor a case.", "Name a file, CASE@reader or CASE@imported.")
    if args.store is None:
        raise GraticuleError(f"{wanted} is a case.", "Say with --store where it lies.")
    return _of_case(wanted, args)


def _of_masks(path: Path) -> Side:
    from graticule.formats.dicom.header import read_header
    from graticule.formats.dicom.objects import STRUCTURES, read_as
    from graticule.formats.masks import masks_in

    with path.open("rb") as file:
        dicom = file.read(132)[128:] == b"DICM"
    if dicom and read_as(read_header(path).sop_class) == STRUCTURES:
        return Side(structures=path)
    return Side(masks=tuple(masks_in(path)))


def _annotates(path: Path) -> bool:
    """An .atr, or another annotator's file (.qrs, .tst …) beside the header of its record."""
    return path.suffix == ".atr" or (path.suffix not in (".hea", ".dat") and path.with_suffix(".hea").is_file())


def _of_annotations(path: Path) -> Side:
    """An annotation file: its record must lie beside it, since it says on which clock the annotations count."""
    from graticule.formats.door import open_case, scan
    from graticule.formats.ecg.atr_reader import READER
    from graticule.records.ids import new_id

    beside = [other for other in path.parent.glob(f"{path.stem}.*") if other.is_file() and other.suffix != path.suffix]
    case = next((outcome.case for outcome in scan(beside) if outcome.case is not None and not outcome.labels_reading), None)
    content = open_case(case).content if case is not None else None
    if case is None or not isinstance(content, Recording):
        raise GraticuleError(f"The record of {path.name} does not lie beside it.", "Its clock is needed to compare.")
    return Side(ecg=annotated_file(path, READER.read(path, case, content, new_id), content, case))


def _of_case(wanted: str, args: argparse.Namespace) -> Side:
    from graticule.commands.label_sources import named_source
    from graticule.store.store import open_store

    case_part, _, source = wanted.partition("@")
    with open_store(args.store, unlock_of(args), read_only=True) as store:
        found = named_source(store, wanted, store.cases.find(case_part), source)
    if isinstance(found.content, Volume):
        return Side(masks=tuple(_masks_of(found.labels, found.content.grid)))
    return Side(ecg=annotated(found.labels, found.content) if isinstance(found.content, Recording) else None)


def _masks_of(labels: Labels, grid: Grid) -> Iterator[FileMask]:
    from graticule.resources import load_ontology

    ontology = load_ontology()
    for segment in labels.of(Segment):
        voxels = labels.group(segment.group).values == segment.value
        yield FileMask(segment.name or ontology.label(segment.type), segment.value, voxels, grid)
