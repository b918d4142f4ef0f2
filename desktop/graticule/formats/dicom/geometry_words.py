"""What was measured on a stack, in words: doubts for the reader, and the rows of the case's sheet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from graticule.domain.geometry import Floats, Grid
from graticule.domain.volume import Doubt
from graticule.formats.dicom.frame import Frame
from graticule.formats.dicom.pile import FILE_ORDER, Pile
from graticule.formats.titles import millimetres, plural
from graticule.imaging.slice_spacing import Hole

TILT_DEG = 0.1
# Sideways strays and turned slices below this part of a pixel cannot be seen.
_PIXELS = 0.25
# Steps that the header states may differ from the measured by so much before it is told.
_SAID = 0.02
_WARN, _BAD = "warn", "bad"
Sign = tuple[str, str, str]


@dataclass(frozen=True, eq=False, slots=True)
class Measured:
    """gaps, along: (k − 1,) and (k,) mm along the normal. error_mm: from an even grid, in any direction. tilt: signed degrees
    about the row and the column axis. turned_mm: how far a slice's far corner lies from where the first slice's axes put it.
    """

    gaps: Floats
    usual_mm: float
    holes: tuple[Hole, ...]
    error_mm: float
    even: bool
    jitter_mm: float
    worst: int
    tilt: tuple[float, float]
    turned_mm: float
    along: Floats

    @property
    def missing(self) -> int:
        return sum(hole.count for hole in self.holes)


def doubts_of_stack(pile: Pile, grid: Grid, m: Measured) -> Iterator[Doubt]:
    """Most important first: what is missing, where it lies, what it shows."""
    frames = pile.frames
    yield from _place_doubts(pile)
    yield from _spacing_doubts(grid, m)
    yield from _shape_doubts(pile, grid, m)
    if pile.chosen != FILE_ORDER:
        yield from _thickness_doubts(frames, m)
    yield from _said_doubts(frames, m)
    if frames[0].unit_doubt:
        yield Doubt("unit", frames[0].unit_doubt)
    if "MOSAIC" in frames[0].image_type:
        yield Doubt("mosaic", "Each image is a mosaic of many small slices: they are not taken apart, and lie elsewhere than "
                              "they seem.")
    lossy = next((frame.lossy for frame in frames if frame.lossy), "")
    if lossy:
        yield Doubt("lossy", f"The image was compressed with loss ({lossy}).")
    yield from pile.doubts
    if pile.chosen:
        yield Doubt("chosen-reading", f"The files are read otherwise than the geometry tells: {pile.interpretation}.")
    elif pile.interpretation:
        yield Doubt("repeated", f"The series holds several volumes; this is {pile.interpretation}.")


def signs_of_stack(pile: Pile, grid: Grid, m: Measured) -> Iterator[Sign]:
    """The rows of the sheet, in reading order."""
    frames = pile.frames
    count = plural(len(frames), "slice")
    if pile.chosen == FILE_ORDER:
        yield from _signs_in_file_order(pile, count)
        return
    yield "Slices", f"{count}, every {millimetres(m.usual_mm)}" if m.gaps.size else count, ""
    if m.gaps.size and pile.placed:
        yield "Farthest from even spacing", f"{m.error_mm:.2f} mm", "" if m.even else _WARN
        yield "Missing slices", _missing_words(m) if m.holes else "none", _BAD if m.holes else ""
        said = frames[0].said_tilt
        yield "Tilt", _tilt_words(m) + (f" (the header says {said:+.1f}°)" if said else ""), _WARN if _tilted(grid) else ""
        yield "Strays sideways", f"{m.jitter_mm:.2f} mm", _WARN if _visible(m.jitter_mm, frames[0]) else ""
        yield "Numbered", _order_words(frames), ""
    repeats = next((doubt for doubt in pile.doubts if doubt.what == "duplicates"), None)
    yield "Images at one place", "several, not told apart" if repeats else "one", _BAD if repeats else ""
    yield from _size_signs(pile)
    if m.gaps.size and frames[0].thickness:
        yield "Slice thickness", f"{millimetres(frames[0].thickness)}, {_overlap_words(frames[0].thickness, m.usual_mm)}", \
            "" if _matches(frames[0].thickness, m.usual_mm) else _WARN
    yield "Directions", ("from the file" if pile.placed else "unknown"), "" if pile.placed else _BAD
    yield "Frame of reference", "one" if frames[0].frame_of_reference else "not stated", ""


def _signs_in_file_order(pile: Pile, count: str) -> Iterator[Sign]:
    """Images without a grid: nothing was measured across them."""
    yield "Slices", f"{count}, in the order of their files", _WARN
    yield "Images at one place", "not told: the reader chose the order of the files", _WARN
    yield from _size_signs(pile)
    yield "Directions", "unknown", _BAD


def _place_doubts(pile: Pile) -> Iterator[Doubt]:
    first = pile.frames[0]
    told = list(dict.fromkeys(frame.axes for frame in pile.frames if frame.axes))
    yield from (Doubt("axes", text) for text in told[:2])
    if not pile.placed and pile.chosen != FILE_ORDER:
        by = "their locations" if first.location is not None and len({f.location for f in pile.frames}) > 1 else "their numbers"
        what = "where the slices lie or how the patient lies" if first.position is None else "how the patient lies"
        yield Doubt("no-position", f"The file does not say {what}: directions are unknown, and slices are in the order of {by}.")
    if first.spacing is None:
        yield Doubt("no-scale", "The file gives no valid pixel size: nothing can be measured in mm.")


def _spacing_doubts(grid: Grid, m: Measured) -> Iterator[Doubt]:
    if m.holes:
        yield Doubt("missing-slices", f"{plural(m.missing, 'slice')} missing: {_where(m)}, where {m.usual_mm:.2f} mm is usual. "
                                      "The others are shown at their true places.")
    if not m.even and not _only_holes(m):
        low, high = float(m.gaps.min()), float(m.gaps.max())
        yield Doubt("uneven-spacing", f"Slices are unevenly spaced: {low:.2f} to {high:.2f} mm apart, up to {m.error_mm:.2f} mm "
                                      "from an even grid. They are shown at their true places.")


def _shape_doubts(pile: Pile, grid: Grid, m: Measured) -> Iterator[Doubt]:
    if not pile.placed or not m.gaps.size:
        return
    if _tilted(grid):
        yield Doubt("tilt", f"The slices are stacked askew, as by a gantry tilted by {grid.tilt_deg:.1f}° ({_tilt_words(m)}); "
                            "geometry follows the true positions.")
    first = pile.frames[0]
    if _visible(m.jitter_mm, first):
        yield Doubt("jitter", f"Slices are shifted sideways by up to {m.jitter_mm:.2f} mm (slice {m.worst + 1}): "
                              "other planes than the slices themselves are that uncertain.")
    if _visible(m.turned_mm, first):
        yield Doubt("turned", f"Slices are slightly turned against each other: a corner lies up to {m.turned_mm:.2f} mm from "
                              "where the first slice has it.")


def _thickness_doubts(frames: Sequence[Frame], m: Measured) -> Iterator[Doubt]:
    thickness = {frame.thickness for frame in frames}
    if len(thickness - {None}) > 1:
        known = sorted(value for value in thickness if value is not None)
        yield Doubt("mixed-thickness", f"Slices are of different thickness: {millimetres(known[0])} to {millimetres(known[-1])}.")
        return
    first = frames[0].thickness
    if first is None or m.gaps.size == 0 or _matches(first, m.usual_mm):
        return
    low, high = float(m.gaps.min()), float(m.gaps.max())
    step = f"every {millimetres(m.usual_mm)}" if m.even or _only_holes(m) else f"{low:.2f} to {high:.2f} mm apart"
    said = f"slices of {millimetres(first)} {step}"
    if first > m.usual_mm:
        yield Doubt("overlapping", f"Slices overlap: {said}.")
    else:
        yield Doubt("gaps", f"There are gaps between the slices: {said}.")


def _said_doubts(frames: Sequence[Frame], m: Measured) -> Iterator[Doubt]:
    """What the header says of the step, beside what the positions say (PS3.3 C.7.6.2.1.1: positions decide)."""
    if not m.gaps.size or frames[0].position is None or frames[0].orientation is None:
        return
    between, thickness = frames[0].between, frames[0].thickness
    as_gap = between is not None and thickness is not None and abs(between + thickness - m.usual_mm) <= _SAID * m.usual_mm
    if between is not None and abs(between - m.usual_mm) > _SAID * m.usual_mm and not as_gap:
        yield Doubt("said-spacing", f"The header says {millimetres(between)} between slices, their positions say "
                                    f"{millimetres(m.usual_mm)}; the positions are used.")
    away = _locations_off(frames, m)
    if away > max(0.1, _SAID * m.usual_mm):
        yield Doubt("said-location", f"Slice locations in the header differ from the positions by up to {away:.2f} mm; the "
                                     "positions are used.")


def _locations_off(frames: Sequence[Frame], m: Measured) -> float:
    """How far steps in Slice Location are from those along the normal or, as tilted scanners count, along the table."""
    locations = [frame.location for frame in frames]
    if any(location is None for location in locations):
        return 0.0
    said = np.abs(np.diff(np.array(locations, dtype=np.float64)))
    table = np.linalg.norm(np.diff(np.array([frame.position for frame in frames]), axis=0), axis=1)
    return float(min(np.abs(said - m.gaps).max(), np.abs(said - table).max()))


def _size_signs(pile: Pile) -> Iterator[Sign]:
    first = pile.frames[0]
    size = f"{first.columns} × {first.rows}"
    if first.spacing is None:
        yield "Pixels", f"{size}, size unknown", _BAD
    else:
        row, column = first.spacing
        yield "Pixels", f"{size} of {column:g} × {row:g} mm", ""
    mixed = next((doubt for doubt in pile.doubts if doubt.what == "mixed-sizes"), None)
    yield "Sizes in the series", "several, kept apart" if mixed else "one", _WARN if mixed else ""


def _where(m: Measured) -> str:
    """"a gap of 7.5 mm between 40.5 and 48.0 mm", the widest three."""
    widest = sorted(m.holes, key=lambda hole: -hole.width_mm)[:3]
    said = ", ".join(f"{hole.width_mm:.1f} mm between slices {hole.after + 1} and {hole.after + 2} (at {hole.low_mm:.1f} and "
                     f"{hole.high_mm:.1f} mm)" for hole in sorted(widest, key=lambda hole: hole.after))
    return f"{'a gap' if len(m.holes) == 1 else 'gaps'} of {said}"


def _missing_words(m: Measured) -> str:
    first = m.holes[0]
    more = f" and {len(m.holes) - 1} more" if len(m.holes) > 1 else ""
    return f"{m.missing}, between slices {first.after + 1} and {first.after + 2}{more}"


def _only_holes(m: Measured) -> bool:
    """Whether the slices that are there lie on the usual grid."""
    steps = m.gaps / m.usual_mm
    return bool(m.holes) and bool((np.abs(steps - np.round(steps)) * m.usual_mm).max() <= 0.1)


def _tilted(grid: Grid) -> bool:
    return grid.tilt_deg > TILT_DEG


def _tilt_words(m: Measured) -> str:
    about_row, about_column = m.tilt
    said = [f"{angle:+.1f}° about the {name} axis" for angle, name in ((about_row, "row"), (about_column, "column"))
            if abs(angle) > TILT_DEG]
    return ", ".join(said) or "none"


def _visible(distance_mm: float, frame: Frame) -> bool:
    return distance_mm > _PIXELS * min(frame.spacing or (1.0, 1.0))


def _order_words(frames: Sequence[Frame]) -> str:
    numbers = [(frame.number, frame.frame) for frame in frames]
    if numbers == sorted(numbers):
        return "along the normal"
    return "against the normal (left-handed), sorted by position" if numbers == sorted(numbers, reverse=True) \
        else "in another order, sorted by position"


def _matches(thickness: float, step: float) -> bool:
    return abs(thickness - step) <= _SAID * step


def _overlap_words(thickness: float, step: float) -> str:
    if _matches(thickness, step):
        return "touching"
    return f"overlapping by {millimetres(thickness - step)}" if thickness > step else f"{millimetres(step - thickness)} apart"
