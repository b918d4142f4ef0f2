"""How much of each segment there is, kept up to date at every event of a stroke without looking at the volume again."""

from collections.abc import Callable

import numpy as np

from graticule.domain.edits import Touched
from graticule.domain.elements import Segment
from graticule.domain.geometry import Array, Grid
from graticule.domain.labels import Box, Labels
from graticule.editing.canvas import Canvas


class Amounts:
    """On a stack of even slices the label map's own counts are enough; of an uneven one the voxels of each slice are counted,
    once, and again only in the slices that change."""

    def __init__(self, labels: Labels, canvas: Callable[[], Canvas]) -> None:
        self._labels = labels
        self._canvas = canvas
        self._slices: dict[str, Array] = {}
        self._seen: dict[str, Array] = {}
        self._even: tuple[Grid, float] | None = None

    def text(self, segment: Segment) -> str:
        """"17.4 mL"; in a picture "38.2 mm²", or "1,250 px" where nobody knows how large a pixel is."""
        canvas = self._canvas()
        if canvas.pixel is None:
            return millilitres(self.ml(segment))
        voxels = self._labels.voxels_of(segment)
        return square(voxels * canvas.pixel[0] * canvas.pixel[1]) if canvas.length == "mm" else f"{voxels:,} px"

    def ml(self, segment: Segment) -> float:
        grid = self._canvas().grid
        if grid.levels is None:
            return self._labels.voxels_of(segment) * self._voxel_ml(grid)
        return float(self._by_slice(segment.group)[:, segment.value] @ grid.slice_ml)

    def changed(self, touched: Touched) -> set[tuple[str, int]]:
        """(group, value) of every amount that is another than when this was last asked."""
        found: set[tuple[str, int]] = set()
        for name, box in touched.boxes:
            self._count(name, box)
            counts = self._labels.group(name).counts
            before = self._seen.get(name)
            values = range(256) if before is None else np.flatnonzero(counts != before).tolist()
            found |= {(name, value) for value in values}
            self._seen[name] = counts.copy()
        # A voxel may have moved between slices of unlike thickness without changing how many there are.
        uneven = self._canvas().grid.levels is not None
        return found | {(s.group, s.value) for s in self._labels.of(Segment) if uneven and s.group in dict(touched.boxes)}

    def _voxel_ml(self, grid: Grid) -> float:
        """Asked for every line of a long list at every act: computed once."""
        if self._even is None or self._even[0] is not grid:
            self._even = grid, grid.voxel_ml
        return self._even[1]

    def _by_slice(self, name: str) -> Array:
        """(k, 256) int64 voxels of each value in each slice."""
        if name not in self._slices:
            depth = self._canvas().grid.shape[0]
            self._slices[name] = np.zeros((depth, 256), dtype=np.int64)
            group = self._labels.groups.get(name)
            if group is not None and group.box is not None:
                self._count(name, group.box)
        return self._slices[name]

    def _count(self, name: str, box: Box) -> None:
        if name not in self._slices:
            return
        group = self._labels.group(name)
        whole = group.extent
        if whole is None:
            return
        for k in range(box[0].start, box[0].stop):
            part = group.values[k, whole[1], whole[2]]
            self._slices[name][k] = np.bincount(part.reshape(-1), minlength=256)


def millilitres(ml: float) -> str:
    """"0.34 mL", "17.4 mL", "1,204 mL": three figures are what a segmentation is worth."""
    if ml < 9.995:
        return f"{ml:.2f} mL"
    return f"{ml:.1f} mL" if ml < 1000 else f"{ml:,.0f} mL"


def square(mm2: float) -> str:
    """"4.20 mm²", "38.2 mm²", "12.4 cm²"."""
    if mm2 >= 1000:
        return f"{mm2 / 100:.1f} cm²"
    return f"{mm2:.2f} mm²" if mm2 < 9.995 else f"{mm2:.1f} mm²"
