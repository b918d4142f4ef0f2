"""Two segments combined: added, subtracted, intersected, copied; and one inverted or cleared."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from graticule.domain.elements import Segment
from graticule.domain.geometry import Array
from graticule.domain.progress import Progress
from graticule.editing.operations.material import Material
from graticule.editing.operations.operation import COMBINE, same, stopped
from graticule.editing.proposal import Proposal
from graticule.imaging.authorship import DERIVED
from graticule.imaging.logic import ADD, COPY, INTERSECT, INVERT, SUBTRACT, combined, inverted
from graticule.imaging.patch import Patch, overlap, relative, whole

CLEAR = "clear"
# What needs no second segment.
ALONE = (INVERT, CLEAR)
_TITLES = {ADD: "Add {other} to {own}", SUBTRACT: "Take {other} from {own}", INTERSECT: "{own} where {other} is too",
           COPY: "{own} becomes {other}", INVERT: "Invert {own}", CLEAR: "Clear {own}"}


@dataclass(frozen=True, slots=True)
class CombineOptions:
    """other: id of the second segment."""

    how: str = field(default=ADD, metadata={"label": "How", "kind": "list", "choices": {
        ADD: "Add", SUBTRACT: "Subtract", INTERSECT: "Intersect", COPY: "Copy", INVERT: "Invert", CLEAR: "Clear"}})
    other: str = field(default="", metadata={"label": "With", "kind": "segments", "one": True,
                                             "only_with": ("how", (ADD, SUBTRACT, INTERSECT, COPY))})


class Combine:
    name: ClassVar[str] = "combine"
    title: ClassVar[str] = "Combine"
    group: ClassVar[str] = COMBINE
    hint: ClassVar[str] = "The selected segment changes by the other one."
    many: ClassVar[bool] = False
    sliced: ClassVar[bool] = True

    def __init__(self) -> None:
        self.options = CombineOptions()

    @property
    def pair(self) -> bool:
        return self.options.how not in ALONE

    def plan(self, material: Material, progress: Progress) -> Proposal:
        segment, how = material.chosen[0], self.options.how
        other = material.segment(self.options.other) if how not in ALONE else segment
        mine, theirs = material.patch(segment), material.patch(other)
        wanted = _result(material, how, mine, theirs)
        among = frozenset({other.id})
        allowed = material.allowed(segment, wanted, among)
        title = _TITLES[how].format(own=material.names[segment.id], other=material.names[other.id])
        if same(mine, allowed):
            return Proposal(title, (), DERIVED, "Nothing would change.", stopped(wanted.voxels - allowed.voxels))
        parts = material.becomes(segment, allowed, _handed_on(material, other, theirs, allowed), among)
        note = f"{material.amount(mine)} → {material.amount(allowed)}"
        return Proposal(title, parts, DERIVED, note, _given_up(material, segment, other, allowed)
                        or stopped(wanted.voxels - allowed.voxels))


def _result(material: Material, how: str, mine: Patch, theirs: Patch) -> Patch:
    if how == INVERT:
        return inverted(mine, whole(material.grid.shape))
    return Patch.nothing() if how == CLEAR else combined(how, mine, theirs)


def _handed_on(material: Material, other: Segment, theirs: Patch, wanted: Patch) -> Array:
    """uint8 of the box of `wanted`: who made the voxels that come from the other segment, 0 where none does."""
    out = np.zeros(wanted.mask.shape, dtype=np.uint8)
    common = overlap(theirs.box, wanted.box)
    if common is not None:
        inner = relative(common, wanted.box)
        out[inner] = np.where(theirs.on(common), material.authors_on(other.group, common), 0)
    return out


def _given_up(material: Material, segment: Segment, other: Segment, wanted: Patch) -> str:
    """In one group no voxel has two segments: what is added is taken away from the other."""
    if segment.group != other.group or segment is other:
        return ""
    taken = int(np.count_nonzero(wanted.mask & (material.values_on(other.group, wanted.box) == other.value)))
    return f"{material.names[other.id]} gives up {taken:,} voxels: segments of one group do not overlap." if taken else ""
