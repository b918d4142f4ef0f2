"""What a file says of how its values are shown, beyond what a listing knows: read once, when the image is opened."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graticule.domain.volume import Doubt, Window
from graticule.formats.dicom.damage import DICOM_DAMAGE
from graticule.formats.dicom.fidelity import Sign, pixel_doubts, pixel_signs
from graticule.formats.dicom.frame import Coding
from graticule.formats.dicom.lut import Table
from graticule.formats.dicom.overlays import OverlayPlane, overlay_planes
from graticule.formats.dicom.rescale import modality_table, padding_of
from graticule.formats.dicom.voi import windows_of
from graticule.formats.dicom.whole_header import whole_header
from graticule.formats.titles import plural

_BROKEN = Doubt("broken-tables", "The file's tables for showing its greys are damaged and were left out.")


@dataclass(frozen=True, eq=False, slots=True)
class Appearance:
    """windows: the file's own, tables first. blank: values that are padding. table: the Modality LUT, in place of a rescale."""

    windows: tuple[Window, ...] = ()
    blank: tuple[float, float] | None = None
    table: Table | None = None
    overlays: tuple[OverlayPlane, ...] = ()
    signs: tuple[Sign, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def appearance_of_file(path: Path, coding: Coding, frame: int = 0, factor: float = 1.0) -> Appearance:
    """As `appearance_of`, out of a file; GraticuleError when it is gone or damaged."""
    return appearance_of(whole_header(path), coding, frame, factor)


def appearance_of(dataset: Any, coding: Coding, frame: int = 0, factor: float = 1.0) -> Appearance:
    """factor: what values are multiplied with after the file's own rescale (SUV), already within `coding`."""
    grey = coding.samples == 1 and coding.photometric != "PALETTE COLOR"
    try:
        table = modality_table(dataset) if grey and not coding.floating else None
        windows = windows_of(dataset, frame, factor) if grey else ()
        blank = padding_of(dataset, coding, table) if grey else None
        overlays = tuple(overlay_planes(dataset))
    except DICOM_DAMAGE:
        return Appearance(signs=pixel_signs(dataset, coding), doubts=(*pixel_doubts(dataset, coding), _BROKEN))
    signs = (*pixel_signs(dataset, coding), *_signs(windows, blank, table, overlays, coding))
    return Appearance(windows, blank, table, overlays, signs, pixel_doubts(dataset, coding))


def _signs(windows: tuple[Window, ...], blank: tuple[float, float] | None, table: Table | None,
           overlays: tuple[OverlayPlane, ...], coding: Coding) -> list[Sign]:
    rows: list[Sign] = []
    if table is not None:
        rows.append(("Values", f"by the file's own table of {table.entries.size} entries", ""))
    if windows:
        tables = sum(window.table is not None for window in windows)
        functions = sorted({window.function for window in windows if window.table is None})
        parts = [plural(tables, "table")] if tables else []
        parts += [f"{plural(len(windows) - tables, 'window')} ({', '.join(functions)})"] if tables < len(windows) else []
        rows.append(("Windows of the file", ", ".join(parts), ""))
    if blank is not None:
        rows.append(("Padding", f"{blank[0]:g}" if blank[0] == blank[1] else f"{blank[0]:g} to {blank[1]:g}", ""))
    if overlays:
        rows.append(("Graphics of the file", plural(len(overlays), "layer"), ""))
    return rows
