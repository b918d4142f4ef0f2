"""A series being read: the volume with its geometry at once, the slices from the middle outwards."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from graticule.domain.case import Case
from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Progress
from graticule.domain.volume import Doubt, Volume
from graticule.formats.dicom.listing import planes_of
from graticule.formats.dicom.pixels import stored_values
from graticule.formats.dicom.rescale import rescaled, value_type
from graticule.formats.facts import doubts_of, grid_of, windows_of
from graticule.formats.order import outwards


class SeriesOpening:
    """`content` is a Volume whose voxels are 0 until their slice has arrived."""

    def __init__(self, case: Case) -> None:
        try:
            self._planes = planes_of(case)
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise GraticuleError("The worklist holds too little about this case to open it.",
                                 "Import its files again.") from error
        grid = grid_of(case.facts)
        self._dtype = value_type(plane.coding for plane in self._planes)
        facts = {name: str(case.facts[name]) for name in ("interpretation", "transfer_syntax", "padding", "photometric")
                 if case.facts.get(name)}
        self.content = Volume(
            np.zeros(grid.shape, self._dtype), grid, case.modality, case.facts.get("unit"), windows_of(case.facts),
            doubts_of(case.facts),
            str(case.facts.get("frame_of_reference", "")), facts | ({"inverted": "yes"} if case.facts.get("inverted") else {}),
            np.zeros(grid.shape[0], dtype=bool))

    def fill(self, progress: Progress, on_slice: Callable[[int], None], first: int | None = None) -> None:
        """Decode what has not arrived, nearest to `first` (or the middle) first, and call `on_slice(k)` after each.

        A slice that cannot be decoded does not keep the others from arriving: the GraticuleError comes at the end.
        """
        wanted = [k for k in outwards(len(self._planes), first) if not self.content.arrived[k]]
        failed: list[GraticuleError] = []
        with ThreadPoolExecutor(max_workers=os.cpu_count() or 1, thread_name_prefix="decode") as pool:
            futures = [pool.submit(self._decode, k) for k in wanted]
            try:
                for done, (k, future) in enumerate(zip(wanted, futures)):
                    progress.step(done, len(wanted), "slices")
                    try:
                        future.result()
                    except GraticuleError as error:
                        failed.append(error)
                        continue
                    on_slice(k)
                progress.step(len(wanted), len(wanted), "slices")
            finally:
                pool.shutdown(wait=True, cancel_futures=True)
        if failed:
            raise GraticuleError(f"{len(failed)} of {len(self._planes)} slices cannot be shown. {failed[0].message}",
                                 failed[0].hint)

    def _decode(self, k: int) -> None:
        plane = self._planes[k]
        values, clipped = rescaled(stored_values(plane), plane.coding, self._dtype)
        self.content.voxels[k] = values
        self.content.arrived[k] = True
        if clipped and all(doubt.what != "clipped" for doubt in self.content.doubts):
            self.content.doubts += (Doubt("clipped", "Values below −32768, which only padding has, are shown as −32768."),)
