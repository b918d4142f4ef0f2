"""The surface of one segment, made in the segment's own box. Safe in a thread: it works on copies."""

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkFiltersCore import vtkPolyDataNormals, vtkReverseSense, vtkSurfaceNets3D, vtkWindowedSincPolyDataFilter

from graticule.domain.geometry import Array, Grid
from graticule.domain.labels import Box
from graticule.render.index_image import IndexImage

# Taubin's filter, for SurfaceNets' own smoothing shrinks: a twelfth of a brain tumour on thick slices, a fifth of a small one on
# PET. This keeps volume within 2 % and extents within a third of a voxel.
SMOOTHING_STEPS, PASS_BAND = 20, 0.05


def segment_surface(values: Array, box: Box, value: int, grid: Grid) -> vtkPolyData | None:
    """The closed surface, in LPS millimetres, of the voxels that carry `value`; None when there are none.

    values: (k, j, i) uint8 label map, read only inside `box`. It may be painted on meanwhile: what comes out is then as old as
    the moment of reading, and the next change asks again.
    """
    mask = values[box] == value
    inner = _tight(mask)
    if inner is None:
        return None
    cropped = np.zeros([s.stop - s.start + 2 for s in inner], dtype=np.uint8)
    cropped[1:-1, 1:-1, 1:-1] = mask[inner]
    origin = [outer.start + part.start - 1 for outer, part in zip(box, inner, strict=True)]
    return _in_patient(_nets(cropped), grid, origin[::-1])


def _tight(mask: Array) -> Box | None:
    """The smallest box round the True voxels."""
    slices = []
    for axis in range(3):
        hit = np.flatnonzero(mask.any(axis=tuple(other for other in range(3) if other != axis)))
        if hit.size == 0:
            return None
        slices.append(slice(int(hit[0]), int(hit[-1]) + 1))
    return slices[0], slices[1], slices[2]


def _nets(mask: Array) -> vtkPolyData:
    nets = vtkSurfaceNets3D()
    image = IndexImage(np.ascontiguousarray(mask))
    nets.SetInputData(image.data)
    nets.SetValue(0, 1)
    nets.SetSmoothing(False)
    nets.SetOutputMeshTypeToTriangles()
    smooth = vtkWindowedSincPolyDataFilter()
    smooth.SetInputConnection(nets.GetOutputPort())
    smooth.SetNumberOfIterations(SMOOTHING_STEPS)
    smooth.SetPassBand(PASS_BAND)
    smooth.NormalizeCoordinatesOn()
    smooth.NonManifoldSmoothingOn()
    smooth.Update()
    found = vtkPolyData()
    found.ShallowCopy(smooth.GetOutput())
    return found


def _in_patient(surface: vtkPolyData, grid: Grid, origin_ijk: list[int]) -> vtkPolyData:
    """Index points → LPS; a left-handed grid turns the triangles inside out, which is put right."""
    index = vtk_to_numpy(surface.GetPoints().GetData()).astype(np.float64) + origin_ijk
    lps = grid.to_patient(index).astype(np.float32)
    surface.GetPoints().SetData(numpy_to_vtk(lps, deep=1))
    normals = vtkPolyDataNormals()
    normals.SplittingOff()
    normals.ConsistencyOff()
    normals.SetInputData(surface)
    if np.linalg.det(grid.affine[:3, :3]) < 0:
        turned = vtkReverseSense()
        turned.SetInputData(surface)
        turned.ReverseCellsOn()
        turned.ReverseNormalsOff()
        normals.SetInputConnection(turned.GetOutputPort())
    normals.Update()
    made = vtkPolyData()
    made.ShallowCopy(normals.GetOutput())
    return made
