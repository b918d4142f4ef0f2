"""The grid of a pile of slices from their real positions, and in millimetres how far they are from what they claim."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from graticule.domain.geometry import Array, Floats, Grid
from graticule.domain.volume import Doubt
from graticule.formats.dicom.about import about_facts
from graticule.formats.dicom.frame import Frame
from graticule.formats.dicom.geometry_words import Measured, doubts_of_stack, signs_of_stack
from graticule.formats.dicom.pile import Pile
from graticule.formats.facts import number
from graticule.imaging.slice_spacing import spacing_of
from graticule.imaging.stack_geometry import axes_of, line_through, tilt_deg, turned_mm


@dataclass(frozen=True, eq=False, slots=True)
class Stack:
    """A pile with its geometry.

    positions: (k, 3) LPS mm of each slice's first pixel. spacing_error_mm: the largest distance of a slice from an even grid
    between the first and the last. missing: slices that the gaps have room for. scaled: False when the file gives no size in mm.
    """

    pile: Pile
    grid: Grid
    positions: Array
    spacing_error_mm: float
    missing: int
    scaled: bool
    doubts: tuple[Doubt, ...]
    signs: tuple[tuple[str, str, str], ...]
    measured: Measured

    @property
    def facts(self) -> dict[str, Any]:
        """What the case keeps beside the grid: what was measured, and what the header says for list and protocol."""
        middle = self.pile.frames[len(self.pile.frames) // 2]
        m = self.measured
        facts: dict[str, Any] = about_facts(middle.about) | {"signs": [list(row) for row in self.signs], "even": m.even}
        if self.pile.chosen:
            facts["read_as"] = self.pile.chosen
        if self.pile.alternatives:
            facts["alternatives"] = list(self.pile.alternatives)
        if m.holes:
            facts["missing_at"] = [[hole.after, hole.count, number(round(hole.low_mm, 3)), number(round(hole.high_mm, 3))]
                                   for hole in m.holes]
        if len(self.pile.frames) > 1 and self.pile.placed:
            facts |= {"tilt_x_deg": number(round(m.tilt[0], 3) + 0.0), "tilt_y_deg": number(round(m.tilt[1], 3) + 0.0),
                      "jitter_mm": number(round(m.jitter_mm, 4))}
        return facts


def stack_of(pile: Pile) -> Stack:
    """The geometry of a pile.

    An even stack's k column is the mean step, any other's the usual step, with the slices' true places in `Grid.levels`. Its
    direction is that of the stack, so a tilted gantry stays sheared.
    """
    first = pile.frames[0]
    placed = pile.placed
    positions = np.array([frame.position for frame in pile.frames]) if placed else _guessed_positions(pile.frames)
    orientation = np.array(first.orientation if placed else (1, 0, 0, 0, 1, 0), dtype=np.float64)
    row, column = first.spacing or (1.0, 1.0)
    axes = axes_of(orientation)
    affine = np.eye(4)
    affine[:3, 0], affine[:3, 1] = axes.x * column, axes.y * row
    if len(positions) == 1:
        affine[:3, 2], affine[:3, 3] = axes.normal * (first.thickness or first.between or 1.0), positions[0]
        measured, levels = _single(positions), None
    else:
        line = line_through(positions, axes)
        spacing = spacing_of(positions @ axes.normal, first.between)
        levels = spacing.levels
        affine[:3, 2], affine[:3, 3] = line.rise * spacing.step_mm, line.start
        measured = Measured(spacing.gaps, spacing.usual_mm, spacing.holes, _from_even(positions), spacing.even, line.jitter_mm,
                            line.worst, tilt_deg(line.rise, axes), _turned(pile, first), spacing.along)
    grid = Grid((len(pile.frames), first.rows, first.columns), affine, oriented=placed, levels=levels)
    return Stack(pile, grid, positions, measured.error_mm, measured.missing, first.spacing is not None,
                 tuple(doubts_of_stack(pile, grid, measured)), tuple(signs_of_stack(pile, grid, measured)), measured)


def _single(positions: Floats) -> Measured:
    return Measured(np.zeros(0), 0.0, (), 0.0, True, 0.0, 0, (0.0, 0.0), 0.0, np.zeros(1))


def _from_even(positions: Floats) -> float:
    """The largest distance in mm of a slice from an even grid between the first and the last."""
    share = np.linspace(0, 1, len(positions))[:, None]
    return float(np.linalg.norm(positions - positions[0] - share * (positions[-1] - positions[0]), axis=1).max())


def _turned(pile: Pile, first: Frame) -> float:
    if not pile.placed:
        return 0.0
    row, column = first.spacing or (1.0, 1.0)
    return turned_mm(np.array([frame.orientation for frame in pile.frames]), (first.rows * row, first.columns * column))


def _guessed_positions(frames: Sequence[Frame]) -> Array:
    """Without positions: slices one above the other at their locations, or by number at the stated spacing."""
    locations = [frame.location for frame in frames]
    if None not in locations and len(set(locations)) == len(frames):
        heights = np.array(locations) - locations[0]
    else:
        heights = (frames[0].between or frames[0].thickness or 1.0) * np.arange(len(frames))
    return np.stack([np.zeros(len(frames)), np.zeros(len(frames)), heights], axis=1)
