"""numpy voxels as vtkImageData in index space, sharing the memory: spacing 1, origin 0, no direction."""

from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonDataModel import vtkImageData

from graticule.domain.geometry import Array


class IndexImage:
    """(k, j, i) voxels for VTK. The array is kept, since VTK only borrows its memory."""

    def __init__(self, voxels: Array) -> None:
        if not voxels.flags.c_contiguous:
            raise ValueError("voxels must be C-contiguous to be shared with VTK")
        self.voxels = voxels
        k, j, i = voxels.shape
        self.data = vtkImageData()
        self.data.SetDimensions(i, j, k)
        self._scalars = numpy_to_vtk(voxels.reshape(-1), deep=0)
        self.data.GetPointData().SetScalars(self._scalars)

    def changed(self) -> None:
        """After voxels were written. (Nothing may ask for the scalar range now: that would read the whole volume.)"""
        self._scalars.Modified()
        self.data.Modified()
