"""The values along a line, for a plot: linear between pixel centres, at steps of half a pixel."""

import math

import numpy as np
from scipy.ndimage import map_coordinates

from graticule.domain.geometry import Array, Floats
from graticule.domain.picture import Picture
from graticule.domain.volume import Volume
from graticule.imaging.lengths import MM, scale_of
from graticule.imaging.measure import frame_of
from graticule.imaging.statistics import luma

MOST_STEPS = 4000


def profile(points: Floats, content: Volume | Picture) -> tuple[Floats, Floats, str]:
    """(n,) distance from the start, (n,) values (brightness of colours; NaN beyond the image), and the distance's unit.

    points: (2, 3) LPS mm, or (2, 2 or 3) image pixels.
    """
    if isinstance(content, Volume):
        ends = content.grid.to_index(points)
        steps = _steps(ends)
        index = content.grid.to_index(np.linspace(points[0], points[1], steps))
        return _distance(points, steps), _sampled(content.voxels, index[:, ::-1]), MM
    scale = scale_of(content, points)
    ends = points[:, :2] - 0.5
    steps = _steps(ends)
    frame = content.frame(frame_of(points))
    grey = luma(frame.reshape(-1, 3)).reshape(frame.shape[:2]) if content.colour else frame
    return _distance(scale.apply(points), steps), _sampled(grey, np.linspace(ends[0], ends[1], steps)[:, ::-1]), scale.unit


def _steps(ends: Floats) -> int:
    return min(MOST_STEPS, 2 + math.ceil(2 * float(np.linalg.norm(ends[1] - ends[0]))))


def _distance(points: Floats, steps: int) -> Floats:
    return np.linspace(0.0, float(np.linalg.norm(points[1] - points[0])), steps)


def _sampled(values: Array, at: Floats) -> Floats:
    """at: (n, d) fractional indices in array order. Only the box round the line is converted."""
    low = np.clip(np.floor(at.min(axis=0)).astype(int), 0, np.array(values.shape) - 1)
    high = np.clip(np.ceil(at.max(axis=0)).astype(int) + 1, low + 1, values.shape)
    part = values[tuple(slice(a, b) for a, b in zip(low, high, strict=True))].astype(np.float64)
    sampled = map_coordinates(part, (at - low).T, order=1, mode="nearest")
    beyond = ((at < -0.5) | (at > np.array(values.shape) - 0.5)).any(axis=1)
    return np.asarray(np.where(beyond, np.nan, sampled))
