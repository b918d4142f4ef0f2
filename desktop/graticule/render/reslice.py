"""Any plane or slab through a volume, resampled on the affine: by vtkImageReslice, and faster where it lies along the grid.

Uneven stacks go by their true positions: along the grid as fast as any, oblique or as a slab by `imaging.sampling`.
"""

import os

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import VTK_FLOAT, VTK_SHORT
from vtkmodules.vtkCommonMath import vtkMatrix4x4
from vtkmodules.vtkImagingCore import vtkImageReslice

from graticule.domain.geometry import Array, Floats, Grid
from graticule.imaging.gaps import Places
from graticule.imaging.plane import ViewPlane
from graticule.imaging.slab import Slab, Through
from graticule.render.index_image import IndexImage
from graticule.render.scratch import Scratch
from graticule.render.straight import result_type, straight_labels, straight_slice
from graticule.render.straight_slab import StraightSlabs
from graticule.render.uneven import uneven_labels, uneven_slab, uneven_slice

Rectangle = tuple[int, int, int, int]

# Starting a thread costs more than resampling so few pixels.
SMALL_PIXELS = 65_536
_KEPT = (np.dtype(np.int16), np.dtype(np.uint16))
_SLAB_MODES = {Through.MAX: "SetSlabModeToMax", Through.MIN: "SetSlabModeToMin", Through.MEAN: "SetSlabModeToMean"}


class SliceRenderer:
    """Resamples one volume, or one label map, on planes.

    voxels: (k, j, i), shared, not copied; call `changed` after writing to them.
    labels: nearest neighbour and 0 outside; otherwise linear and `outside` beyond the grid and where a gap holds no data.
    """

    def __init__(self, voxels: Array, grid: Grid, *, labels: bool = False) -> None:
        self._image = IndexImage(voxels)
        self._grid = grid
        self._places = Places.of(grid)
        self._patient_to_index = np.asarray(np.linalg.inv(grid.affine), dtype=np.float64)
        self._nearest = labels
        self._slabs = StraightSlabs(voxels, self._places)
        self._reslice = vtkImageReslice()
        self._reslice.SetInputData(self._image.data)
        self._reslice.SetOutputDimensionality(2)
        self._reslice.SetOutputSpacing(1, 1, 1)
        self._reslice.SetOutputOrigin(0, 0, 0)
        self._scratch = Scratch()
        self._matrix = vtkMatrix4x4()
        self._reslice.SetResliceAxes(self._matrix)
        self.outside = 0.0 if labels else self._choose_output(voxels.dtype)
        self._reslice.SetBackgroundLevel(self.outside)
        self._interpolate(labels)

    def _choose_output(self, dtype: np.dtype[np.generic]) -> float:
        """16-bit values stay as they are (a table turns them grey); all others are resampled as float32."""
        if dtype in _KEPT:
            return float(np.iinfo(np.int16).min if dtype == np.int16 else np.iinfo(np.uint16).max)
        if dtype in (np.dtype(np.uint8), np.dtype(np.int8)):
            self._reslice.SetOutputScalarType(VTK_SHORT)
            return float(np.iinfo(np.int16).min)
        self._reslice.SetOutputScalarType(VTK_FLOAT)
        return float(np.finfo(np.float32).min)

    def changed(self) -> None:
        self._image.changed()
        self._slabs.changed()

    def slice(self, plane: ViewPlane, rectangle: Rectangle | None = None, slab: Slab | None = None, *,
              quick: bool = False) -> Array:
        """(height, width) of the plane, or of its pixels [x0, x1) × [y0, y1): row 0 is the top row.

        slab: what is taken of the values through its thickness, instead of the plane alone (not of labels).
        quick: while the hand moves, fewer samples through a slab.
        Values as stored (linear ones are rounded to the type), `outside` beyond the grid. The array is
        memory of the renderer: valid until the next call.
        """
        part = rectangle or (0, 0, plane.width, plane.height)
        matrix = plane.pixel_to_index(self._patient_to_index)
        if slab is not None and not self._nearest:
            together = self._slabs.slice(matrix, part, slab, self.outside, self._scratch)
            if together is not None:
                return together
            return self._slab(matrix, part, slab.offsets_mm(self._grid, plane.normal, quick=quick), slab.through, quick)
        straight = self._straight(matrix, part)
        if straight is not None:
            return straight
        if self._places is not None:
            return self._uneven(matrix, part)
        self._reslice.SetSlabNumberOfSlices(1)
        return self._resliced(matrix, part, nearest=self._nearest)

    def _straight(self, matrix: Floats, rectangle: Rectangle) -> Array | None:
        if self._nearest:
            return straight_labels(self._image.voxels, matrix, rectangle, self._places)
        return straight_slice(self._image.voxels, matrix, rectangle, self.outside, self._scratch, self._places)

    def _uneven(self, matrix: Floats, rectangle: Rectangle) -> Array:
        voxels = self._image.voxels
        if self._nearest:
            return uneven_labels(voxels, self._grid, matrix, rectangle)
        return uneven_slice(voxels, self._grid, matrix, rectangle, self.outside, result_type(voxels.dtype))

    def _slab(self, matrix: Floats, rectangle: Rectangle, offsets_mm: Floats, through: Through, quick: bool) -> Array:
        if self._places is not None:
            voxels = self._image.voxels
            return uneven_slab(voxels, self._grid, matrix, rectangle, offsets_mm, through, self.outside,
                               result_type(voxels.dtype), quick=quick)
        getattr(self._reslice, _SLAB_MODES[through])()
        self._reslice.SetSlabNumberOfSlices(offsets_mm.size)
        self._reslice.SetSlabSliceSpacingFraction(float(offsets_mm[1] - offsets_mm[0]))
        return self._resliced(matrix, rectangle, nearest=quick)

    def _resliced(self, matrix: Floats, rectangle: Rectangle, *, nearest: bool) -> Array:
        x0, y0, x1, y1 = rectangle
        self._interpolate(nearest)
        self._place(matrix)
        self._reslice.SetNumberOfThreads(1 if (x1 - x0) * (y1 - y0) < SMALL_PIXELS else os.cpu_count() or 1)
        self._reslice.SetOutputExtent(x0, x1 - 1, y0, y1 - 1, 0, 0)
        self._reslice.Update()
        output = self._reslice.GetOutput()
        return np.asarray(vtk_to_numpy(output.GetPointData().GetScalars())).reshape(y1 - y0, x1 - x0)

    def _interpolate(self, nearest: bool) -> None:
        if nearest:
            self._reslice.SetInterpolationModeToNearestNeighbor()
        else:
            self._reslice.SetInterpolationModeToLinear()

    def _place(self, matrix: Floats) -> None:
        self._matrix.DeepCopy(tuple(matrix.ravel()))
