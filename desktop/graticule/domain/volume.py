"""A stack of slices with its geometry, and what is doubtful about either."""

from dataclasses import dataclass, field

import numpy as np

from graticule.domain.geometry import Array, Grid


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something a reader must know about the image. `what` is a stable word, `text` a sentence with numbers and units."""

    what: str
    text: str


@dataclass(frozen=True, slots=True)
class Window:
    """Display range: grey = (value − (level − width / 2)) / width, clipped."""

    width: float
    level: float
    name: str = ""
    inverted: bool = False


@dataclass(eq=False)
class Volume:
    """Voxels on a native grid.

    voxels: (k, j, i), C order, values after rescale in `unit` ("HU", "SUV" or None for arbitrary).
    arrived: (k,) bool; a slice that has not been decoded yet is False and its voxels are `blank`.
    windows: the file's own windows, first is the default; empty when the file has none.
    """

    voxels: Array
    grid: Grid
    modality: str
    unit: str | None = None
    windows: tuple[Window, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    frame_of_reference: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    arrived: Array = field(default_factory=lambda: np.ones(0, dtype=bool))

    def __post_init__(self) -> None:
        if self.arrived.size == 0:
            self.arrived = np.ones(self.grid.shape[0], dtype=bool)

    @property
    def thick(self) -> bool:
        """Slices so far apart (over three pixels) that only the acquisition plane is truthful."""
        k, j, i = self.grid.spacing_mm
        return self.grid.shape[0] > 1 and k > 3 * max(i, j)

    def value_at(self, lps_mm: Array) -> float | None:
        voxel = self.grid.voxel_at(lps_mm)
        if voxel is None:
            return None
        i, j, k = voxel
        return float(self.voxels[k, j, i]) if self.arrived[k] else None
