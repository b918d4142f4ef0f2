"""Edge-aware brush: of what lies under the brush, only the hand's side of an edge, so that paint stops there.

Smoothing that keeps edges, then the slope, then its watershed by steepest descent, all in the brush's box (after the adaptive
brush of ITK-SNAP). Noise parts one tissue into many basins; those that are like what lies close under the hand, and hang
together with it, count as one.
"""

from dataclasses import dataclass

import numpy as np

from graticule.domain.geometry import Array, Floats, Grid
from graticule.imaging.patch import Patch, grown

_PASSES = 5
_CONDUCTANCE = 0.5
# Of a larger box every second or third voxel is looked at, so that the hand need not wait.
_MOST_VOXELS = 150_000
# A robust spread (1.4826 × median absolute deviation) is the standard deviation of normal values.
_MAD = 1.4826


@dataclass(frozen=True, slots=True)
class EdgeParameters:
    """smoothness: passes of the smoothing are as many as this share of five.

    alike: a basin is like the hand's when its mean lies within so many robust deviations of the values close under the hand;
    least: and at any rate within this share of the box's own spread.
    """

    smoothness: float = 1.0
    alike: float = 2.5
    least: float = 0.1


def edge_aware(brush: Patch, voxels: Array, grid: Grid, centre: tuple[int, int, int] | Array,
               parameters: EdgeParameters | None = None, core: Patch | None = None) -> Patch:
    """The part of a brush's voxels on the hand's side of every edge; brush: what a plain brush would paint.

    centre: (k, j, i) of the hand, or (n, 3) along the way of a fast one. core: the voxels close under the hand (None: those next
    to the centres). A brush within one slice looks at that slice only.
    """
    parameters = parameters or EdgeParameters()
    flat_axis = next((axis for axis in range(3) if brush.mask.shape[axis] == 1), None)
    box = grown(brush.box, grid, max(grid.spacing_mm[1:]))
    if flat_axis is not None:
        box = tuple(brush.box[n] if n == flat_axis else part for n, part in enumerate(box))  # type: ignore[assignment]
    part = np.nan_to_num(np.asarray(voxels[box], dtype=np.float32))
    places = np.clip(np.atleast_2d(np.asarray(centre)) - [side.start for side in box], 0, np.array(part.shape) - 1)
    met = part[_next_to(places, part.shape) if core is None or not core.voxels else core.on(box)]
    thin = _thinning(part.shape)
    every = tuple(slice(None, None, n) for n in thin)
    piece, at = np.ascontiguousarray(part[every]), tuple((places // thin).T)
    basins = _basins(piece, np.array(grid.spacing_mm) * thin, flat_axis, parameters)
    own = (_alike(basins, piece, met, parameters) | np.isin(basins, basins[at])) & brush.on(box)[every]
    whole = _as_wide(_together(own, at), thin, part.shape)
    return Patch(brush.box, brush.mask & Patch(box, whole).on(brush.box)).trimmed()


def _next_to(places: Array, size: tuple[int, ...]) -> Array:
    from scipy.ndimage import binary_dilation

    mask = np.zeros(size, dtype=bool)
    mask[tuple(places.T)] = True
    return np.asarray(binary_dilation(mask, np.ones((3, 3, 3))))


def _basins(part: Array, steps: Floats, flat_axis: int | None, parameters: EdgeParameters) -> Array:
    """Numbers of the basins of a (k, j, i) piece; all one where it is too small to have edges."""
    from graticule.imaging.kernels.calm import calm, descend

    keep = [n for n in range(3) if n != flat_axis]
    if min(part.shape[n] for n in keep) < 3:
        return np.zeros(part.shape, dtype=np.int32)
    # The largest stable step of the explicit scheme in d dimensions (least spacing squared / 2^(d + 1)).
    time = float(steps[keep].min()) ** 2 / 2 ** (len(keep) + 1) * 0.9
    smooth = calm(part, steps, _CONDUCTANCE, time, max(1, round(_PASSES * parameters.smoothness)))
    slope = np.sqrt(sum(np.gradient(smooth, steps[n], axis=n) ** 2 for n in keep)).astype(np.float32)
    return np.asarray(descend(slope))


def _alike(basins: Array, part: Array, met: Array, parameters: EdgeParameters) -> Array:
    """The basins whose mean is like the values that were met."""
    numbers, values = basins.reshape(-1), part.reshape(-1)
    means = np.bincount(numbers, values) / np.maximum(np.bincount(numbers), 1)
    middle = float(np.median(met))
    deviation = _MAD * float(np.median(np.abs(met - middle)))
    spread = float(np.ptp(np.percentile(values, (10, 90))))
    return np.asarray((np.abs(means - middle) <= max(parameters.alike * deviation, parameters.least * spread))[basins])


def _together(own: Array, at: tuple[Array, ...]) -> Array:
    """What of a mask hangs together with the places where the hand was."""
    from scipy.ndimage import label

    parts, _ = label(own)
    held = np.unique(parts[at])
    return np.asarray(np.isin(parts, held[held > 0]))


def _thinning(size: tuple[int, ...]) -> Array:
    """(3,) every how manyth voxel is looked at."""
    voxels = size[0] * size[1] * size[2]
    times = 1 if voxels <= _MOST_VOXELS else 2 if voxels <= 8 * _MOST_VOXELS else 3
    return np.array([times if n > 2 * times else 1 for n in size])


def _as_wide(mask: Array, thin: Array, size: tuple[int, ...]) -> Array:
    for axis in range(3):
        mask = mask.repeat(thin[axis], axis=axis) if thin[axis] > 1 else mask
    return mask[:size[0], :size[1], :size[2]]
