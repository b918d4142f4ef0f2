"""Whether a file is still the one that was listed: by its size and time of change, or else by what its header says."""

import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from graticule.domain.case import Case
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.formats.dicom.frames import frames_of
from graticule.formats.dicom.header import read_header
from graticule.formats.dicom.pixels import Plane
from graticule.formats.facts import floats
from graticule.formats.stamp import Stamp, stamp_of

_CHANGED = ("A file of this case was changed since it was imported.", "Import it again: it is another case now.")
SAME_PLACE_MM = 1e-3

class Witness:
    """What the listing knew of each slice's file."""

    def __init__(self, case: Case) -> None:
        facts = case.facts
        self._sources: Sequence[int] = [row[0] for row in facts["slices"]]
        self._objects = [source.object_id for source in case.sources]
        self._stamps = _stamps(facts, len(case.sources))
        self._positions: Array | None = floats(facts["positions"]) if facts.get("oriented") and "positions" in facts else None

    def confirm(self, k: int, plane: Plane, about: os.stat_result) -> None:
        """Nothing when slice k's file is as it was; a copy, or one with another time of change, has its header read again.

        GraticuleError when it holds another image, or the same one with other pixels, coding or place.
        """
        source = self._sources[k]
        if self._stamps[source] == stamp_of(about):
            return
        frames = frames_of(read_header(plane.path))
        frame = frames[plane.frame] if plane.frame < len(frames) else None
        if frame is None or frame.object_id != self._objects[source] or not self._at_its_place(k, frame.position):
            raise GraticuleError(*_CHANGED)
        if (frame.rows, frame.columns, frame.coding, frame.offset, frame.length) != (
                plane.rows, plane.columns, plane.coding, plane.offset, plane.length):
            raise GraticuleError(*_CHANGED)

    def _at_its_place(self, k: int, position: Any) -> bool:
        if self._positions is None or position is None:
            return True
        return bool(np.abs(self._positions[k] - np.array(position)).max() <= SAME_PLACE_MM)


def _stamps(facts: Mapping[str, Any], count: int) -> list[Stamp | None]:
    """Cases listed by an older version have none: their headers are looked at."""
    said = facts.get("stamps")
    if not isinstance(said, list) or len(said) != count:
        return [None] * count
    return [(int(size), int(changed)) for size, changed in (str(text).split() for text in said)]
