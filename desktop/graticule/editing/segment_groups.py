"""Groups of segments: no voxel belongs to two segments of one group, so a segment that overlaps others lies in another group."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from graticule.domain.edits import Change, ElementChange, VoxelChange, voxel_change
from graticule.domain.elements import Group, Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.labels import AUTHOR_NONE, Labels
from graticule.imaging.logic import mask_of
from graticule.imaging.patch import Patch

FIRST = "1"
# What happens to voxels that are labelled in the other group already: nothing is moved, they stay, or they are taken.
REFUSE, LEAVE, TAKE = "refuse", "leave", "take"


class GroupClash(GraticuleError):
    """Voxels are labelled in the other group already. voxels: how many; locked: a locked segment holds some of them."""

    def __init__(self, voxels: int, names: Iterable[str], *, locked: bool) -> None:
        super().__init__(f"{voxels:,} voxels belong to {', '.join(names)} in that group already.",
                         "Leave them to the others, or take them." if not locked else "Unlock the others, or leave them theirs.")
        self.voxels, self.locked = voxels, locked


def groups_of(labels: Labels) -> list[str]:
    """Every group there is, the first one always, in the order of their numbers; possible boundaries lie apart and make none."""
    found = {FIRST, *(s.group for s in labels.of(Segment) if not s.possible_of), *(group.id for group in labels.of(Group))}
    return sorted(found, key=lambda name: (not name.isdigit(), int(name) if name.isdigit() else 0, name))


def new_group(labels: Labels) -> str:
    """A name that no group has and no voxel was stored under; GraticuleError when the labels would be too large to keep."""
    labels.own_group()
    taken = {*groups_of(labels), *(s.group for s in labels.of(Segment)), *labels.groups}
    return next(name for number in range(1, len(taken) + 2) if (name := str(number)) not in taken)


def group_with_room(labels: Labels, wanted: str) -> str:
    """`wanted` while it holds fewer than 255 segments; else the first group that does, or a new one."""
    for name in (wanted, *groups_of(labels)):
        try:
            labels.free_value(name)
        except GraticuleError:
            continue
        return name
    return new_group(labels)


def clash(labels: Labels, segment: Segment, group: str) -> dict[str, int]:
    """Ids of the segments of `group` that lie where `segment` does, and how many voxels of it each holds."""
    patch, values = _patch(labels, segment), _values(labels, group)
    if values is None or not patch.voxels:
        return {}
    counts = np.bincount(values[patch.box][patch.mask], minlength=256)
    return {s.id: int(counts[s.value]) for s in labels.of(Segment) if s.group == group and counts[s.value]}


def moved(labels: Labels, segment: Segment, group: str, held: str = REFUSE) -> list[Change]:
    """The changes that bring a segment and its voxels, with their authors, into another group.

    held: what becomes of voxels that others hold there (REFUSE raises GroupClash). Voxels of a locked segment are never taken.
    """
    if segment.possible_of:
        raise GraticuleError("A possible boundary has a group of its own.", "Move the sure segment instead.")
    taken = clash(labels, segment, group)
    others = [s for s in labels.of(Segment) if s.id in taken]
    locked = any(s.locked for s in others)
    if taken and (held == REFUSE or (held == TAKE and locked)):
        raise GroupClash(sum(taken.values()), (s.name or "another segment" for s in others), locked=locked)
    after = replace(segment, group=group, value=labels.free_value(group))
    patch = _patch(labels, segment)
    changes: list[Change | None] = [ElementChange.replace(segment, after)]
    if patch.voxels:
        old, new = labels.group(segment.group), labels.group(group)
        index = patch.flat(old.shape)
        changes.append(voxel_change(segment.group, old, index, 0, AUTHOR_NONE))
        if held == LEAVE:
            index = index[new.values.reshape(-1)[index] == 0]
        changes.append(_given(group, index, after.value, labels, segment.group))
    return [change for change in changes if change is not None]


def _given(group: str, index: Array, value: int, labels: Labels, source: str) -> VoxelChange | None:
    authors = labels.group(source).authors.reshape(-1)[index]
    return voxel_change(group, labels.group(group), index, value, authors)


def _patch(labels: Labels, segment: Segment) -> Patch:
    group = labels.groups.get(segment.group)
    return mask_of(group, segment.value) if group is not None else Patch.nothing()


def _values(labels: Labels, group: str) -> Array | None:
    return labels.groups[group].values if group in labels.groups else None
