"""What is sure is possible too: whatever an act does to one of the two boundaries, the other follows in the same act.

Painting sure adds to possible; erasing possible erases sure. The workspace asks here at every stage, so no tool can forget it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from graticule.domain.edits import Change, ElementChange, VoxelChange, voxel_change
from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.labels import Labels
from graticule.imaging.authorship import HAND, authors_after
from graticule.imaging.logic import mask_of


@dataclass(frozen=True, slots=True)
class Pair:
    sure: Segment
    possible: Segment


def pairs_of(labels: Labels) -> list[Pair]:
    """Every segment that has a possible boundary, with it."""
    found = ((labels.sure_of(segment), segment) for segment in labels.of(Segment) if segment.possible_of)
    return [Pair(sure, possible) for sure, possible in found if sure is not None]


def followed(labels: Labels, changes: Iterable[Change]) -> list[Change]:
    """What has to change with `changes`, which the labels already hold; GraticuleError when a locked boundary would have to."""
    done = list(changes)
    more: list[Change] = list(_of_removed(labels, done))
    for pair in pairs_of(labels):
        more += [step for step in (_gained(labels, pair, done), _lost(labels, pair, done)) if step is not None]
    return more


def _gained(labels: Labels, pair: Pair, done: list[Change]) -> VoxelChange | None:
    """Sure voxels that came must be possible; all of them when the possible boundary is new."""
    sure, possible = labels.group(pair.sure.group), labels.group(pair.possible.group)
    if any(isinstance(change, ElementChange) and change.id == pair.possible.id for change in done):
        index = mask_of(sure, pair.sure.value).flat(sure.shape)
    else:
        index = _voxels(done, pair.sure.group, lambda change: (change.after == pair.sure.value) & (change.before != change.after))
    index = index[(sure.values.reshape(-1)[index] == pair.sure.value)
                  & (possible.values.reshape(-1)[index] != pair.possible.value)]
    if not index.size:
        return None
    _refuse_locked(pair.possible)
    return voxel_change(pair.possible.group, possible, index, pair.possible.value, sure.authors.reshape(-1)[index])


def _lost(labels: Labels, pair: Pair, done: list[Change]) -> VoxelChange | None:
    """Possible voxels that went cannot be sure."""
    sure, possible = labels.group(pair.sure.group), labels.group(pair.possible.group)
    index = _voxels(done, pair.possible.group,
                    lambda change: (change.before == pair.possible.value) & (change.after != change.before))
    values, authors = sure.values.reshape(-1)[index], sure.authors.reshape(-1)[index]
    gone = (values == pair.sure.value) & (possible.values.reshape(-1)[index] != pair.possible.value)
    if not gone.any():
        return None
    _refuse_locked(pair.sure)
    author = authors_after(HAND, values[gone], authors[gone], np.zeros_like(values[gone]))
    return voxel_change(pair.sure.group, sure, index[gone], 0, author)


def _of_removed(labels: Labels, done: list[Change]) -> Iterator[Change]:
    """A possible boundary goes with the segment it belongs to."""
    gone = {change.id for change in done if isinstance(change, ElementChange) and change.kind == Segment.KIND
            and change.after is None}
    for segment in labels.of(Segment) if gone else ():
        if segment.possible_of in gone:
            yield from _cleared(labels, segment)
            yield ElementChange.remove(segment)


def _cleared(labels: Labels, segment: Segment) -> Iterator[Change]:
    _refuse_locked(segment)
    group = labels.groups.get(segment.group)
    if group is not None and group.counts[segment.value]:
        change = voxel_change(segment.group, group, mask_of(group, segment.value).flat(group.shape), 0, 0)
        if change is not None:
            yield change


def _voxels(done: list[Change], group: str, which: Callable[[VoxelChange], Array]) -> Array:
    """(n,) int64 flat indices, rising, of the runs that `which` picks from every change of a group."""
    found = []
    for change in done:
        if isinstance(change, VoxelChange) and change.group == group:
            runs = which(change)
            found.append(replace(change, starts=change.starts[runs], lengths=change.lengths[runs]).indices())
    return np.unique(np.concatenate(found)) if found else np.zeros(0, dtype=np.int64)


def _refuse_locked(segment: Segment) -> None:
    if segment.locked:
        what = "The possible boundary" if segment.possible_of else "The sure boundary"
        raise GraticuleError(f"{what} would have to change with this, and it is locked.",
                             "What is sure is always possible too. Unlock it in the Segments list.")
