"""How a place in one series is found in another: by a common frame of reference, by a registration, or by the reader's eye."""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from graticule.domain.geometry import Floats, Grid
from graticule.domain.volume import Volume
from graticule.imaging.plane import ViewPlane
from graticule.imaging.rigid import Rigid


class TieKind(StrEnum):
    """What the tie stands on. Only the first two say where a point lies; an offset only lets slices go side by side."""

    FRAME = "same frame of reference"
    REGISTERED = "registered"
    OFFSET = "offset"


@dataclass(frozen=True, eq=False)
class Tie:
    """matrix: 4×4, LPS mm of the one series → LPS mm of the other.

    along: for an offset, the unit direction (LPS) in which alone it was set. offset_mm: its size in that direction.
    words: how a registration came about, for the views that stand on it.
    """

    kind: TieKind
    matrix: Floats = field(default_factory=lambda: np.eye(4))
    along: Floats | None = None
    offset_mm: float = 0.0
    words: str = ""

    @property
    def placed(self) -> bool:
        """Whether a point of the one is a point of the other, so that crosshair, lines and overlay are true."""
        return self.kind is not TieKind.OFFSET

    def there(self, lps_mm: Floats) -> Floats:
        """(…, 3) LPS of the one → (…, 3) LPS of the other."""
        return np.asarray(np.asarray(lps_mm, dtype=np.float64) @ self.matrix[:3, :3].T + self.matrix[:3, 3])

    def reversed(self) -> "Tie":
        return Tie(self.kind, np.asarray(np.linalg.inv(self.matrix)), self.along, -self.offset_mm, self.words)

    def moved(self, lps_mm: Floats, cursor: Floats) -> Floats:
        """Where the other series' cursor goes when the one's is at `lps_mm`. An offset moves it along its direction only."""
        point = self.there(lps_mm)
        if self.along is None:
            return point
        return np.asarray(cursor + float((point - cursor) @ self.along) * self.along)

    def placed_grid(self, grid: Grid) -> Grid:
        """The other series' grid where it lies in the one's space, so that both can be cut by the same plane."""
        return Grid(grid.shape, np.asarray(np.linalg.inv(self.matrix) @ grid.affine), grid.oriented, grid.levels)


def same_frame(one: Volume, other: Volume) -> Tie | None:
    """Both files name the same frame of reference; a missing name proves nothing."""
    return Tie(TieKind.FRAME) if one.frame_of_reference and one.frame_of_reference == other.frame_of_reference else None


def registered(rigid: Rigid, *, from_moving: bool) -> Tie:
    """The tie from the moving series to the fixed one, or back."""
    return Tie(TieKind.REGISTERED, rigid.matrix if from_moving else rigid.inverse, words=rigid.words)


def by_offset(along: Floats, offset_mm: float) -> Tie:
    """Slices of the other lie `offset_mm` further along a unit direction."""
    matrix = np.eye(4)
    matrix[:3, 3] = along * offset_mm
    return Tie(TieKind.OFFSET, matrix, along, offset_mm)


def cut(plane: ViewPlane, corners_mm: Floats) -> Floats | None:
    """(2, 2) screen points of the line in which a flat (4, 3) quadrilateral, in order round its rim, crosses a plane.

    None when it does not, or lies in the plane.
    """
    away = plane.distance_mm(corners_mm)
    crossings = []
    for at in range(4):
        here, there = float(away[at]), float(away[(at + 1) % 4])
        if (here <= 0 < there) or (there <= 0 < here):
            share = here / (here - there)
            crossings.append(corners_mm[at] + share * (corners_mm[(at + 1) % 4] - corners_mm[at]))
    if len(crossings) < 2 or float(np.linalg.norm(crossings[0] - crossings[1])) < 1e-6:
        return None
    return plane.to_screen(np.array(crossings[:2]))


def reaches(volume: Volume, lps_mm: Floats) -> bool:
    """Whether a place lies between the outermost slices of a series, half a slice further at most."""
    k = float(volume.grid.to_index(lps_mm)[2])
    return -0.5 <= k <= volume.grid.shape[0] - 0.5
