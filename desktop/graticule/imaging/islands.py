"""The connected parts of a mask: keep, remove, split, choose; and its holes. By runs, so that a whole volume takes one look."""

from dataclasses import dataclass

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Floats, Grid
from graticule.imaging.neighbours import CORNERS, EDGES, FACES

# (planes back, rows back, by how many columns two runs may miss each other and still touch)
_LINKS = {
    FACES: ((0, 1, 0), (1, 0, 0)),
    EDGES: ((0, 1, 1), (1, 0, 1), (1, 1, 0), (1, -1, 0)),
    CORNERS: ((0, 1, 1), (1, 0, 1), (1, 1, 1), (1, -1, 1)),
}


@dataclass(frozen=True, eq=False)
class Islands:
    """The parts of a (k, j, i) mask, numbered 0 … in order of their first voxel.

    voxels: (parts,) int64; ml: (parts,), by each slice's own thickness.
    """

    shape: tuple[int, int, int]
    first: Array
    start: Array
    stop: Array
    part: Array
    voxels: Array
    ml: Floats

    def __len__(self) -> int:
        return int(self.voxels.size)

    def drawn(self, values: Array) -> Array:
        """(k, j, i) array of the kind of `values`, each part filled with its value; values: (parts,)."""
        from graticule.imaging.kernels.runs import draw

        k, j, i = self.shape
        out = np.zeros((k * j, i), dtype=values.dtype)
        draw(self.first, self.start, self.stop, self.part, values, out)
        return out.reshape(self.shape)

    def at(self, place: tuple[int, int, int]) -> int | None:
        """The part at (k, j, i), None on background."""
        k, j, i = place
        row = k * self.shape[1] + j
        runs = slice(int(self.first[row]), int(self.first[row + 1]))
        hit = np.flatnonzero((self.start[runs] <= i) & (i < self.stop[runs]))
        return int(self.part[runs][hit[0]]) if hit.size else None

    def touches_edge(self) -> Array:
        """(parts,) bool: which lie at a side of the array."""
        k, j, i = self.shape
        rows = np.repeat(np.arange(k * j), np.diff(self.first))
        edge = (self.start == 0) | (self.stop == i) | np.isin(rows % j, (0, j - 1)) | np.isin(rows // j, (0, k - 1))
        out = np.zeros(len(self), dtype=bool)
        out[self.part[edge]] = True
        return out


def islands(mask: Array, grid: Grid | None = None, connectivity: int = CORNERS, *, each_slice: bool = False) -> Islands:
    """The parts of a (k, j, i) bool mask. grid: of the mask's box, for millilitres. each_slice: slices are not joined."""
    from graticule.imaging.kernels import runs

    if connectivity not in _LINKS:
        raise GraticuleError("Voxels touch by 6, 18 or 26 neighbours.")
    k, j, i = mask.shape
    rows = np.ascontiguousarray(mask).reshape(k * j, i)
    words = rows.view(np.uint64) if i % 8 == 0 and i else np.zeros((k * j, 0), dtype=np.uint64)
    first = np.zeros(k * j + 1, dtype=np.int64)
    count = runs.count_runs(rows, words, first)
    start, stop, part = (np.empty(count, dtype=np.int32) for _ in range(3))
    runs.list_runs(rows, words, start, stop)
    links = [link for link in _LINKS[connectivity] if not (each_slice and link[0])]
    parts = runs.join(first, start, stop, k, j, np.array(links, dtype=np.int64), part)
    ml, voxels = np.zeros(parts), np.zeros(parts, dtype=np.int64)
    weight = np.zeros(k) if grid is None else grid.slice_ml
    runs.measure(first, start, stop, part, max(j, 1), weight, ml, voxels)
    return Islands((k, j, i), first, start, stop, part, voxels, ml)


def keep_largest(mask: Array, connectivity: int = CORNERS) -> Array:
    """The largest part by voxels (the first of equal ones); an empty mask stays so."""
    found = islands(mask, None, connectivity)
    return found.drawn(np.arange(len(found)) == np.argmax(found.voxels)) if len(found) else np.zeros_like(mask)


def remove_small(mask: Array, grid: Grid, *, below_ml: float = 0.0, below_voxels: int = 0, connectivity: int = CORNERS) -> Array:
    """Without the parts below a size in millilitres or voxels."""
    found = islands(mask, grid, connectivity)
    return found.drawn((found.ml >= below_ml) & (found.voxels >= below_voxels))


def keep_at(mask: Array, places: list[tuple[int, int, int]], connectivity: int = CORNERS, *, keep: bool = True) -> Array:
    """Only the parts under the clicked (k, j, i) places, or all but those."""
    found = islands(mask, None, connectivity)
    chosen = np.zeros(len(found), dtype=bool)
    chosen[[part for place in places if (part := found.at(place)) is not None]] = True
    return found.drawn(chosen if keep else ~chosen)


def split(mask: Array, grid: Grid, *, below_ml: float = 0.0, most: int = 255, connectivity: int = CORNERS) -> Array:
    """(k, j, i) uint8: the parts numbered 1 … by falling size, at most `most`; smaller ones stay 0."""
    found = islands(mask, grid, connectivity)
    order = np.lexsort((np.arange(len(found)), -found.voxels))
    order = order[found.ml[order] >= below_ml][:min(most, 255)]
    values = np.zeros(len(found), dtype=np.uint8)
    values[order] = np.arange(1, order.size + 1)
    return found.drawn(values)


def fill_holes(mask: Array, *, each_slice: bool = False, axis: int = 0, at_most_ml: float | None = None,
               grid: Grid | None = None) -> Array:
    """With every background part that does not reach the outside (through faces). each_slice: holes of the slices across
    `axis`."""
    if mask.size == 0 or not mask.any():
        return mask.copy()
    turned = np.moveaxis(mask, axis, 0) if each_slice else mask
    wide = np.pad(turned, ((0, 0) if each_slice else (1, 1), (1, 1), (1, 1)))
    found = islands(~wide, None, FACES, each_slice=each_slice)
    rows = np.repeat(np.arange(found.first.size - 1), np.diff(found.first))
    outer = np.zeros(len(found), dtype=bool)
    # The padding makes one outside (one of each slice); each begins in a first row.
    outer[found.part[(rows % wide.shape[1] == 0) & (found.start == 0)]] = True
    if at_most_ml is not None and grid is not None:
        outer |= found.voxels * grid.voxel_ml > at_most_ml
    holes = found.drawn(~outer)
    holes = holes[:, 1:-1, 1:-1] if each_slice else holes[1:-1, 1:-1, 1:-1]
    return mask | (np.moveaxis(holes, 0, axis) if each_slice else holes)
