"""A pile of frames as a case of the worklist: title, warnings, and the facts by which it opens without a second scan."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from graticule.domain.case import Case, Kind, Source
from graticule.domain.volume import Window
from graticule.formats.dicom.about import about_facts, opaque
from graticule.formats.dicom.frame import Coding, Frame
from graticule.formats.dicom.geometry import Stack
from graticule.formats.dicom.moment_facts import moment_fact
from graticule.formats.dicom.pile import FILE_ORDER
from graticule.formats.dicom.pixels import Plane
from graticule.formats.facts import doubt_facts, grid_facts, number, numbers, rows, window_facts
from graticule.formats.stamp import stamp_fact
from graticule.formats.titles import millimetres, plural
from graticule.records.ids import case_id

SERIES, PICTURE = "dicom-series", "dicom-picture"


def series_case(stack: Stack) -> Case:
    frames = stack.pile.frames
    middle = frames[len(frames) // 2]
    sources, facts = _storage(frames)
    facts |= grid_facts(stack.grid) | {
        "positions": rows(stack.positions), "spacing_error_mm": number(stack.spacing_error_mm), "missing": stack.missing,
        "scaled": stack.scaled, "doubts": doubt_facts(stack.doubts), "windows": window_facts(_windows(middle)),
        "unit": middle.unit,
        "inverted": middle.inverted, "frame_of_reference": middle.frame_of_reference, "interpretation": stack.pile.interpretation,
    } | stack.facts
    moment = moment_fact(frames) if stack.pile.interpretation else None
    if moment is not None:
        facts["moment"] = moment
    ids = [source.object_id for source in sources]
    return Case(case_id(Kind.VOLUME.value, ids, stack.pile.interpretation), Kind.VOLUME, middle.modality, _series_title(stack),
                SERIES, sources, tuple(doubt.text for doubt in stack.doubts), facts)


def picture_case(frame: Frame) -> Case:
    sources, facts = _storage([frame])
    facts |= {
        "rows": frame.rows, "columns": frame.columns, "windows": window_facts(_windows(frame)), "inverted": frame.inverted,
        "pixel_mm": numbers(frame.spacing) if frame.spacing else None, "pixel_mm_source": frame.spacing_source,
        "patient_orientation": list(frame.patient_orientation), "orientation": numbers(frame.orientation or ()),
        "doubts": doubt_facts(frame.doubts), "interpretation": "", "frames": frame.of,
        "frame_of_reference": frame.frame_of_reference,
    } | about_facts(frame.about)
    parts = (f"{frame.modality} {frame.words}".strip(), f"{frame.columns} × {frame.rows}",
             plural(frame.of, "frame") if frame.of > 1 else "")
    title = " · ".join(part for part in parts if part)
    return Case(case_id(Kind.IMAGE.value, [frame.object_id]), Kind.IMAGE, frame.modality, title, PICTURE, sources,
                tuple(doubt.text for doubt in frame.doubts), facts)


def planes_of(case: Case) -> list[Plane]:
    """Where each slice's pixels lie, from the facts of `series_case` or `picture_case`."""
    codings = [_coding(row) for row in case.facts["codings"]]
    k_rows, columns = case.facts["size"]
    return [Plane(Path(case.sources[source].path), frame, of, k_rows, columns, codings[coding], offset, length)
            for source, frame, of, coding, offset, length in case.facts["slices"]]


def _storage(frames: Sequence[Frame]) -> tuple[tuple[Source, ...], dict[str, Any]]:
    """The files of the frames, each once, in slice order; and per slice [source, frame, of, coding, offset, length]."""
    sources = {frame.path: Source(str(frame.path), frame.object_id) for frame in frames}
    stamps = {frame.path: stamp_fact(frame.stamp) for frame in frames}
    source_number = {path: index for index, path in enumerate(sources)}
    coding_number = {coding: index for index, coding in enumerate(dict.fromkeys(frame.coding for frame in frames))}
    slices = [[source_number[f.path], f.frame, f.of, coding_number[f.coding], f.offset, f.length] for f in frames]
    first = frames[0]
    return tuple(sources.values()), {
        "slices": slices, "stamps": list(stamps.values()),
        "codings": [_coding_fact(coding) for coding in coding_number], "size": [first.rows, first.columns],
        "transfer_syntax": "\\".join(dict.fromkeys(frame.coding.syntax for frame in frames)),
        "series": opaque("e-", first.series) if first.series else "", "sop_class": first.sop_class,
        "padding": None if first.padding is None else number(first.padding), "photometric": first.coding.photometric,
    }


def _coding_fact(coding: Coding) -> list[Any]:
    return [coding.syntax, coding.samples, coding.photometric, coding.bits_allocated, coding.bits_stored, coding.high_bit,
            coding.signed, number(coding.slope), number(coding.intercept), *([True] if coding.floating else [])]


def _coding(row: Sequence[Any]) -> Coding:
    syntax, samples, photometric, allocated, stored, high, signed, slope, intercept, *floating = row
    return Coding(syntax, samples, photometric, allocated, stored, high, signed, float(slope), float(intercept), bool(floating))


def _windows(frame: Frame) -> Iterable[Window]:
    return [Window(width, level, name, frame.inverted) for width, level, name in frame.windows]


def _series_title(stack: Stack) -> str:
    frames = stack.pile.frames
    parts = [f"{frames[0].modality} {frames[0].words}".strip(), plural(len(frames), "slice")]
    if stack.scaled and stack.pile.chosen != FILE_ORDER and (len(frames) > 1 or frames[0].thickness):
        parts.append(millimetres(stack.grid.spacing_mm[0]))
    return " · ".join([*parts, stack.pile.interpretation] if stack.pile.interpretation else parts)
