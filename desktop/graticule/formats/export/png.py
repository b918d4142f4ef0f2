"""Masks of pictures as PNG: one file for each group and frame, whose palette numbers are the labels and say what they mean."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import SimpleITK
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from graticule.domain.case import Case
from graticule.domain.codes import Ontology
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.labels import Labels
from graticule.domain.picture import Picture
from graticule.formats.export.exported import Check, Exported, differs, stem_of
from graticule.formats.export.segment_rows import SegmentRow, groups_of, rows_of
from graticule.formats.family import Content
from graticule.formats.pictures.mask_file import CHUNK, decode_numbers

FORMAT = "png"


@dataclass(frozen=True, slots=True)
class PngExporter:
    format: str = FORMAT

    def export(self, case: Case, content: Content, labels: Labels, ontology: Ontology, out: Path) -> Sequence[Exported]:
        if not isinstance(content, Picture):
            raise GraticuleError("Only masks of pictures can be exported as PNG, and this case is none.",
                                 "Choose DICOM SEG or NIfTI for a volume.")
        rows = rows_of(labels, ontology)
        made = []
        for number, group in enumerate(groups_of(rows), 1):
            own = [row for row in rows if row.segment.group == group]
            values = own[0].values
            for frame in np.flatnonzero(values.any(axis=(1, 2))).tolist():
                said = {"case": case.id, "frame": frame, "group": number, "segments": [_row(row) for row in own]}
                name = f"{stem_of(case)}_labels{number}" + (f"_frame{frame + 1}" if content.count > 1 else "")
                made.append(_write(out / f"{name}.png", values[frame], own, said))
        return made


def _row(row: SegmentRow) -> dict[str, Any]:
    segment = row.segment
    codes = {name: code.as_json() for name in ("category", "type", "modifier", "region")
             if (code := getattr(segment, name)) is not None}
    return {"value": segment.value, "name": row.name, "colour": segment.colour, "number": segment.number, **codes}


def _write(path: Path, plane: Array, rows: Sequence[SegmentRow], said: dict[str, Any]) -> Exported:
    """Seen in their colours by any viewer; a program that reads palette numbers, or a palette as grey, finds the labels."""
    image = Image.fromarray(np.ascontiguousarray(plane))
    image.putpalette(_palette(rows))
    words = PngInfo()
    words.add_itxt(CHUNK, json.dumps(said, ensure_ascii=False, sort_keys=True))
    image.save(path, pnginfo=words, optimize=False)
    if not np.array_equal(decode_numbers(path), plane):
        raise differs(path, "Pillow", "has other pixels")
    return Exported(path, FORMAT, (_by_simpleitk(path, plane, rows),))


def _palette(rows: Sequence[SegmentRow]) -> bytes:
    colours = np.zeros((256, 3), np.uint8)
    for row in rows:
        colours[row.segment.value] = [int(row.segment.colour[at:at + 2], 16) for at in (1, 3, 5)]
    return colours.tobytes()


def _by_simpleitk(path: Path, plane: Array, rows: Sequence[SegmentRow]) -> Check:
    """ITK's own reader turns palette numbers into colours; each pixel must have the colour of its segment."""
    try:
        shown = SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(str(path)))
    except RuntimeError as error:
        return Check("SimpleITK", f"could not read it: {type(error).__name__}")
    expected = np.frombuffer(_palette(rows), np.uint8).reshape(256, 3)[plane]
    found = shown if shown.ndim == 3 else None
    if found is None and not np.array_equal(shown, plane):
        raise differs(path, "SimpleITK", "has other pixels")
    if found is not None and not np.array_equal(found[..., :3], expected):
        raise differs(path, "SimpleITK", "has other colours")
    return Check("SimpleITK", f"equal: {int(np.count_nonzero(plane))} pixels", proves=True)


EXPORTER = PngExporter()
