"""What NIfTI, NRRD and MetaImage files have in common once their header is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Grid
from graticule.domain.progress import Progress
from graticule.domain.volume import Doubt
from graticule.formats.volumes.sheet import Sign
from graticule.formats.volumes.voxels import Voxels

# A functional study of a thousand time points would fill the worklist; nobody reads it volume by volume.
MAX_ITEMS = 200
_EXACT = 1 << 24  # float32 holds whole numbers up to here


@dataclass(frozen=True, eq=False, slots=True)
class VolumeFile:
    """One or more volumes on one grid whose header was read and whose voxels are still in the file.

    scaled: values are not whole after slope and intercept. measured: False when the file gives no size in mm.
    item: what tells several volumes apart ("time", "volume", "component"). words: the header's own key/value pairs.
    window: (lowest, highest) value to show, where the file says so. others: further files that belong to it.
    """

    path: Path
    grid: Grid
    voxels: Voxels
    scaled: bool = False
    measured: bool = True
    item: str = "volume"
    doubts: tuple[Doubt, ...] = ()
    signs: tuple[Sign, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    window: tuple[float, float] | None = None
    others: tuple[Path, ...] = ()

    @property
    def stored(self) -> np.dtype[Any]:
        """The type of the numbers in the file."""
        return self.voxels.dtype

    @property
    def items(self) -> int:
        """How many volumes the file holds."""
        return self.voxels.items

    @property
    def whole(self) -> bool:
        """Whether values are whole numbers by their type, so that it may be a label map."""
        return not self.scaled and self.stored.kind in "iu" and not self.voxels.colour

    def read(self, number: int = 0, progress: Progress | None = None) -> Array:
        """(k, j, i): volume `number`, values in the file's own unit. GraticuleError when damaged or too large."""
        return self.voxels.read(number, progress)

    def interpretation(self, number: int) -> str:
        """ "time 3 of 30"; "" for the only volume of a file."""
        return f"{self.item} {number + 1} of {self.items}" if self.items > 1 else ""


def refuse_many(items: int, item: str) -> None:
    if items > MAX_ITEMS:
        raise GraticuleError(f"A file of {items} volumes ({item}): Graticule opens files of up to {MAX_ITEMS}.",
                             "Split it, or take the volumes you need out of it.")


def narrow(values: Array) -> tuple[Array, int]:
    """(int16 when that loses nothing, otherwise float32, or float64 for whole numbers beyond 2²⁴; how many were no numbers).

    What is no number, or infinite, becomes 0.
    """
    if values.dtype.kind == "f":
        with np.errstate(over="ignore"):
            kept = values.astype(np.float32, copy=False)
        odd = int(np.count_nonzero(~np.isfinite(kept)))
        return (np.nan_to_num(kept, nan=0.0, posinf=0.0, neginf=0.0) if odd else kept), odd
    if values.dtype in (np.dtype(np.int16), np.dtype(np.int8), np.dtype(np.uint8)):
        return values.astype(np.int16, copy=False), 0
    low, high = (int(values.min()), int(values.max())) if values.size else (0, 0)
    if low >= -32768 and high <= 32767:
        return values.astype(np.int16), 0
    return values.astype(np.float32 if max(-low, high) <= _EXACT else np.float64), 0
