"""A mask from one image's grid to another's through patient space, with who made each voxel: the nearest voxel is taken."""

import numpy as np

from graticule.domain.geometry import Array, Floats, Grid
from graticule.domain.labels import Box
from graticule.domain.progress import Progress, Silent
from graticule.imaging.patch import Patch, box_round, inside_box


def carried(patch: Patch, authors: Array, source: Grid, target: Grid, matrix: Floats | None = None,
            progress: Progress | None = None) -> tuple[Patch, Array]:
    """(patch on `target`, uint8 authors of its box): each voxel of the target is what the source voxel is in whose cell its
    centre lies; nothing outside the source.

    authors: uint8 of the patch's box. matrix: 4×4, LPS mm of the source's patient space → of the target's; None: they are one.
    """
    matrix = np.eye(4) if matrix is None else matrix
    box = _reached(patch.box, source, target, matrix) if patch.voxels else None
    if box is None:
        return Patch.nothing(), np.zeros((0, 0, 0), dtype=np.uint8)
    k, j, i = box
    shape = k.stop - k.start, j.stop - j.start, i.stop - i.start
    mask, makers = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=np.uint8)
    rows, columns = np.meshgrid(np.arange(j.start, j.stop), np.arange(i.start, i.stop), indexing="ij")
    back, told = np.linalg.inv(matrix), progress or Silent()
    for at in range(shape[0]):
        told.step(at, shape[0])
        centres = target.to_patient(np.stack([columns, rows, np.full(rows.shape, k.start + at)], axis=-1).astype(np.float64))
        index = source.to_index(centres @ back[:3, :3].T + back[:3, 3])
        mask[at], makers[at] = _looked_up(patch, authors, np.floor(index + 0.5).astype(np.int64))
    inner = box_round(mask)
    if inner is None:
        return Patch.nothing(), np.zeros((0, 0, 0), dtype=np.uint8)
    return Patch(inside_box(box, inner), mask[inner]), makers[inner]


def _looked_up(patch: Patch, authors: Array, index: Array) -> tuple[Array, Array]:
    """index: (rows, columns, 3) whole (i, j, k) of the source."""
    cells = [index[..., 2 - axis] - part.start for axis, part in enumerate(patch.box)]
    known = np.ones(index.shape[:2], dtype=bool)
    for cell, size in zip(cells, patch.mask.shape, strict=True):
        known &= (cell >= 0) & (cell < size)
    place = tuple(cell[known] for cell in cells)
    mask, makers = np.zeros(known.shape, dtype=bool), np.zeros(known.shape, dtype=np.uint8)
    mask[known], makers[known] = patch.mask[place], authors[place]
    makers[~mask] = 0
    return mask, makers


def _reached(box: Box, source: Grid, target: Grid, matrix: Floats) -> Box | None:
    """The target's voxels whose centre may lie in a box of the source's cells."""
    k, j, i = ((part.start - 0.5, part.stop - 0.5) for part in box)
    corners = source.to_patient(np.array([(a, b, c) for a in i for b in j for c in k]))
    index = target.to_index(corners @ matrix[:3, :3].T + matrix[:3, 3])
    low, high = np.floor(index.min(axis=0)).astype(int), np.ceil(index.max(axis=0)).astype(int) + 1
    sides = [slice(max(0, int(a)), min(size, int(b))) for a, b, size in zip(low, high, target.shape[::-1], strict=True)]
    return (sides[2], sides[1], sides[0]) if all(part.start < part.stop for part in sides) else None


def ml_of(patch: Patch, grid: Grid) -> float:
    """By each slice's own thickness."""
    return float(np.count_nonzero(patch.mask, axis=(1, 2)) @ grid.slice_ml[patch.box[0]])


def carry_words(before: Patch, source: Grid, after: Patch, target: Grid) -> str:
    """What bringing a mask onto another grid changed, in a sentence with both sizes; "" when the grids are the same."""
    if source.same_as(target):
        return ""
    first, second = ml_of(before, source), ml_of(after, target)
    change = f" ({100 * (second - first) / first:+.1f} %)" if first else ""
    return (f"Resampled to the nearest voxel, from {_size(source)} to {_size(target)}: "
            f"{first:.2f} mL became {second:.2f} mL{change}.")


def _size(grid: Grid) -> str:
    k, j, i = grid.spacing_mm
    return f"{i:.3g} × {j:.3g} × {k:.3g} mm"
