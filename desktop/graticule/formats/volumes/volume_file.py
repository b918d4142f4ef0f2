"""What NIfTI and NRRD files have in common once their header is read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Grid
from graticule.domain.volume import Doubt

# gzip cannot shrink by more than 1 : 1,032; a header that asks for more lies about the data behind it.
MAX_GZIP_RATIO = 1100


@dataclass(frozen=True, eq=False, slots=True)
class VolumeFile:
    """A volume whose header was read and whose voxels are still in the file.

    stored: the voxels' type in the file. scaled: whether values are scaled on reading, and so not whole.
    layers: > 1 when several label maps share the grid (a segmentation with overlaps): `read` then gives (layer, k, j, i).
    read: all voxels as (k, j, i), values in the file's own unit. words: the header's own key/value pairs.
    """

    path: Path
    grid: Grid
    stored: np.dtype[Any]
    scaled: bool
    read: Callable[[], Array]
    doubts: tuple[Doubt, ...] = ()
    layers: int = 1
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        """Whether values are whole numbers, so that it may be a label map."""
        return not self.scaled and self.stored.kind in "iu"


def check_size(path: Path, voxel_bytes: int, compressed: bool) -> None:
    """Refuse a file too small for what its header promises, before memory is set aside."""
    have = path.stat().st_size * (MAX_GZIP_RATIO if compressed else 1)
    if voxel_bytes <= 0 or voxel_bytes > have:
        raise GraticuleError("The file is cut off: it is smaller than its header says.", "Copy it again from its source.")


def narrow(values: Array) -> Array:
    """int16 when that loses nothing, otherwise float32 (float64 for whole numbers beyond 2²⁴)."""
    if values.dtype.kind == "f":
        return np.nan_to_num(values.astype(np.float32, copy=False), nan=0.0, posinf=0.0, neginf=0.0)
    if values.dtype in (np.dtype(np.int16), np.dtype(np.int8), np.dtype(np.uint8)):
        return values.astype(np.int16, copy=False)
    low, high = (int(values.min()), int(values.max())) if values.size else (0, 0)
    if low >= -32768 and high <= 32767:
        return values.astype(np.int16)
    return values.astype(np.float32 if max(-low, high) <= 1 << 24 else np.float64)
