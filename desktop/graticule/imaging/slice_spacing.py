"""How slices lie along their normal: the usual step, what is missing, how uneven they are. Numbers in, numbers out."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from graticule.domain.geometry import Array, Floats

# Two slices closer than this lie at the same place: headers are written with 3 to 6 decimals.
SAME_PLACE_MM = 0.01
# A slice further than this from an even grid is worth a warning: a tenth of a millimetre, or of a thin slice's step.
UNEVEN_MM, UNEVEN_STEPS = 0.1, 0.1
# Less than this is the rounding of headers, not a place: an even grid says it, and NIfTI and other programs can.
ROUNDING_MM = 0.01
# Gaps that differ by less are the same gap; a wider one has room for whole slices when it is that near to a multiple.
_SAME, _WHOLE = 0.05, 0.25
# Slices keep a step when so many gaps do.
_MOSTLY = 0.7
# So many equal wide gaps in a row are a coarser part of the scan, not slices that were lost one by one.
_COARSER = 4


@dataclass(frozen=True, slots=True)
class Hole:
    """Room for `count` slices between slice `after` and the next, which lie at `low_mm` and `high_mm` along the normal."""

    after: int
    count: int
    low_mm: float
    high_mm: float

    @property
    def width_mm(self) -> float:
        return self.high_mm - self.low_mm


@dataclass(frozen=True, eq=False, slots=True)
class Spacing:
    """along: (k,) rising mm along the normal. usual_mm: the step most slices keep. error_mm: the largest distance along the
    normal from even spacing between the first and the last slice. even: whether that is too small for a warning.
    """

    along: Floats
    usual_mm: float
    error_mm: float
    even: bool
    holes: tuple[Hole, ...]

    @property
    def missing(self) -> int:
        return sum(hole.count for hole in self.holes)

    @property
    def gaps(self) -> Floats:
        return np.diff(self.along)

    @property
    def levels(self) -> Floats | None:
        """(k,) the slices' places in steps of `step_mm`, the first at 0; None when an even grid has them within the rounding."""
        return None if self.error_mm <= ROUNDING_MM else np.asarray((self.along - self.along[0]) / self.step_mm)

    @property
    def step_mm(self) -> float:
        """One step of `levels`: the mean where slices are even but for trifles, as other programs have it; else the usual."""
        return float((self.along[-1] - self.along[0]) / (len(self.along) - 1)) if self.even else self.usual_mm


def spacing_of(along: Floats, hint_mm: float | None = None) -> Spacing:
    """along: (k,) strictly rising mm, k ≥ 2. hint_mm: the step that the header states, which decides where few slices cannot."""
    gaps = np.diff(along)
    usual = usual_step(gaps, hint_mm)
    even_grid = np.linspace(along[0], along[-1], len(along))
    error = float(np.abs(along - even_grid).max())
    mean = float((along[-1] - along[0]) / gaps.size)
    return Spacing(along, usual, error, error <= min(UNEVEN_MM, UNEVEN_STEPS * mean), holes_in(along, usual))


def usual_step(gaps: Floats, hint_mm: float | None = None) -> float:
    """The median gap; where fewer than half agree with it, the smallest gap of which all others are whole multiples."""
    median = float(np.median(gaps))
    if _share(gaps, median) > 0.5:
        return median
    candidates = sorted({float(gap) for gap in gaps if gap > 0.2 * median}, key=lambda gap: (not _near(gap, hint_mm), gap))
    return next((gap for gap in candidates if _explains(gaps, gap)), median)


def holes_in(along: Floats, usual: float) -> tuple[Hole, ...]:
    """Where whole slices are missing; none when the slices keep no usual step: then wide gaps are only uneven."""
    gaps = np.diff(along)
    if gaps.size < 2 or (_share(gaps, usual) < _MOSTLY and not _explains(gaps, usual)):
        return ()
    steps = gaps / usual
    whole = np.round(steps)
    wide = (whole >= 3) | ((whole == 2) & (np.abs(steps - whole) <= _WHOLE))
    wide = np.logical_and(wide, np.logical_not(_coarser_part(gaps, wide)))
    return tuple(Hole(int(n), int(whole[n]) - 1, float(along[n]), float(along[n + 1])) for n in np.flatnonzero(wide))


def blocks_of(along: Floats, usual: float) -> list[tuple[int, int]]:
    """[first, last) slice numbers of the blocks that stand apart, with room for over five slices and half the smaller."""
    ends = [0]
    for hole in holes_in(along, usual):
        smaller = min(hole.after + 1 - ends[-1], len(along) - 1 - hole.after)
        if hole.count > max(5, smaller / 2):
            ends.append(hole.after + 1)
    return list(pairwise([*ends, len(along)]))


def regular(along: Floats) -> bool:
    """Whether slices at these rising places keep one step, or whole multiples of it, within a tenth."""
    gaps = np.diff(along)
    return gaps.size < 2 or _explains(gaps, float(gaps.min()), 0.1)


def _explains(gaps: Floats, step: float, tolerance: float = 0.1) -> bool:
    if step <= 0:
        return False
    steps = gaps / step
    return bool(np.abs(steps - np.round(steps)).max() <= tolerance)


def _share(gaps: Floats, step: float) -> float:
    return float((np.abs(gaps - step) <= _SAME * step).mean())


def _near(gap: float, hint: float | None) -> bool:
    return hint is not None and abs(gap - hint) <= _SAME * hint


def _coarser_part(gaps: Floats, wide: Array) -> Array:
    """(n,) bool: wide gaps that stand in a row of at least four equal ones."""
    found = np.zeros(gaps.size, dtype=bool)
    start = 0
    for n in range(1, gaps.size + 1):
        if n == gaps.size or not wide[n] or not _near(float(gaps[n]), float(gaps[start])):
            found[start:n] = wide[start] and n - start >= _COARSER
            start = n
    return found
