"""One click on a lesion, without a model: how the part under the hand grows as the threshold falls, and where it best stands out.

One pass over a cropped box gives the seed's branch of the component tree, that is the connected part at *every* threshold at once
(`imaging.kernels.climb`). The suggestion is the threshold whose surface has the sharpest edge while the part stays compact
and inside the box; a parameter walks the curve from there.
"""

from dataclasses import dataclass

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Floats, Grid
from graticule.domain.labels import Box
from graticule.imaging.patch import Patch, ball_box, grid_of

BRIGHT, DARK, ALIKE, AUTO = "bright", "dark", "alike", "auto"
_HEIGHTS = 1024
_NEVER = 65535
# The score of a step is its edge, weighed by what was found to matter on phantoms and two tumours: compact, large, on a plateau.
_FALL = 40.0
# Steps of height below which an edge is none (flat tissue, or no image at all).
_LEAST_EDGE = 5
# How much steeper than the image's own grain an edge must be: thresholded noise has edges too.
_ABOVE_GRAIN = 2.5
# A lesion reaches about as far from its middle as half its longest diameter, and fills about half of the ball over it.
_LINE_REACH, _LINE_SHARE, _LINE_SPREAD = 0.6, 0.5, 0.7


@dataclass(frozen=True, slots=True)
class ClickParameters:
    """polarity: BRIGHT or DARK against what surrounds it, ALIKE (values like the seed's, both sides end it), or AUTO.

    reach_mm: nothing further from the seed is looked at. least_ml, most_ml: sizes that may be a lesion. compact: least sphericity
    (1 is a ball). scales_mm: standard deviations of the smoothing before, which keeps noise from deciding; the best is taken.
    """

    polarity: str = AUTO
    reach_mm: float = 40.0
    least_ml: float = 0.02
    most_ml: float = 260.0
    compact: float = 0.25
    scales_mm: tuple[float, ...] = (0.8, 1.5, 2.5)


# What a resting hand asks for ten times a second: one scale and a smaller box.
HOVER = ClickParameters(reach_mm=25.0, scales_mm=(1.5,))


@dataclass(frozen=True, eq=False)
class GrowthCurve:
    """The part that holds the seed at every step of the threshold, smallest first.

    joined: (k, j, i) uint16 of `box`, the height at which each voxel joins. heights: (n,) falling, one per step;
    ml, sphericity, edge (mean step of intensity across the surface), at_end (share of it at the box's open sides): (n,).
    values: (n,) the threshold in image units. best: the suggested step; score: how well it stands out; good: whether it passes
    the gates (what the hover verdict says).
    """

    box: Box
    polarity: str
    joined: Array
    heights: Array
    ml: Floats
    sphericity: Floats
    edge: Floats
    at_end: Floats
    values: Floats
    best: int
    score: float
    good: bool

    def __len__(self) -> int:
        return int(self.heights.size)

    def step_of_ml(self, ml: float) -> int:
        """The step whose part is nearest in size: the wheel multiplies the size and asks for the next step."""
        return int(np.argmin(np.abs(np.log(self.ml) - np.log(max(ml, 1e-9)))))

    def walked(self, step: int, turns: float) -> int:
        """`turns` wheel notches from a step: each makes the part a twelfth larger or smaller, and at least one step of the
        curve."""
        wanted = self.step_of_ml(float(self.ml[step]) * 1.085**turns)
        if wanted == step and turns:
            wanted = step + (1 if turns > 0 else -1)
        return int(np.clip(wanted, 0, len(self) - 1))

    def patch(self, step: int | None = None, *, filled: bool = True) -> Patch:
        """The part at a step (the suggested one by default); `filled`: holes in it belong to it."""
        mask = self.joined >= self.heights[self.best if step is None else step]
        mask &= self.joined != _NEVER
        patch = Patch(self.box, mask).trimmed()
        if not filled or not patch.voxels:
            return patch
        from graticule.imaging.islands import fill_holes

        return Patch(patch.box, fill_holes(patch.mask))


def click(voxels: Array, grid: Grid, seed: tuple[int, int, int], parameters: ClickParameters | None = None,
          allowed: Array | None = None) -> GrowthCurve:
    """The growth curve of the part under seed (k, j, i). allowed: (k, j, i) bool of the whole grid, nothing else is entered."""
    parameters = parameters or ClickParameters()
    box = ball_box(grid, seed, parameters.reach_mm)
    return in_box(voxels, grid, box, seed, parameters, None if allowed is None else allowed[box])


def from_line(voxels: Array, grid: Grid, ends_mm: Floats, parameters: ClickParameters | None = None,
              allowed: Array | None = None) -> GrowthCurve:
    """The same from a longest diameter (RECIST) drawn across the lesion: ends_mm (2, 3) LPS.

    The line says how far the lesion reaches and about how large it is; its middle is the seed.
    """
    box = line_box(grid, ends_mm)
    return from_line_in(voxels, grid, box, ends_mm, parameters, None if allowed is None else allowed[box])


def line_box(grid: Grid, ends_mm: Floats) -> Box:
    """How far a lesion of this longest diameter may reach."""
    return ball_box(grid, _middle(grid, ends_mm), float(np.linalg.norm(ends_mm[1] - ends_mm[0])) * _LINE_REACH)


def from_line_in(voxels: Array, grid: Grid, box: Box, ends_mm: Floats, parameters: ClickParameters | None = None,
                 within: Array | None = None) -> GrowthCurve:
    """The same in the line's own box (`line_box`). within: bool of the box, nothing else is entered."""
    length = float(np.linalg.norm(ends_mm[1] - ends_mm[0]))
    k, j, i = (np.arange(part.start, part.stop) for part in box)
    centres = grid.to_patient(np.stack(np.meshgrid(k, j, i, indexing="ij")[::-1], axis=-1))
    near = np.linalg.norm(centres - ends_mm.mean(axis=0), axis=-1) <= length * _LINE_REACH
    if within is not None:
        near &= within
    about_ml = length**3 * np.pi / 6 * _LINE_SHARE / 1000
    return in_box(voxels, grid, box, _middle(grid, ends_mm), parameters or ClickParameters(), near, about_ml)


def _middle(grid: Grid, ends_mm: Floats) -> tuple[int, int, int]:
    found = grid.voxel_at(ends_mm.mean(axis=0))
    if found is None or not np.any(ends_mm[0] != ends_mm[1]):
        raise GraticuleError("The line lies outside the image.")
    return found[::-1]


def in_box(voxels: Array, grid: Grid, box: Box, seed: tuple[int, int, int], parameters: ClickParameters,
           within: Array | None = None, about_ml: float | None = None) -> GrowthCurve:
    """The same in a box of one's own; of the polarities (AUTO) and scales the best answer is taken.

    within: bool of the box, nothing else is entered. about_ml: a size to be near.
    """
    if not all(part.start <= at < part.stop for part, at in zip(box, seed, strict=True)):
        raise GraticuleError("The point lies outside the image.")
    part = np.asarray(voxels[box], dtype=np.float32)
    way_in = np.isfinite(part) if within is None else np.isfinite(part) & within
    k, j, i = (at - side.start for at, side in zip(seed, box, strict=True))
    if within is not None and not within[k, j, i]:
        raise GraticuleError("Painting is not allowed at this point: another segment may lie here.",
                             "Choose that segment, or change “Paint where”.")
    if not way_in[k, j, i]:
        raise GraticuleError("There is nothing to measure at this point.", "Click inside the lesion.")
    wanted = (BRIGHT, DARK) if parameters.polarity == AUTO else (parameters.polarity,)
    fields = [smoothed(part, grid, scale) for scale in parameters.scales_mm]
    curves = [_curve(field, way_in, grid, box, (k, j, i), polarity, parameters, about_ml)
              for field in fields for polarity in wanted]
    return max(curves, key=lambda curve: (curve.good, curve.score))


def smoothed(field: Array, grid: Grid, sigma_mm: float) -> Array:
    """Within the slices only: thick slices would mix. Values that are no number stay so."""
    if sigma_mm <= 0:
        return field
    from scipy.ndimage import gaussian_filter

    _, j, i = grid.spacing_mm
    holes = ~np.isfinite(field)
    if not holes.any():
        return np.asarray(gaussian_filter(field, (0, sigma_mm / j, sigma_mm / i), mode="nearest", truncate=2.5))
    weight = gaussian_filter((~holes).astype(np.float32), (0, sigma_mm / j, sigma_mm / i), truncate=2.5)
    mixed = gaussian_filter(np.where(holes, 0, field), (0, sigma_mm / j, sigma_mm / i), truncate=2.5)
    return np.where(holes, np.nan, mixed / np.maximum(weight, 1e-6)).astype(np.float32)


def _curve(field: Array, way_in: Array, grid: Grid, box: Box, seed: tuple[int, int, int], polarity: str,
           parameters: ClickParameters, about_ml: float | None) -> GrowthCurve:
    from graticule.imaging.kernels.climb import climb

    seed = _snapped(field, way_in, seed, polarity)
    likeness, unit, zero = _likeness(field, way_in, float(field[seed]), polarity)
    inner = grid_of(grid, box)
    areas, weight = _areas(inner), inner.slice_ml * 1000
    joined = np.full(field.shape, _NEVER, dtype=np.uint16)
    stats = np.zeros((_HEIGHTS, 6))
    most = int(parameters.most_ml / max(grid.voxel_ml, 1e-9)) + 1
    open_ends = np.array([[part.start > 0, part.stop < size] for part, size in zip(box, grid.shape, strict=True)])
    flat = (seed[0] * field.shape[1] + seed[1]) * field.shape[2] + seed[2]
    lowest = climb(likeness, way_in, flat, areas, weight, open_ends, most, joined, stats)
    heights = np.flatnonzero(stats[:, 0])[::-1]
    heights = heights[heights >= lowest]
    stats = stats[heights]
    ml, surface = stats[:, 1] / 1000, np.maximum(stats[:, 2], 1e-9)
    # A ball made of boxes has one and a half times the surface of a ball.
    sphericity = np.minimum(1.0, 1.5 * np.pi ** (1 / 3) * (6 * stats[:, 1]) ** (2 / 3) / surface).astype(np.float64)
    edge, at_end = stats[:, 3] / surface * unit, stats[:, 4] / surface
    values = np.asarray(zero + unit * heights if polarity == BRIGHT else zero - unit * heights, dtype=np.float64)
    plateau = 1 / (1 + _FALL * _speed(ml, heights.astype(np.float64)))
    score = edge * sphericity**1.5 * ml**0.3 * (1 - np.minimum(at_end * 4, 1)) * plateau
    if about_ml is not None:
        score *= np.exp(-0.5 * (np.log(ml / about_ml) / _LINE_SPREAD) ** 2)
    fair = (ml >= parameters.least_ml) & (ml <= parameters.most_ml) & (sphericity >= parameters.compact)
    fair &= (at_end < 0.1) & (edge > max(_LEAST_EDGE * unit, _ABOVE_GRAIN * _grain(field, way_in)))
    best = int(np.argmax(np.where(fair, score, -np.inf) if fair.any() else score))
    return GrowthCurve(box, polarity, joined, heights, ml, sphericity, edge, at_end, values, best, float(score[best]),
                       bool(fair.any()))


def _grain(field: Array, way_in: Array) -> float:
    """The median step between neighbouring pixels."""
    steps = np.abs(np.diff(field, axis=2))[way_in[:, :, 1:] & way_in[:, :, :-1]]
    return float(np.median(steps[::max(1, steps.size // 20_000)])) if steps.size else 0.0


def _speed(ml: Floats, heights: Floats) -> Floats:
    """How fast the part grows as the threshold falls: share of its size per step of height, 0 on a plateau."""
    if ml.size < 3:
        return np.ones(ml.size)
    return np.asarray(np.maximum(np.gradient(np.log(ml), -heights), 0))


def _snapped(field: Array, way_in: Array, seed: tuple[int, int, int], polarity: str) -> tuple[int, int, int]:
    """The seed moved by at most one pixel to where it stands out most: a hand is not that exact."""
    k, j, i = seed
    if polarity == ALIKE:
        return seed
    j0, i0 = max(0, j - 1), max(0, i - 1)
    near = np.where(way_in[k, j0:j + 2, i0:i + 2], field[k, j0:j + 2, i0:i + 2], np.nan)
    at = int(np.nanargmax(near) if polarity == BRIGHT else np.nanargmin(near))
    return k, j0 + at // near.shape[1], i0 + at % near.shape[1]


def _likeness(field: Array, way_in: Array, own: float, polarity: str) -> tuple[Array, float, float]:
    """(k, j, i) uint16 of `_HEIGHTS` steps, the image units of one step, and the value at height 0."""
    inside = field[way_in]
    low, high = (float(v) for v in np.percentile(inside[::max(1, inside.size // 50_000)], (0.5, 99.5)))
    low, high = min(low, own), max(high, own)
    field = np.nan_to_num(field, nan=low)
    if polarity == ALIKE:
        span = max(own - low, high - own, 1e-6)
        height = span - np.abs(field - own)
        zero = own + span
    elif polarity == DARK:
        span, height, zero = max(high - low, 1e-6), high - field, high
    else:
        span, height, zero = max(high - low, 1e-6), field - low, low
    unit = span / (_HEIGHTS - 1)
    return np.clip(height / unit, 0, _HEIGHTS - 1).astype(np.uint16), unit, zero


def _areas(grid: Grid) -> Floats:
    """(k, 3) mm² of a voxel's face across k, j and i."""
    _, j, i = grid.spacing_mm
    thick = grid.slice_ml * 1000 / (j * i)
    return np.stack([np.full(thick.size, j * i), thick * i, thick * j], axis=1)
