"""Where a point that was drawn on one DICOM image lies in the case that holds this image."""

from collections.abc import Sequence

import numpy as np

from graticule.domain.case import Case
from graticule.domain.geometry import Floats
from graticule.domain.picture import Picture
from graticule.domain.volume import Volume
from graticule.formats.family import Content

PATIENT, IMAGE = "patient", "image"


class ImagePlaces:
    """Columns and rows in drawings count from the outer corner of the first pixel, as ours do (PS3.3 C.10.5, C.18.6.1.2)."""

    def __init__(self, case: Case, content: Content) -> None:
        self._content = content
        self._slices: dict[tuple[str, int], int] = {}
        for number, row in enumerate(case.facts.get("slices", ())):
            self._slices.setdefault((case.sources[row[0]].object_id, int(row[1])), number)
        self._names = [source.object_id for source in case.sources]

    @property
    def space(self) -> str:
        return PATIENT if isinstance(self._content, Volume) else IMAGE

    @property
    def frame_of_reference(self) -> str:
        return self._content.frame_of_reference if isinstance(self._content, Volume) else ""

    def frames(self, name: str, numbers: Sequence[int]) -> list[int]:
        """The slices or frames of the case that are frames `numbers` (from 1; none given: all) of the object `name`."""
        if isinstance(self._content, Picture):
            mine = {frame: frame for frame in range(self._content.count)} if name in self._names else {}
        else:
            mine = {frame: place for (object_id, frame), place in self._slices.items() if object_id == name}
        return sorted(place for frame, place in mine.items() if not numbers or frame + 1 in numbers)

    def place(self, frame: int, points: Floats) -> Floats:
        """(n, 2) columns and rows of a slice or frame → (n, 3) LPS mm, or image points that carry a frame after the first."""
        if isinstance(self._content, Volume):
            index = np.column_stack([points - 0.5, np.full(len(points), float(frame))])
            return self._content.grid.to_patient(index)
        return points if frame == 0 else np.column_stack([points, np.full(len(points), float(frame))])

    def size(self) -> tuple[float, float]:
        """(columns, rows) of an image."""
        if isinstance(self._content, Volume):
            return float(self._content.grid.shape[2]), float(self._content.grid.shape[1])
        return (float(self._content.columns), float(self._content.rows)) if isinstance(self._content, Picture) else (0.0, 0.0)
