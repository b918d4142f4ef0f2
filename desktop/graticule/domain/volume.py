"""A stack of slices with its geometry, and what is doubtful about either."""

from dataclasses import dataclass, field

import numpy as np

from graticule.domain.geometry import Array, Grid


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something a reader must know about the image. `what` is a stable word, `text` a sentence with numbers and units."""

    what: str
    text: str


LINEAR, LINEAR_EXACT, SIGMOID = "LINEAR", "LINEAR_EXACT", "SIGMOID"


@dataclass(frozen=True, eq=False)
class GreyTable:
    """A VOI LUT of the file: the grey of each value from `first` on; values outside take the ends' greys.

    greys: (n,) float64 in 0…1. step: image values per entry (RescaleSlope, when the table stands behind it).
    """

    first: float
    step: float
    greys: Array


@dataclass(frozen=True, slots=True)
class Window:
    """Display range by DICOM PS3.3 C.11.2.1.2: `function` says how values between black and white become grey.

    table: a VOI LUT instead of a function; `width` and `level` then only say which values it spans.
    blank: (lowest, highest) value that is padding, drawn black whatever the window says.
    """

    width: float
    level: float
    name: str = ""
    inverted: bool = False
    function: str = LINEAR
    table: GreyTable | None = None
    blank: tuple[float, float] | None = None

    @property
    def straight(self) -> tuple[float, float]:
        """(width, level) of the straight line between black and white.

        LINEAR counts whole input values: width − 1 around level − 0.5 (C.11.2.1.2.1). Below a width of 1, where the standard
        defines no LINEAR, and for LINEAR_EXACT, the numbers are taken as they are.
        """
        if self.function == LINEAR and self.width >= 1:
            return max(self.width - 1, 1e-6), self.level - 0.5
        return max(self.width, 1e-6), self.level


@dataclass(eq=False)
class Volume:
    """Voxels on a native grid.

    signs: what was measured at load, as rows of the case's sheet (label, value with unit, "" | "warn" | "bad").
    voxels: (k, j, i), C order, values after rescale in `unit` ("HU", "SUV" or None for arbitrary).
    arrived: (k,) bool; a slice that has not been decoded yet is False and its voxels are `blank`.
    windows: the file's own windows, first is the default; empty when the file has none.
    blank: (lowest, highest) value after rescale that is padding: no tissue, so it counts neither for windows nor for statistics.
    overlay: (k, j, i) bool, the file's own graphics (60xx) on each slice, None when it has none.
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
    signs: tuple[tuple[str, str, str], ...] = ()
    blank: tuple[float, float] | None = None
    overlay: Array | None = None

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
        if voxel is None or self.grid.in_gap(lps_mm):
            return None
        i, j, k = voxel
        return float(self.voxels[k, j, i]) if self.arrived[k] else None
