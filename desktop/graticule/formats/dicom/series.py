"""A series being read: the volume with its geometry at once, the slices from the middle outwards."""

import math
import os
from collections.abc import Callable
from contextlib import closing

import numpy as np

from graticule.domain.case import Case
from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Progress
from graticule.domain.volume import Doubt, Volume
from graticule.formats.arrivals import arrivals
from graticule.formats.dicom.listing import planes_of
from graticule.formats.dicom.pixels import Plane, stored_values
from graticule.formats.dicom.rescale import rescaled, value_type
from graticule.formats.dicom.series_look import SeriesLook
from graticule.formats.dicom.straight import goes_straight, read_straight
from graticule.formats.dicom.witness import Witness
from graticule.formats.facts import doubts_of, grid_of, signs_of, windows_of
from graticule.formats.guard.limits import refuse_too_large
from graticule.formats.order import outwards

GONE = ("A file of this case is no longer where it was.", "Import the case again from its new place.")
_CUT = ("An image of this case cannot be decoded.", "It is damaged or was changed; import it again.")


class SeriesOpening:
    """`content` is a Volume whose voxels are 0 until their slice has arrived."""

    def __init__(self, case: Case) -> None:
        try:
            self._planes = planes_of(case)
            self._witness = Witness(case)
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise GraticuleError("The worklist holds too little about this case to open it.",
                                 "Import its files again.") from error
        grid = grid_of(case.facts)
        self._look = SeriesLook(self._planes)
        self._dtype = value_type((plane.coding for plane in self._planes), self._look.table)
        refuse_too_large(math.prod(grid.shape) * self._dtype.itemsize, "series")
        facts = {name: str(case.facts[name]) for name in ("interpretation", "transfer_syntax", "padding", "photometric")
                 if case.facts.get(name)}
        self.content = Volume(
            np.zeros(grid.shape, self._dtype), grid, case.modality, case.facts.get("unit"), windows_of(case.facts),
            doubts_of(case.facts),
            str(case.facts.get("frame_of_reference", "")), facts | ({"inverted": "yes"} if case.facts.get("inverted") else {}),
            np.zeros(grid.shape[0], dtype=bool), signs_of(case.facts))
        self._look.dress(self.content)

    def fill(self, progress: Progress, on_slice: Callable[[int], None], first: int | None = None) -> None:
        """Decode what has not arrived, nearest to `first` (or the middle) first, and call `on_slice(k)` after each.

        A slice that cannot be decoded does not keep the others from arriving: the GraticuleError comes at the end.
        """
        wanted = [k for k in outwards(len(self._planes), first) if not self.content.arrived[k]]
        failed: list[GraticuleError] = []
        with closing(arrivals(wanted, self._bring)) as arriving:
            progress.step(0, len(wanted), "slices")
            for done, (k, error) in enumerate(arriving, 1):
                if error is None:
                    on_slice(k)
                else:
                    failed.append(error)
                progress.step(done, len(wanted), "slices")
        if failed:
            raise GraticuleError(f"{len(failed)} of {len(self._planes)} slices cannot be shown. {failed[0].message}",
                                 failed[0].hint)

    def _bring(self, k: int) -> None:
        plane = self._planes[k]
        if self._look.table is not None or not (goes_straight(plane, self._dtype) and self._straight(k, plane)):
            self._decode(k, plane)
        if self.content.overlay is not None:
            self._look.draw(plane, self.content.overlay[k])
        self.content.arrived[k] = True

    def _straight(self, k: int, plane: Plane) -> bool:
        try:
            with open(plane.path, "rb", buffering=0) as file:
                self._witness.confirm(k, plane, os.fstat(file.fileno()))
                return read_straight(file, plane, self.content.voxels[k])
        except FileNotFoundError as error:
            raise GraticuleError(*GONE) from error
        except (OSError, EOFError) as error:
            raise GraticuleError(*_CUT) from error

    def _decode(self, k: int, plane: Plane) -> None:
        try:
            self._witness.confirm(k, plane, os.stat(plane.path))
        except FileNotFoundError as error:
            raise GraticuleError(*GONE) from error
        values, clipped = rescaled(stored_values(plane), plane.coding, self._dtype, self._look.table_of(plane))
        self.content.voxels[k] = values
        if clipped and all(doubt.what != "clipped" for doubt in self.content.doubts):
            self.content.doubts += (Doubt("clipped", "Values below −32768, which only padding has, are shown as −32768."),)
