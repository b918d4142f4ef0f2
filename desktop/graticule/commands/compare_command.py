"""`graticule compare A B`: agreement of two label sources, each a file or CASE@reader, CASE@imported, CASE@<version>."""

import argparse
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from graticule.commands.output import Output
from graticule.commands.session import add_passphrase, unlock_of
from graticule.domain.elements import Beat, Episode, Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Grid
from graticule.domain.labels import Labels
from graticule.domain.recording import Recording
from graticule.domain.volume import Volume
from graticule.formats.masks import FileMask

MASKS, BEATS, EPISODES = "masks", "beats", "episodes"


@dataclass(frozen=True, eq=False)
class Side:
    """One of the two: masks with their grid, and on an ECG beats and episodes with the clock they count on.

    structures: contours, which become masks on the grid of the other side.
    """

    masks: tuple[FileMask, ...] = ()
    labels: Labels | None = None
    rate: Fraction | None = None
    structures: Path | None = None


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("a", metavar="A", help="the reference: a file, CASE@reader, CASE@imported or CASE@VERSION; "
                        "or a reader's store, to compare all answers")
    parser.add_argument("b", metavar="B", help="what is compared with it")
    parser.add_argument("--kind", choices=(MASKS, BEATS, EPISODES), help="only this kind")
    parser.add_argument("--store", type=Path, metavar="STORE", help="where the cases lie, when A or B is one")
    add_passphrase(parser)


def run(args: argparse.Namespace, output: Output) -> int:
    if Path(args.a).is_dir() and Path(args.b).is_dir():
        for row in _stores(args):
            output.row(row)
        return 0
    one, two = _side(args.a, args), _side(args.b, args)
    one, two = _filled(one, two), _filled(two, one)
    rows = [row for kind, row in _rows(one, two) if args.kind in (None, kind)]
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


def _rows(one: Side, two: Side) -> Iterator[tuple[str, dict[str, Any]]]:
    if one.masks and two.masks:
        for row in _mask_rows(one.masks, two.masks):
            yield MASKS, row
    if one.labels is not None and two.labels is not None and one.rate is not None:
        if one.rate != two.rate:
            raise GraticuleError("The two count on different clocks.", "Compare labels of one record.")
        yield from _ecg_rows(one.labels, two.labels, one.rate)


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


def _ecg_rows(one: Labels, two: Labels, rate: Fraction) -> Iterator[tuple[str, dict[str, Any]]]:
    from graticule.quality.beats import compare_beats, timed
    from graticule.quality.episodes import compare_episodes

    if one.of(Beat) and two.of(Beat):
        found = compare_beats(timed(one.of(Beat)), timed(two.of(Beat)), rate)
        matrix = {f"{first}>{second}": count for (first, second), count in found.matrix.items()}
        yield BEATS, {"kind": BEATS, "se": found.se.value, "ppv": found.ppv.value, "matrix": matrix, "window_ms": found.window_ms}
    if one.of(Episode) or two.of(Episode):
        for row in compare_episodes(one.of(Episode), two.of(Episode)):
            yield EPISODES, {"kind": EPISODES, "track": row.track, "code": row.code, "se": row.se.value, "ppv": row.ppv.value,
                             "duration_se": row.duration_se.value, "duration_ppv": row.duration_ppv.value}


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
        return _of_annotations(path) if path.suffix == ".atr" else _of_masks(path)
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


def _of_annotations(path: Path) -> Side:
    """An .atr file: its record must lie beside it, since it says on which clock the annotations count."""
    from graticule.formats.door import open_case, read_labels, scan
    from graticule.records.ids import new_id

    beside = [other for other in path.parent.glob(f"{path.stem}.*") if other.is_file()]
    found = next((outcome for outcome in scan(beside) if outcome.labels_reading and outcome.path.name == path.name), None)
    if found is None or found.case is None:
        raise GraticuleError(f"The record of {path.name} does not lie beside it.", "Its clock is needed to compare.")
    content = open_case(found.case).content
    rate = content.rate if isinstance(content, Recording) else None
    return Side(labels=read_labels(found, found.case, content, new_id), rate=rate)


def _of_case(wanted: str, args: argparse.Namespace) -> Side:
    from graticule.commands.label_sources import named_source
    from graticule.store.store import open_store

    case_part, _, source = wanted.partition("@")
    with open_store(args.store, unlock_of(args), read_only=True) as store:
        found = named_source(store, wanted, store.cases.find(case_part), source)
    if isinstance(found.content, Volume):
        return Side(masks=tuple(_masks_of(found.labels, found.content.grid)))
    return Side(labels=found.labels, rate=found.content.rate if isinstance(found.content, Recording) else None)


def _masks_of(labels: Labels, grid: Grid) -> Iterator[FileMask]:
    from graticule.resources import load_ontology

    ontology = load_ontology()
    for segment in labels.of(Segment):
        voxels = labels.group(segment.group).values == segment.value
        yield FileMask(segment.name or ontology.label(segment.type), segment.value, voxels, grid)
