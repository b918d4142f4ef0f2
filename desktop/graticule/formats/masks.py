"""Masks of a file by itself, for comparing two files without a case."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Grid
from graticule.formats.dicom.family import FAMILY as DICOM
from graticule.formats.dicom.seg_file import SegFile, SegFrame
from graticule.formats.files import head_of
from graticule.formats.placing import place
from graticule.formats.volumes.family import FAMILY as VOLUMES
from graticule.formats.volumes.labels_in import MAX_LABELS, meanings_of
from graticule.formats.volumes.mask_reader import read_volume_file


@dataclass(frozen=True, eq=False, slots=True)
class FileMask:
    """One segment of a file: (k, j, i) bool on `grid`. value: its number in the file."""

    name: str
    value: int
    voxels: Array
    grid: Grid


def masks_in(path: Path) -> list[FileMask]:
    """The segments of a DICOM SEG, NRRD or NIfTI file on its own grid; GraticuleError when it holds none."""
    head = head_of(path)
    if not head:
        raise GraticuleError("The file is empty or cannot be opened.")
    if VOLUMES.claims(path, head):
        return _of_volume(path, head)
    if DICOM.claims(path, head):
        return _of_seg(SegFile(path))
    raise GraticuleError("The file holds no masks that Graticule reads.", "Give a DICOM SEG, an NRRD or a NIfTI file.")


def on_grid(mask: FileMask, grid: Grid) -> Array | None:
    """The mask's voxels on `grid` when it has the same voxels (perhaps turned) or a part of them; else None."""
    placing = place(mask.grid, grid)
    if placing is not None:
        return placing.apply(mask.voxels)
    corner = grid.to_index(mask.grid.origin_mm)
    i, j, k = (round(float(value)) for value in corner)
    ends = [start + size for start, size in zip((k, j, i), mask.grid.shape)]
    if min(i, j, k) < 0 or any(end > size for end, size in zip(ends, grid.shape)):
        return None
    part = Grid(mask.grid.shape, _moved(grid, (i, j, k)), grid.oriented)
    if not part.same_as(mask.grid, 0.1):
        return None
    voxels = np.zeros(grid.shape, dtype=bool)
    voxels[k:ends[0], j:ends[1], i:ends[2]] = mask.voxels
    return voxels


def _moved(grid: Grid, ijk: tuple[int, int, int]) -> Array:
    affine = grid.affine.copy()
    affine[:3, 3] = grid.to_patient(ijk)
    return affine


def _of_volume(path: Path, head: bytes) -> list[FileMask]:
    file = read_volume_file(path, head)
    if not file.whole:
        raise GraticuleError("The file holds an image, not labels.")
    layers = file.read()
    meanings = meanings_of(file)
    found = []
    for number, layer in enumerate(layers if layers.ndim == 4 else layers[None]):
        values = np.unique(layer)
        if values.size > MAX_LABELS:
            raise GraticuleError("The file holds an image, not labels.")
        for value in (int(v) for v in values if v != 0):
            meaning = meanings.get((number, value))
            found.append(FileMask(meaning.name if meaning else f"Label {value}", value, layer == value, file.grid))
    return found


def _of_seg(file: SegFile) -> list[FileMask]:
    """The frames' own planes make the grid: as many slices as there are places, from the lowest to the highest."""
    grid = _grid_of(file)
    masks = {segment.number: np.zeros(grid.shape, dtype=bool) for segment in file.segments}
    for frame in file.frames:
        k = round(float(grid.to_index(np.array(frame.position))[2]))
        plane = file.mask(frame)
        for number in masks if frame.segment is None else (frame.segment,):
            masks[number][k] |= plane == number if frame.segment is None else plane
    return [FileMask(segment.label or f"Segment {segment.number}", segment.number, masks[segment.number], grid)
            for segment in file.segments]


def _grid_of(file: SegFile) -> Grid:
    first = file.frames[0] if file.frames else None
    if first is None or first.orientation is None or first.spacing is None or any(frame.position is None
                                                                                  for frame in file.frames):
        raise GraticuleError("The segmentation does not say where its frames lie.")
    orientation = np.array(first.orientation)
    normal = np.cross(orientation[:3], orientation[3:])
    places = sorted({round(float(np.array(frame.position) @ normal), 3): frame for frame in file.frames}.items())
    steps = np.diff([place for place, _ in places])
    step = float(steps.min()) if steps.size else 1.0
    affine = np.eye(4)
    affine[:3, 0], affine[:3, 1] = orientation[:3] * first.spacing[1], orientation[3:] * first.spacing[0]
    affine[:3, 2], affine[:3, 3] = _step(places, normal, step), places[0][1].position
    count = 1 + (round((places[-1][0] - places[0][0]) / step) if steps.size else 0)
    return Grid((count, file.rows, file.columns), affine)


def _step(places: list[tuple[float, SegFrame]], normal: Array, step: float) -> Array:
    if len(places) < 2:
        return np.asarray(normal * step)
    (low, first), (high, last) = places[0], places[-1]
    return np.asarray((np.array(last.position) - np.array(first.position)) / round((high - low) / step))
