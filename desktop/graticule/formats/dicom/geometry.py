"""The grid of a pile of slices from their real positions, and in millimetres how far they are from a regular one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from graticule.domain.geometry import Array, Grid
from graticule.domain.volume import Doubt
from graticule.formats.dicom.frame import Frame
from graticule.formats.dicom.grouping import Pile, along_normal
from graticule.formats.titles import millimetres, plural

# Below this, uneven spacing is rounding in the headers or in the gantry; above, a measurement would notice.
UNEVEN_MM, UNEVEN_SHARE = 0.1, 0.01
TILT_DEG = 0.1


@dataclass(frozen=True, eq=False, slots=True)
class Stack:
    """A pile with its geometry.

    positions: (k, 3) LPS mm of each slice's first pixel. spacing_error_mm: the largest distance of a slice from where the
    grid has it. missing: slices that the gaps have room for. scaled: False when the file gives no size in mm.
    """

    pile: Pile
    grid: Grid
    positions: Array
    spacing_error_mm: float
    missing: int
    scaled: bool
    doubts: tuple[Doubt, ...]


def stack_of(pile: Pile) -> Stack:
    """The geometry of a pile. The k column of the affine is the mean step between slices, so a tilted gantry stays sheared."""
    first = pile.frames[0]
    positions = np.array([frame.position for frame in pile.frames]) if pile.placed else _guessed_positions(pile.frames)
    orientation = np.array(first.orientation or (1, 0, 0, 0, 1, 0), dtype=np.float64)
    row, column = first.spacing or (1.0, 1.0)
    affine = np.eye(4)
    affine[:3, 0] = _unit(orientation[:3]) * column
    affine[:3, 1] = _unit(orientation[3:]) * row
    affine[:3, 2] = _step(positions, orientation, first)
    affine[:3, 3] = positions[0]
    grid = Grid((len(pile.frames), first.rows, first.columns), affine, oriented=pile.placed)
    error = float(np.linalg.norm(positions - grid.to_patient(_corners(len(positions))), axis=1).max())
    gaps = np.diff(along_normal(pile.frames)) if pile.placed else np.zeros(0)
    missing = _missing(gaps)
    doubts = tuple(_doubts(pile, grid, error, gaps, missing))
    return Stack(pile, grid, positions, error, missing, first.spacing is not None, doubts)


def _unit(vector: Array) -> Array:
    length = float(np.linalg.norm(vector))
    return vector / length if length > 0 else vector


def _corners(count: int) -> Array:
    return np.stack([np.zeros(count), np.zeros(count), np.arange(count)], axis=1)


def _step(positions: Array, orientation: Array, frame: Frame) -> Array:
    if len(positions) > 1:
        return np.asarray((positions[-1] - positions[0]) / (len(positions) - 1))
    normal = _unit(np.cross(orientation[:3], orientation[3:]))
    return np.asarray(normal * (frame.thickness or frame.between or 1.0))


def _guessed_positions(frames: Sequence[Frame]) -> Array:
    """Without positions: slices one above the other at the stated spacing, in the order of their numbers."""
    step = frames[0].between or frames[0].thickness or 1.0
    return np.stack([np.zeros(len(frames)), np.zeros(len(frames)), step * np.arange(len(frames))], axis=1)


def _missing(gaps: Array) -> int:
    if gaps.size < 2:
        return 0
    usual = float(np.median(gaps))
    wide = gaps[gaps > 1.5 * usual]
    return int((np.round(wide / usual) - 1).sum())


def _doubts(pile: Pile, grid: Grid, error: float, gaps: Array, missing: int) -> list[Doubt]:
    first = pile.frames[0]
    doubts = []
    if not pile.placed:
        doubts.append(Doubt("no-position",
                            "The file does not say where the slices lie or how the patient lies: directions are unknown."))
    if first.spacing is None:
        doubts.append(Doubt("no-scale", "The file gives no valid pixel size: nothing can be measured in mm."))
    if missing:
        where = ", ".join(f"{gap:.1f}" for gap in gaps[gaps > 1.5 * np.median(gaps)][:3])
        doubts.append(Doubt("missing-slices",
                            f"{plural(missing, 'slice')} missing: gaps of {where} mm where {np.median(gaps):.2f} mm is usual."))
    if error > max(UNEVEN_MM, UNEVEN_SHARE * grid.spacing_mm[0]):
        doubts.append(Doubt("uneven-spacing", f"Slices are unevenly spaced: up to {error:.2f} mm from where the grid has them."))
    if grid.tilt_deg > TILT_DEG and pile.placed and len(pile.frames) > 1:
        doubts.append(Doubt("tilt", f"The gantry was tilted by {grid.tilt_deg:.1f}°; geometry follows the true positions."))
    doubts += _thickness_doubt(first, gaps)
    doubts += _pixel_doubts(pile.frames)
    if pile.interpretation:
        doubts.append(Doubt("repeated", f"The series holds its positions repeatedly; this is {pile.interpretation}."))
    return doubts


def _thickness_doubt(frame: Frame, gaps: Array) -> list[Doubt]:
    if frame.thickness is None or gaps.size == 0:
        return []
    usual = float(np.median(gaps))
    if abs(frame.thickness - usual) <= 0.02 * usual:
        return []
    said = f"slices of {millimetres(frame.thickness)} every {millimetres(usual)}"
    if frame.thickness > usual:
        return [Doubt("overlapping", f"Slices overlap: {said}.")]
    return [Doubt("gaps", f"There are gaps between the slices: {said}.")]


def _pixel_doubts(frames: Sequence[Frame]) -> list[Doubt]:
    lossy = [frame.lossy for frame in frames if frame.lossy]
    doubts = [Doubt("lossy", f"The image was compressed with loss ({lossy[0]}).")] if lossy else []
    return doubts
