"""Smoother masks, in millimetres: median, opening, closing, Gaussian, and several segments at once without gaps between them."""

from dataclasses import dataclass

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Floats, Grid
from graticule.domain.labels import Box
from graticule.imaging.margins import closed, opened
from graticule.imaging.patch import Patch, grid_of, grown, overlap, places_mm, relative

MEDIAN, OPEN, CLOSE, GAUSSIAN = "median", "open", "close", "gaussian"


@dataclass(frozen=True, slots=True)
class SmoothParameters:
    """size_mm: radius of the ball (median, open, close) or standard deviation (Gaussian)."""

    method: str = MEDIAN
    size_mm: float = 2.0


def smooth(patch: Patch, grid: Grid, parameters: SmoothParameters, within: Patch | None = None) -> Patch:
    """The whole mask smoother; or, with `within` (a brush's ball), only there, all else as it was."""
    if within is None:
        return _whole(patch, grid, parameters).trimmed()
    box = grown(within.box, grid, reach_mm(parameters))
    local = _whole(Patch(box, patch.on(box)), grid, parameters)
    out = _together(patch, within.box, grid)
    place = overlap(out.box, within.box)
    if place is not None:
        inner = relative(place, out.box)
        out.mask[inner] = np.where(within.on(place), local.on(place), out.mask[inner])
    return out.trimmed()


def reach_mm(parameters: SmoothParameters) -> float:
    """How far from a voxel lies what decides about it."""
    return parameters.size_mm * (3 if parameters.method == GAUSSIAN else 2)


def _together(patch: Patch, box: Box, grid: Grid) -> Patch:
    from graticule.imaging.patch import joined

    wide = joined(patch.box, box) if patch.voxels else box
    return Patch(wide, patch.on(wide))


def _whole(patch: Patch, grid: Grid, parameters: SmoothParameters) -> Patch:
    if not patch.voxels:
        return patch
    if parameters.method == OPEN:
        return opened(patch, grid, parameters.size_mm)
    if parameters.method == CLOSE:
        return closed(patch, grid, parameters.size_mm)
    box = grown(patch.box, grid, parameters.size_mm)
    mask, inner = patch.on(box), grid_of(grid, box)
    if parameters.method == MEDIAN:
        return Patch(box, majority(mask, inner, parameters.size_mm))
    if parameters.method == GAUSSIAN:
        return Patch(box, blurred(mask.astype(np.float32), inner, parameters.size_mm) > 0.5)
    raise GraticuleError(f"There is no smoothing called {parameters.method}.")


def majority(mask: Array, grid: Grid, radius_mm: float) -> Array:
    """Whether more than half of the voxels within `radius_mm` belong to the mask (the median of a mask). grid: of the same
    box."""
    from graticule.imaging.kernels.majority import majority as loop

    out = np.empty(mask.shape, dtype=bool)
    loop(np.ascontiguousarray(mask), _ball(grid, radius_mm), out)
    return out


def _ball(grid: Grid, radius_mm: float) -> Array:
    """(k, 2·K + 1, 2·J + 1) int32: how many columns to either side of each row near a voxel of slice k lie within; −1 none."""
    z, _, x = places_mm(grid)
    step = x[1] - x[0] if x.size > 1 else grid.spacing_mm[2]
    rows = int(radius_mm / grid.spacing_mm[1] + 1e-6)
    most = max((int(np.count_nonzero(np.abs(z - at) <= radius_mm * (1 + 1e-6))) for at in z), default=1)
    planes = min(most, z.size - 1) if z.size > 1 else 0
    table = np.full((z.size, 2 * planes + 1, 2 * rows + 1), -1, dtype=np.int32)
    for k in range(z.size):
        for n in range(max(0, k - planes), min(z.size, k + planes + 1)):
            left = radius_mm**2 * (1 + 1e-6) - (z[n] - z[k]) ** 2 - (np.arange(-rows, rows + 1) * grid.spacing_mm[1]) ** 2
            table[k, n - k + planes] = np.where(left >= 0, np.sqrt(np.maximum(left, 0)) / step, -1).astype(np.int32)
    return table


def blurred(field: Array, grid: Grid, sigma_mm: float) -> Array:
    """(k, j, i) float32 after a Gaussian in millimetres; uneven slices are weighted by where they lie and how thick they are."""
    from scipy.ndimage import gaussian_filter1d

    _, j, i = grid.spacing_mm
    out = gaussian_filter1d(np.asarray(field, dtype=np.float32), sigma_mm / i, axis=2, mode="nearest", truncate=3)
    out = gaussian_filter1d(out, sigma_mm / j, axis=1, mode="nearest", truncate=3)
    weights = _stack_weights(grid, sigma_mm).astype(np.float32)
    return np.asarray((weights @ out.reshape(out.shape[0], -1)).reshape(out.shape))


def _stack_weights(grid: Grid, sigma_mm: float) -> Floats:
    z = places_mm(grid)[0]
    weights = np.exp(-0.5 * ((z[:, None] - z[None, :]) / max(sigma_mm, 1e-9)) ** 2) * grid.slice_ml[None, :]
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def smooth_together(labels: Array, grid: Grid, sigma_mm: float, values: tuple[int, ...] | None = None) -> Array:
    """(k, j, i) uint8 of a box, every label and the background smoothed against each other: no gap opens, nothing overlaps.

    values: the labels that may change; the voxels of all others, and the ground they stand on, stay. grid: of the same box.
    """
    seen = np.zeros(256, dtype=bool)
    seen[labels] = True
    present = np.flatnonzero(seen[1:]) + 1
    chosen = [int(value) for value in present if values is None or value in values]
    best, winner = np.zeros(labels.shape, dtype=np.float32), np.zeros_like(labels)
    rest = np.ones(labels.shape, dtype=np.float32)
    for value in chosen:
        share = blurred((labels == value).astype(np.float32), grid, sigma_mm)
        np.copyto(winner, np.uint8(value), where=share > best)
        np.maximum(best, share, out=best)
        rest -= share
    # All shares make one: the background's is what the labels leave, unless some stand aside.
    ground = rest if len(chosen) == present.size else blurred((labels == 0).astype(np.float32), grid, sigma_mm)
    winner[ground >= best] = 0
    free = np.zeros(256, dtype=bool)
    free[[0, *chosen]] = True
    return np.where(free[labels], winner, labels)
