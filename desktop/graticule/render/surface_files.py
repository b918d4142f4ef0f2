"""Surface files as VTK reads them: the second reader of meshes that Graticule writes itself."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkIOGeometry import vtkGLTFReader, vtkOBJReader, vtkSTLReader

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Floats

_READERS: dict[str, Any] = {".stl": vtkSTLReader, ".obj": vtkOBJReader, ".glb": vtkGLTFReader}


def read_corners(path: Path) -> Floats:
    """(n, 3, 3) corners of every triangle of an STL, OBJ or binary glTF file, in the file's order and unit.

    GraticuleError when VTK has no reader for such a file.
    """
    if path.suffix not in _READERS:
        raise GraticuleError("VTK reads no surfaces from such a file.")
    reader = _READERS[path.suffix]()
    reader.SetFileName(str(path))
    if path.suffix == ".stl":
        reader.MergingOff()
    reader.Update()
    parts = [_corners(part) for part in _parts(reader.GetOutputDataObject(0))]
    return np.concatenate([np.zeros((0, 3, 3)), *parts])


def _parts(data: Any) -> Iterator[Any]:
    """The surfaces of a tree of blocks, in order."""
    if data is None or data.IsA("vtkPolyData"):
        yield from () if data is None or not data.GetNumberOfPolys() else (data,)
        return
    for number in range(data.GetNumberOfBlocks()):
        yield from _parts(data.GetBlock(number))


def _corners(surface: Any) -> Array:
    points = vtk_to_numpy(surface.GetPoints().GetData())
    which = vtk_to_numpy(surface.GetPolys().GetConnectivityArray())
    return np.asarray(points[which].reshape(-1, 3, 3), dtype=np.float64)
