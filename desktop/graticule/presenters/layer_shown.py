"""Which layer of voxels a view shows: what "this slice" means for copying and for operations."""

from typing import Any

import numpy as np

from graticule.domain.geometry import Floats, Grid
from graticule.editing.operations.material import Cut, Sheet
from graticule.presenters.plane_view import PlaneView

# Less than two and a half degrees between the plane and the layer: the same as a view's own acquired slices.
_SAME_WAY = 0.999


def layer_of_view(view: Any, grid: Grid) -> Cut | None:
    """The layer a view shows; None when its plane lies across the voxels. A picture shows the frame of its number."""
    if not isinstance(view, PlaneView):
        return Cut(0, int(getattr(view, "index", 0)))
    along = [abs(float(view.axes.onward @ normal)) for normal in _normals(grid)]
    axis = int(np.argmax(along))
    if along[axis] < _SAME_WAY:
        return None
    at = round(float(grid.to_index(_point(view, grid))[2 - axis]))
    return Cut(axis, min(max(at, 0), grid.shape[axis] - 1))


def sheet_of_view(view: Any, grid: Grid) -> Sheet | None:
    """The plane a view shows; None for a picture, which is one."""
    return Sheet(_point(view, grid), view.axes.onward) if isinstance(view, PlaneView) else None


def _point(view: PlaneView, grid: Grid) -> Floats:
    return np.asarray(view.slices.moved(grid.centre_mm, view.index))


def _normals(grid: Grid) -> list[Floats]:
    """The unit normals of the layers across the k, j and i axes."""
    i, j, k = grid.direction.T
    return [np.asarray(n / np.linalg.norm(n)) for n in (np.cross(i, j), np.cross(i, k), np.cross(j, k))]
