"""Scissors on the 3D view: an outline as the camera sees it takes voxels from segments or gives them to one, in one act."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from graticule.domain.edits import VoxelChange
from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Floats
from graticule.domain.progress import Progress
from graticule.editing.cutting import ERASE, cut, everywhere, held, seen
from graticule.editing.handwork import nothing_changes, where_allowed
from graticule.editing.tools.in_hand import segment_in_hand, segment_name
from graticule.editing.tools.scissors import ALL, DEPTH, ScissorsOptions
from graticule.editing.tools.tool import Bench
from graticule.imaging.front import front_of
from graticule.imaging.patch import Patch
from graticule.imaging.scissors import ScissorsParameters

FEWEST_CORNERS = 3


@dataclass(frozen=True, eq=False)
class Carving:
    """outline_px: (n, 2) on the picture. matrix: 4×4, LPS mm → (x, y, depth in mm away from the eye, 1), of a parallel camera.

    hidden: segments that are not shown; they are neither cut with “all” nor seen first.
    """

    outline_px: Floats
    matrix: Floats
    options: ScissorsOptions
    hidden: Collection[str] = ()


def carve(bench: Bench, carving: Carving) -> None:
    """Find what the outline reaches, beside the hand, and do it as one act; GraticuleError when nothing can be cut."""
    if len(carving.outline_px) < FEWEST_CORNERS:
        return
    segment, segments, options = segment_in_hand(bench), cut_from(bench, carving), carving.options
    whose = "segments" if len(segments) > 1 else segment_name(bench, segment)
    title = f"{'Cut' if options.act == ERASE else 'Fill'} {whose} {options.side} the outline in 3D"
    work = _Work(bench, carving, segment, segments)

    def done(changes: list[VoxelChange]) -> None:
        if work.outdated:
            bench.thinking.ask(_refuse, lambda nothing: None)
        else:
            bench.workspace.do(title, *changes)

    bench.thinking.ask(work.changes, done, "Cutting")


def _refuse(progress: Progress) -> None:
    """Told like anything that could not be found."""
    raise GraticuleError("The segments changed while the cut was computed.", "Nothing was cut. Draw the outline again.")


class _Work:
    """Runs beside the hand. Labels that changed meanwhile make it outdated: what was found is then given up."""

    def __init__(self, bench: Bench, carving: Carving, segment: Segment, segments: list[Segment]) -> None:
        self._labels, self._canvas, self._rules = bench.workspace.labels, bench.canvas, bench.paint
        self._carving, self._segment, self._segments = carving, segment, segments
        self._shown = shown(bench, carving)
        self._erase = carving.options.act == ERASE
        self._before = {one.group: self._labels.group(one.group).counts.copy() for one in segments}

    @property
    def outdated(self) -> bool:
        return any(not np.array_equal(self._labels.group(name).counts, counts) for name, counts in self._before.items())

    def changes(self, progress: Progress) -> list[VoxelChange]:
        """GraticuleError when nothing would change."""
        found = self._allowed(self._found(progress))
        changes = cut(self._labels, self._segments, found, self._carving.options.act, self._rules) if found.voxels else []
        if not changes:
            raise nothing_changes()
        return changes

    def _found(self, progress: Progress) -> Patch:
        options, grid, matrix = self._carving.options, self._canvas.grid, self._carving.matrix
        shape = ScissorsParameters(np.asarray(self._carving.outline_px, dtype=np.float64), matrix, options.side)
        among = held(self._labels, self._segments) if self._erase else everywhere(grid)
        found = seen(among, grid, shape, progress)
        if options.reach == DEPTH:
            first = seen(held(self._labels, self._shown), grid, shape, progress)
            found = front_of(found, first, grid, matrix, options.depth_mm, progress)
        if not found.voxels:
            raise GraticuleError(f"There is nothing to cut {options.side} the outline.", "Draw round what should be cut.")
        return found

    def _allowed(self, found: Patch) -> Patch:
        """What the rules of painting leave of it."""
        if self._rules.range is None and not self._rules.inside:
            return found
        shape = self._canvas.grid.shape
        index = where_allowed(found.flat(shape), self._labels, self._segment, self._rules, self._canvas)
        return Patch.of(index, shape) if index.size else Patch.nothing()


def cut_from(bench: Bench, carving: Carving) -> list[Segment]:
    """Whose voxels may go: the segment in hand, or all that are shown and unlocked."""
    if carving.options.act == ERASE and carving.options.whose == ALL:
        return [segment for segment in shown(bench, carving) if not segment.locked]
    return [segment_in_hand(bench)]


def shown(bench: Bench, carving: Carving) -> list[Segment]:
    return [segment for segment in bench.workspace.labels.of(Segment) if segment.id not in carving.hidden]


def carving_words(bench: Bench, options: ScissorsOptions) -> str:
    """What letting go would do, for the words beside the hand: "Erase inside, Liver, 10 mm deep"; or why nothing."""
    try:
        segment = segment_in_hand(bench)
    except GraticuleError as reason:
        return reason.message
    verb = "Erase" if options.act == ERASE else "Fill"
    whose = "all shown" if options.act == ERASE and options.whose == ALL else segment_name(bench, segment)
    deep = f"{options.depth_mm:g} mm deep" if options.reach == DEPTH else "all the way through"
    return f"{verb} {options.side}, {whose}, {deep}"
