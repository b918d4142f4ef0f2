"""What a stroke or a drawn shape changes: one segment gains or loses voxels, as far as locks and the chosen rules allow."""

import numpy as np

from graticule.domain.edits import VoxelChange, voxel_change
from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.labels import Labels
from graticule.editing.canvas import Canvas
from graticule.editing.paint_rules import PaintRules
from graticule.imaging.authorship import HAND, authors_after
from graticule.imaging.paint_range import StrokeRange, only_in_range

# A range that grows with the hand is never narrower than this share of the image's usual values: one flat patch is no tissue.
_LEAST_SHARE = 0.02
_SAMPLED = 40_000


def gained(labels: Labels, segment: Segment, index: Array, rules: PaintRules, act: int = HAND) -> VoxelChange | None:
    """The change that gives a segment the voxels it may take; None when nothing would change.

    index: (n,) int64 flat indices, rising. act: who makes it (`imaging.authorship`).
    """
    group, allowed = labels.group(segment.group), rules.values(labels, segment.group).may_take(segment.value)
    allowed[segment.value] = not segment.locked  # what is its own already may be painted again
    return _changed(labels, segment, _kept(index, group.values, allowed), segment.value, act)


def lost(labels: Labels, segment: Segment, index: Array, act: int = HAND) -> VoxelChange | None:
    """The change that takes voxels of a segment away; other segments and what is locked stay."""
    group = labels.group(segment.group)
    if segment.locked:
        return None
    return _changed(labels, segment, index[group.values.reshape(-1)[index] == segment.value], 0, act)


def where_allowed(index: Array, labels: Labels, segment: Segment, rules: PaintRules, canvas: Canvas) -> Array:
    """The voxels that lie in the chosen range, and inside the chosen segment where that is one of another group."""
    within = rules.elsewhere(labels, segment.group)
    if within is not None:
        index = index[labels.group(within.group).values.reshape(-1)[index] == within.value]
    if rules.range is not None and not rules.follow:
        index = only_in_range(index, canvas.voxels, rules.range)
    return index


def drawn(labels: Labels, segment: Segment, index: Array, rules: PaintRules, canvas: Canvas, *, erase: bool,
          act: int = HAND) -> VoxelChange | None:
    """A whole shape at once. Where the range follows the hand, it is that of what the shape holds."""
    index = where_allowed(index, labels, segment, rules, canvas)
    if rules.follow and index.size:
        index = only_in_range(index, canvas.voxels, following(canvas).seen(index, canvas.voxels).range)
    return lost(labels, segment, index, act) if erase else gained(labels, segment, index, rules, act)


def nothing_changes() -> GraticuleError:
    return GraticuleError("Nothing would change.",
                          "The shape holds no voxel that may be changed; see “Paint where” beside the tool.")


def following(canvas: Canvas) -> StrokeRange:
    """The range of a stroke that has met nothing yet."""
    voxels = canvas.voxels
    every = max(1, int(np.ceil((voxels.size / _SAMPLED) ** (1 / 3))))
    low, high = np.nanpercentile(voxels[::every, ::every, ::every], (1, 99))
    return StrokeRange(least=float(high - low) * _LEAST_SHARE)


def _kept(index: Array, values: Array, allowed: Array) -> Array:
    return index if allowed.all() else index[allowed[values.reshape(-1)[index]]]


def _changed(labels: Labels, segment: Segment, index: Array, value: int, act: int) -> VoxelChange | None:
    if not index.size:
        return None
    group = labels.group(segment.group)
    before, author = group.values.reshape(-1)[index], group.authors.reshape(-1)[index]
    after = np.full(index.shape, value, dtype=np.uint8)
    return voxel_change(segment.group, group, index, after, authors_after(act, before, author, after))


def inside_only(labels: Labels, change: VoxelChange | None, rules: PaintRules) -> VoxelChange | None:
    """What of a change lies inside the chosen segment of another group; all of it where none is chosen."""
    within = rules.elsewhere(labels, change.group) if change is not None else None
    if change is None or within is None:
        return change
    index = change.indices()
    keep = labels.group(within.group).values.reshape(-1)[index] == within.value
    after, author = (np.repeat(part, change.lengths)[keep] for part in (change.after, change.after_author))
    return voxel_change(change.group, labels.group(change.group), index[keep], after, author)
