"""What the hand shows an assistant: a path on a plane as voxels, and how it stays in sight."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from graticule.domain.assistant import BOX, LASSO, POINT, SCRIBBLE, Prompt
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Grid
from graticule.domain.labels import Box
from graticule.editing.tools.mark import box_corners
from graticule.editing.tools.tool import Outline, Plane, Pointer
from graticule.imaging.brush import swept_disc
from graticule.imaging.patch import Patch
from graticule.imaging.raster import polygon

Points = tuple[tuple[float, ...], ...]
_FEWEST = 3


@dataclass(frozen=True, eq=False)
class Drawn:
    """A prompt and the points it was drawn with, in the pointer's space."""

    prompt: Prompt
    points: Points
    plane: Plane | None

    def outline(self) -> Outline:
        return outline_of(self.prompt.kind, self.points, self.plane, positive=self.prompt.positive)


def outline_of(kind: str, points: Points, plane: Plane | None, *, positive: bool) -> Outline:
    """+ or − beside it, so that colour alone says nothing."""
    sign = "+" if positive else "−"
    if kind == POINT:
        return Outline(points[-1:], label=sign, style="handle" if positive else "dot")
    if kind == BOX:
        one, other = (Pointer(at, plane) for at in (points[0], points[-1]))
        return Outline(tuple(box_corners(one, other)), closed=True, label=sign, style="mark" if positive else "guide")
    return Outline(points, closed=kind == LASSO, label=sign, style="mark" if positive else "guide")


def prompt_of(kind: str, grid: Grid, path: Sequence[Pointer]) -> Prompt | None:
    """None where nothing of the grid was hit, or where a lasso is only a touch. Ctrl at the beginning: "this does not belong"."""
    if kind == POINT:
        voxel = grid.voxel_at(path[-1].at)
        patch = Patch(_box_of(np.array([voxel[::-1]]), grid), np.ones((1, 1, 1), dtype=bool)) if voxel is not None else None
    elif kind == BOX:
        patch = _boxed(grid, path)
    elif kind == SCRIBBLE:
        patch = _scribbled(grid, path)
    else:
        patch = _encircled(grid, path)
    if patch is None or not patch.voxels:
        return None
    return Prompt(kind, not path[0].control, patch.box, patch.mask)


def _boxed(grid: Grid, path: Sequence[Pointer]) -> Patch:
    corners = np.array(box_corners(path[0], path[-1]))
    index = np.rint(grid.to_index(corners))[:, ::-1]
    box = _box_of(np.clip(index, 0, np.array(grid.shape) - 1).astype(int), grid)
    return Patch(box, np.ones([side.stop - side.start for side in box], dtype=bool))


def _scribbled(grid: Grid, path: Sequence[Pointer]) -> Patch | None:
    """As thick as the image is fine: one voxel to each side of the line."""
    plane = path[0].plane
    if plane is None:
        raise GraticuleError("A scribble needs a plane to lie on.")
    steps = list(zip(path, [*path[1:], path[-1]], strict=True))
    flat = np.unique(np.concatenate([swept_disc(grid, np.array(one.at), np.array(two.at), min(grid.spacing_mm), plane.normal)
                                     for one, two in steps]))
    if not flat.size:
        return None
    places = np.stack(np.unravel_index(flat, grid.shape), axis=1)
    box = _box_of(places, grid)
    mask = np.zeros([side.stop - side.start for side in box], dtype=bool)
    mask[tuple((places - [side.start for side in box]).T)] = True
    return Patch(box, mask)


def _encircled(grid: Grid, path: Sequence[Pointer]) -> Patch | None:
    if len(path) < _FEWEST or path[0].plane is None:
        return None
    try:
        return polygon(grid, np.array([step.at for step in path]), path[0].plane.normal)
    except GraticuleError:  # all its corners on one line
        return None


def _box_of(places: Array, grid: Grid) -> Box:
    """The smallest box that holds these (k, j, i)."""
    low, high = places.min(axis=0), places.max(axis=0)
    k, j, i = (slice(int(a), int(b) + 1) for a, b in zip(low, high, strict=True))
    return k, j, i

