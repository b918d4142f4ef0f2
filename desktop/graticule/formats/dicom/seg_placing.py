"""Where the frames of a segmentation lie in a volume: by their positions in the patient, never resampled."""

from dataclasses import dataclass

import numpy as np

from graticule.domain.case import Case
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.volume import Volume
from graticule.formats.dicom.seg_file import SegFile, SegFrame
from graticule.formats.facts import floats
from graticule.formats.label_maps import refuse_other_grid

TOLERANCE_MM = 0.1


@dataclass(frozen=True, eq=False, slots=True)
class Slices:
    """The real slices of a volume: positions (k, 3) LPS mm of first pixels, and the objects they came from."""

    positions: Array
    objects: tuple[str, ...]


def slices_of(case: Case, volume: Volume) -> Slices:
    """From a DICOM case's facts; for any other volume, from its grid."""
    count = volume.grid.shape[0]
    if "positions" in case.facts:
        objects = tuple(case.sources[row[0]].object_id for row in case.facts["slices"])
        return Slices(floats(case.facts["positions"]), objects)
    corners = np.stack([np.zeros(count), np.zeros(count), np.arange(count)], axis=1)
    return Slices(volume.grid.to_patient(corners), ("",) * count)


def place_frame(frame: SegFrame, file: SegFile, volume: Volume, slices: Slices) -> tuple[int, int, int]:
    """(k, j, i) of the frame's first pixel; GraticuleError when it does not lie on the volume's own pixels.

    A frame may cover only part of the slice. When it names its source image, that must be the slice it lies on.
    """
    if frame.position is None:
        return _by_source(frame, file, volume, slices), 0, 0
    grid = volume.grid
    axes, normal = grid.direction[:, :2], grid.normal
    delta = np.array(frame.position) - slices.positions
    k = int(np.argmin(np.abs(delta @ normal)))
    column, row = np.linalg.lstsq(axes, delta[k], rcond=None)[0] / np.array([grid.spacing_mm[2], grid.spacing_mm[1]])
    i, j = round(float(column)), round(float(row))
    miss = delta[k] - axes @ (np.array([i, j]) * [grid.spacing_mm[2], grid.spacing_mm[1]])
    inside = i >= 0 and j >= 0 and i + file.columns <= grid.shape[2] and j + file.rows <= grid.shape[1]
    if float(np.abs(miss).max()) > TOLERANCE_MM or not inside or not same_pixels(frame, file, volume):
        raise refuse_other_grid()
    if frame.sources and slices.objects[k] not in frame.sources and set(frame.sources) & set(slices.objects):
        raise GraticuleError("The segmentation names another slice than the one it lies on.", "Ask its maker which is right.")
    return k, j, i


def _by_source(frame: SegFrame, file: SegFile, volume: Volume, slices: Slices) -> int:
    """Without a position, the frame lies on the single slice that it names."""
    named = [k for k, name in enumerate(slices.objects) if name in frame.sources]
    if len(named) != 1 or (file.rows, file.columns) != volume.grid.shape[1:]:
        raise refuse_other_grid()
    return named[0]


def same_pixels(frame: SegFrame, file: SegFile, volume: Volume) -> bool:
    """Same directions and pixel size, within the tolerance at the frame's far corner."""
    if frame.orientation is None or frame.spacing is None:
        return True
    theirs = np.array(frame.orientation).reshape(2, 3).T * [frame.spacing[1], frame.spacing[0]]
    ours = volume.grid.affine[:3, :2]
    return bool(np.abs((theirs - ours) @ [file.columns, file.rows]).max() <= TOLERANCE_MM)
