"""Scissors, in a slice and on the 3D view: what lies in a shape seen from one side is taken from segments, or given to one.

    shape = ScissorsParameters(outline_px, matrix, INSIDE or OUTSIDE, near, far)
    patch = reached(labels, segments, grid, shape)          what the segments hold of it
    changes = cut(labels, segments, patch, ERASE, rules)    nothing is changed yet; give them to `Workspace.do`
"""

from collections.abc import Sequence

import numpy as np

from graticule.domain.edits import VoxelChange
from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Grid
from graticule.domain.labels import Labels
from graticule.domain.progress import Progress
from graticule.editing.handwork import gained, lost
from graticule.editing.paint_rules import PaintRules
from graticule.imaging.authorship import HAND
from graticule.imaging.logic import mask_of
from graticule.imaging.patch import Patch, joined, size_of
from graticule.imaging.scissors import ScissorsParameters, seen_inside

ERASE, FILL = "erase", "fill"
# Planes looked at together while a whole volume is filled: the places of all its voxels at once would not fit into memory.
_PLANES = 8
_RUN_FIELDS = ("starts", "lengths", "before", "after", "before_author", "after_author")


def cut(labels: Labels, segments: Sequence[Segment], patch: Patch, act: str,
        rules: PaintRules | None = None) -> list[VoxelChange]:
    """The changes that an act on `patch` comes to; [] when nothing would change.

    ERASE: every given segment loses the patch. FILL: the first gains it, as far as `rules` allow. Locked segments stay.
    """
    if not segments:
        raise GraticuleError("No segment is selected.", "Choose one in the Segments list, then cut.")
    changes: list[VoxelChange | None] = []
    index = patch.flat(labels.group(segments[0].group).shape)
    for segment in segments if act == ERASE else segments[:1]:
        changes.append(lost(labels, segment, index, HAND) if act == ERASE else
                       gained(labels, segment, index, rules or PaintRules(), HAND))
    return _one_of_each_group([change for change in changes if change is not None])


def held(labels: Labels, segments: Sequence[Segment]) -> Patch:
    """All voxels of the segments, in the smallest box: what an ERASE can reach."""
    whole = Patch.nothing()
    for segment in segments:
        group = labels.groups.get(segment.group)
        own = mask_of(group, segment.value) if group is not None else Patch.nothing()
        whole = own if not whole.voxels else whole if not own.voxels else _both(whole, own)
    return whole


def seen(among: Patch, grid: Grid, shape: ScissorsParameters, progress: Progress | None = None) -> Patch:
    """The voxels of a patch that the shape holds, some slices at a time."""
    mask: Array = np.zeros(among.mask.shape, dtype=bool)
    planes, rows, columns = among.box
    for first in range(0, mask.shape[0], _PLANES):
        if progress is not None:
            progress.step(first, mask.shape[0])
        part = slice(first, first + _PLANES)
        start = planes.start + first
        piece = Patch((slice(start, min(start + _PLANES, planes.stop)), rows, columns), among.mask[part])
        if piece.voxels:
            mask[part] = seen_inside(piece, grid, shape).on(piece.box)
    return Patch(among.box, mask).trimmed()


def reached(labels: Labels, segments: Sequence[Segment], grid: Grid, shape: ScissorsParameters) -> Patch:
    """What of the segments lies in the shape."""
    return seen(held(labels, [segment for segment in segments if not segment.locked]), grid, shape)


def everywhere(grid: Grid) -> Patch:
    """The whole grid, to FILL a shape that goes all the way through."""
    box = slice(0, grid.shape[0]), slice(0, grid.shape[1]), slice(0, grid.shape[2])
    return Patch(box, np.broadcast_to(np.True_, grid.shape))


def _both(one: Patch, two: Patch) -> Patch:
    box = joined(one.box, two.box)
    mask: Array = np.zeros(size_of(box), dtype=bool)
    for part in (one, two):
        mask |= part.on(box)
    return Patch(box, mask)


def _one_of_each_group(changes: list[VoxelChange]) -> list[VoxelChange]:
    """Several segments of one group lose voxels in one change: their runs are interleaved."""
    by_group: dict[str, list[VoxelChange]] = {}
    for change in changes:
        by_group.setdefault(change.group, []).append(change)
    return [parts[0] if len(parts) == 1 else _together(parts) for parts in by_group.values()]


def _together(parts: list[VoxelChange]) -> VoxelChange:
    order = np.argsort(np.concatenate([part.starts for part in parts]), kind="stable")

    def joint(name: str) -> Array:
        return np.asarray(np.concatenate([getattr(part, name) for part in parts])[order])

    return VoxelChange(parts[0].group, *(joint(name) for name in _RUN_FIELDS))
