"""A NIfTI or NRRD volume being read: the file is one stream, so its slices arrive together."""

from collections.abc import Callable

import numpy as np

from graticule.domain.case import Case
from graticule.domain.geometry import Array
from graticule.domain.progress import Progress
from graticule.domain.volume import Volume
from graticule.formats.facts import doubts_of
from graticule.formats.order import outwards
from graticule.formats.volumes.volume_file import VolumeFile, narrow


class VolumeOpening:
    """`content` has its geometry at once. Wide integers are read at once: only their values say whether 16 bits hold them."""

    def __init__(self, case: Case, file: VolumeFile) -> None:
        self._file = file
        self._values: Array | None = None
        dtype = np.dtype(np.float32 if file.scaled or file.stored.kind == "f" else np.int16)
        if not file.scaled and file.stored.kind in "iu" and file.stored not in (np.int16, np.int8, np.uint8):
            self._values = narrow(file.read())
            dtype = self._values.dtype
        self.content = Volume(
            np.zeros(file.grid.shape, dtype), file.grid, case.modality, case.facts.get("unit"), (), doubts_of(case.facts),
            facts={"stored": file.stored.name}, arrived=np.zeros(file.grid.shape[0], dtype=bool))

    def fill(self, progress: Progress, on_slice: Callable[[int], None], first: int | None = None) -> None:
        """Read the file, then call `on_slice` for every slice, nearest to `first` (or the middle) first."""
        count = self.content.grid.shape[0]
        wanted = [k for k in outwards(count, first) if not self.content.arrived[k]]
        if not wanted:
            return
        progress.step(0, count, "slices")
        values = self._values if self._values is not None else narrow(self._file.read())
        self._values = None
        self.content.voxels[:] = values
        self.content.arrived[:] = True
        for done, k in enumerate(wanted, 1):
            on_slice(k)
            progress.step(done, count, "slices")
