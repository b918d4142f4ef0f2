"""Where between slices nothing was measured: neighbours further apart than one and a half usual steps."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graticule.domain.geometry import TOO_FAR, Array, Floats, Grid


@dataclass(frozen=True, slots=True)
class Gap:
    """Between slice `after` and the next: `apart_mm` from one slice to the other, along the normal.

    low, high: the blank part in levels of the grid; each slice keeps half a usual step on its own side.
    """

    after: int
    apart_mm: float
    low: float
    high: float

    @property
    def words(self) -> str:
        return f"Gap of {self.apart_mm:.1f} mm: no data"


def usual_step(grid: Grid) -> float:
    """The usual distance between neighbours, in steps of the k column."""
    return 1.0 if grid.levels is None or grid.shape[0] < 2 else float(np.median(np.diff(grid.levels)))


def gaps_of(grid: Grid) -> tuple[Gap, ...]:
    """Every gap of an uneven stack, in order; none when its slices lie evenly."""
    if grid.levels is None or grid.shape[0] < 2:
        return ()
    step = usual_step(grid)
    along_mm = abs(float(grid.normal @ grid.affine[:3, 2]))
    apart = np.diff(grid.levels)
    return tuple(Gap(int(k), float(apart[k] * along_mm), float(grid.levels[k] + step / 2), float(grid.levels[k + 1] - step / 2))
                 for k in np.flatnonzero(apart > TOO_FAR * step))


def gap_at(grid: Grid, lps_mm: npt.ArrayLike) -> Gap | None:
    """The gap in whose blank part a point lies."""
    if not grid.in_gap(lps_mm):
        return None
    level = float(level_at(grid, lps_mm))
    return next((gap for gap in gaps_of(grid) if gap.low < level < gap.high), None)


def level_at(grid: Grid, lps_mm: npt.ArrayLike) -> Floats:
    """(…, 3) LPS mm → (…,) place along the k column, in its steps."""
    away = np.asarray(lps_mm, dtype=np.float64) - grid.affine[:3, 3]
    return np.asarray(away @ np.linalg.inv(grid.affine[:3, :3])[2])


def in_gap(levels: npt.ArrayLike, gaps: tuple[Gap, ...]) -> Array:
    """(…,) bool: which levels lie in the blank part of a gap."""
    at = np.asarray(levels, dtype=np.float64)
    blank = np.zeros(at.shape, dtype=bool)
    for gap in gaps:
        blank |= (at > gap.low) & (at < gap.high)
    return blank


@dataclass(frozen=True, eq=False)
class Places:
    """The slices of an uneven stack, for samplers: levels in, slice numbers and blank parts out."""

    grid: Grid
    gaps: tuple[Gap, ...]

    @classmethod
    def of(cls, grid: Grid) -> "Places | None":
        """None for an even stack: there a level is a slice number."""
        return None if grid.levels is None else cls(grid, gaps_of(grid))

    def slices(self, levels: npt.ArrayLike) -> Floats:
        """Fractional slice numbers to interpolate at: linear between neighbours, but across a gap nothing is mixed, and each
        slice stands for its own half step. What lies in a gap's blank part gets the nearer slice (ask `blank`)."""
        slices = self.grid.slice_of(levels)
        for gap in self.gaps:
            slices = np.where((slices > gap.after) & (slices < gap.after + 1), np.rint(slices), slices)
        return np.asarray(slices)

    def blank(self, levels: npt.ArrayLike) -> Array:
        return in_gap(levels, self.gaps)
