"""Masks of a file by itself, for comparing two files without a case."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Grid
from graticule.formats.dicom.family import FAMILY as DICOM
from graticule.formats.dicom.seg_file import SegFile, SegFrame
from graticule.formats.files import head_of
from graticule.formats.placing import TOLERANCE_MM, lies
from graticule.formats.volumes.family import FAMILY as VOLUMES
from graticule.formats.volumes.labels_in import layers_of, meanings_of, values_in
from graticule.formats.volumes.mask_reader import read_volume_file


@dataclass(frozen=True, eq=False, slots=True)
class FileMask:
    """One segment of a file: (k, j, i) bool on `grid`. value: its number in the file."""

    name: str
    value: int
    voxels: Array
    grid: Grid


def masks_in(path: Path) -> list[FileMask]:
    """The segments of a DICOM SEG, NRRD, NIfTI or MetaImage file on its own grid; GraticuleError when it holds none."""
    head = head_of(path)
    if not head:
        raise GraticuleError("The file is empty or cannot be opened.")
    if VOLUMES.claims(path, head):
        return _of_volume(path, head)
    if DICOM.claims(path, head):
        return _of_seg(SegFile(path))
    raise GraticuleError("The file holds no masks that Graticule reads.",
                         "Give a DICOM SEG, an NRRD, a NIfTI or a MetaImage file.")


def on_grid(mask: FileMask, grid: Grid) -> Array | None:
    """The mask's voxels on `grid` when it has the same voxels (perhaps turned) or a part of them; else None."""
    placing = lies(mask.grid, grid)
    if placing is None and (grid.levels is not None or mask.grid.levels is not None):
        return _slice_by_slice(mask, grid)
    return None if placing is None else placing.spread(mask.voxels)


def _slice_by_slice(mask: FileMask, grid: Grid) -> Array | None:
    """Each of the mask's slices that holds anything on the slice of `grid` at its place; None when one lies elsewhere."""
    voxels = np.zeros(grid.shape, dtype=bool)
    rows, columns = mask.grid.shape[1:]
    for n in np.flatnonzero(mask.voxels.any(axis=(1, 2))).tolist():
        i, j, k = (round(float(value)) for value in grid.to_index(mask.grid.to_patient((0, 0, n))))
        if min(i, j, k) < 0 or k >= grid.shape[0] or j + rows > grid.shape[1] or i + columns > grid.shape[2]:
            return None
        theirs, ours = [(0, 0, n), (columns - 1, rows - 1, n)], [(i, j, k), (i + columns - 1, j + rows - 1, k)]
        if np.abs(mask.grid.to_patient(theirs) - grid.to_patient(ours)).max() > TOLERANCE_MM:
            return None
        voxels[k, j:j + rows, i:i + columns] = mask.voxels[n]
    return voxels


def _of_volume(path: Path, head: bytes) -> list[FileMask]:
    file = read_volume_file(path, head)
    meanings = meanings_of(file)
    found = []
    for number, layer in enumerate(layers_of(file)):
        for value in (int(v) for v in values_in(layer) if v != 0):
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
    heights = np.array([place for place, _ in places])
    steps = np.diff(heights)
    step = float(steps.min()) if steps.size else 1.0
    affine = np.eye(4)
    affine[:3, 0], affine[:3, 1] = orientation[:3] * first.spacing[1], orientation[3:] * first.spacing[0]
    affine[:3, 2], affine[:3, 3] = _step(places, normal, step), places[0][1].position
    levels = (heights - heights[0]) / step
    if np.abs(levels - np.round(levels)).max(initial=0) * step > 0.05:
        affine[:3, 2] = (np.array(places[-1][1].position) - places[0][1].position) / levels[-1]
        return Grid((len(places), file.rows, file.columns), affine, levels=levels)
    count = 1 + (round((places[-1][0] - places[0][0]) / step) if steps.size else 0)
    return Grid((count, file.rows, file.columns), affine)


def _step(places: list[tuple[float, SegFrame]], normal: Array, step: float) -> Array:
    if len(places) < 2:
        return np.asarray(normal * step)
    (low, first), (high, last) = places[0], places[-1]
    return np.asarray((np.array(last.position) - np.array(first.position)) / round((high - low) / step))
