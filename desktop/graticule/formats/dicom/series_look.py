"""How the slices of a series want to be shown: asked of the middle one's file, since a listing reads less of each header."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.volume import Volume
from graticule.formats.dicom.appearance import Appearance, appearance_of
from graticule.formats.dicom.damage import DICOM_DAMAGE
from graticule.formats.dicom.groups import Groups, number
from graticule.formats.dicom.lut import Table
from graticule.formats.dicom.overlays import in_unused_bits, overlay_on, overlay_planes
from graticule.formats.dicom.pixels import Plane, raw_values
from graticule.formats.dicom.rescale import modality_table
from graticule.formats.dicom.whole_header import whole_header

_LOW = -32768.0
_NOT_SAID: tuple[type[Exception], ...] = (GraticuleError, *DICOM_DAMAGE)


class SeriesLook:
    """table: whether slices have a Modality LUT instead of a rescale."""

    def __init__(self, planes: Sequence[Plane]) -> None:
        self._look = _asked(planes[len(planes) // 2])
        self.table: Table | None = self._look.table

    def dress(self, volume: Volume) -> None:
        """Give a volume the file's own windows, padding, room for graphics, and what its sheet says of the pixels."""
        look = self._look
        volume.windows = look.windows or volume.windows
        volume.blank = look.blank and (max(look.blank[0], _LOW), max(look.blank[1], _LOW))
        volume.signs = (*volume.signs, *look.signs)
        known = {doubt.what for doubt in volume.doubts}
        volume.doubts += tuple(doubt for doubt in look.doubts if doubt.what not in known)
        if look.overlays:
            volume.overlay = np.zeros(volume.grid.shape, dtype=bool)

    def table_of(self, plane: Plane) -> Table | None:
        """The slice's own Modality LUT, else that of the series; None when it has none. GraticuleError for a damaged file."""
        if self.table is None:
            return None
        try:
            return modality_table(whole_header(plane.path)) or self.table
        except DICOM_DAMAGE as error:
            raise GraticuleError("An image of this case cannot be decoded.",
                                 "It is damaged or was changed; import it again.") from error

    def draw(self, plane: Plane, layer: Array) -> None:
        """The graphics of a slice's file onto `layer`, (row, column) bool; damaged ones are left out."""
        try:
            planes = overlay_planes(whole_header(plane.path))
            raw = raw_values(plane) if in_unused_bits(planes) else None
            drawn = overlay_on((plane.rows, plane.columns), planes, plane.frame, raw)
        except _NOT_SAID:
            return
        if drawn is not None:
            layer |= drawn


def _asked(plane: Plane) -> Appearance:
    """Nothing when the file is gone or damaged: the others can be shown all the same."""
    try:
        return _described(whole_header(plane.path), plane)
    except _NOT_SAID:
        return Appearance()


def _described(header: Any, plane: Plane) -> Appearance:
    groups, coding = Groups(header, plane.frame), plane.coding
    slope, intercept = (number(groups.get("PixelValueTransformationSequence", name))
                        for name in ("RescaleSlope", "RescaleIntercept"))
    factor = coding.slope / (slope or 1.0)
    look = appearance_of(header, coding, plane.frame, factor)
    # Where values come by another way than the file's rescale (a real world value mapping), its windows do not fit them.
    fits = abs((intercept or 0.0) * factor - coding.intercept) <= 1e-6 * max(1.0, abs(coding.intercept))
    return look if fits else replace(look, windows=())
