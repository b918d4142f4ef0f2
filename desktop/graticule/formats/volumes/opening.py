"""A NIfTI, NRRD or MetaImage volume being read: the file is one stream, so its slices arrive together."""

from collections.abc import Callable

import numpy as np

from graticule.domain.case import Case
from graticule.domain.geometry import Array
from graticule.domain.progress import Progress
from graticule.domain.volume import Doubt, Volume
from graticule.formats.facts import doubts_of, windows_of
from graticule.formats.guard.limits import refuse_too_large
from graticule.formats.order import outwards
from graticule.formats.volumes.volume_file import VolumeFile, narrow


class VolumeOpening:
    """`content` has its geometry at once. Wide integers are read at once: only their values say whether 16 bits hold them."""

    def __init__(self, case: Case, file: VolumeFile, number: int) -> None:
        self._file = file
        self._number = number
        self._values: Array | None = None
        refuse_too_large(4 * file.voxels.count * max(2, file.stored.itemsize), "volume")
        dtype = np.dtype(np.float32 if file.scaled or file.stored.kind == "f" else np.int16)
        wide = file.stored.kind in "iu" and file.stored.newbyteorder("=") not in (np.int16, np.int8, np.uint8)
        if not file.scaled and (wide or file.voxels.scale is not None):
            self._values = narrow(file.read(number))[0]
            dtype = self._values.dtype
        signs = (*file.signs, *((("This is", file.interpretation(number), ""),) if file.items > 1 else ()))
        self.content = Volume(
            np.zeros(file.grid.shape, dtype), file.grid, case.modality, case.facts.get("unit"), windows_of(case.facts),
            doubts_of(case.facts), str(case.facts.get("frame_of_reference", "")),
            facts={"stored": file.stored.newbyteorder("=").name}, arrived=np.zeros(file.grid.shape[0], dtype=bool), signs=signs)

    def fill(self, progress: Progress, on_slice: Callable[[int], None], first: int | None = None) -> None:
        """Read the file, then call `on_slice` for every slice, nearest to `first` (or the middle) first."""
        count = self.content.grid.shape[0]
        wanted = [k for k in outwards(count, first) if not self.content.arrived[k]]
        if not wanted:
            return
        progress.step(0, count, "slices")
        self.content.voxels[:] = self._arrived(progress)
        self.content.arrived[:] = True
        for done, k in enumerate(wanted, 1):
            on_slice(k)
            progress.step(done, count, "slices")

    def _arrived(self, progress: Progress) -> Array:
        if self._values is not None:
            values, self._values = self._values, None
            return values
        values, odd = narrow(self._file.read(self._number, progress))
        if odd:
            self.content.doubts += (Doubt("no-number", _no_numbers(odd)),)
            self.content.signs += (("Voxels without a number", f"{odd:,}, shown as 0", "warn"),)
        return values


def _no_numbers(odd: int) -> str:
    if odd == 1:
        return "1 voxel holds no number (NaN or infinite); it is shown as 0."
    return f"{odd:,} voxels hold no number (NaN or infinite); they are shown as 0."
