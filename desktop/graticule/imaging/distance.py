"""Exact distances in millimetres from every voxel centre to the nearest voxel centre of a mask."""

import numpy as np

from graticule.domain.geometry import Array, Floats, Grid
from graticule.imaging.patch import places_mm, sheared


def distance_mm(mask: Array, grid: Grid) -> Array:
    """(k, j, i) float32 mm to the nearest True of a (k, j, i) bool mask on `grid`; infinite where there is none.

    Anisotropy and uneven slices are honoured exactly; on a tilted gantry the true oblique distances are taken.
    """
    if not mask.any():
        return np.full(mask.shape, np.inf, dtype=np.float32)
    return _sheared_mm(mask, grid) if sheared(grid) else np.sqrt(squared_mm(mask, places_mm(grid)))


def squared_mm(mask: Array, places: tuple[Floats, Floats, Floats]) -> Array:
    """(k, j, i) float32 mm² to the nearest True; places: mm of the planes, rows and columns. 1e18 where there is none."""
    from graticule.imaging.kernels import distance as loops

    out = np.empty(mask.shape, dtype=np.float32)
    z, y, x = places
    loops.along_rows(mask, x, out)
    if mask.shape[1] > 1:
        loops.along_columns(out, y)
    if mask.shape[0] > 1:
        loops.along_stack(out, z)
    return out


def signed_mm(mask: Array, places: tuple[Floats, Floats, Floats]) -> Array:
    """(k, j, i) float32: negative inside, positive outside; the outline lies at 0, half-way between the two nearest centres."""
    outside = np.sqrt(squared_mm(mask, places))
    inner = np.sqrt(squared_mm(~mask, places))
    return np.where(mask, -inner, outside) + np.where(mask, 0.5, -0.5) * _least(places)


def _least(places: tuple[Floats, Floats, Floats]) -> np.float32:
    steps = [float(np.diff(part).min()) for part in places if part.size > 1]
    return np.float32(min(steps) if steps else 0.0)


def _sheared_mm(mask: Array, grid: Grid) -> Array:
    from scipy.ndimage import binary_erosion
    from scipy.spatial import cKDTree

    # The nearest voxel of a mask seen from outside is always one of its surface (26 neighbours: shear tilts the cells).
    surface = mask & ~binary_erosion(mask, np.ones((3, 3, 3), dtype=bool), border_value=0)
    tree = cKDTree(grid.to_patient(np.argwhere(surface)[:, ::-1].astype(np.float64)))
    out = np.zeros(mask.shape, dtype=np.float32)
    outside = np.argwhere(~mask)
    if len(outside):
        out[~mask] = tree.query(grid.to_patient(outside[:, ::-1].astype(np.float64)))[0]
    return out
