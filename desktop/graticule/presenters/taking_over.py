"""Labels that came in a file become the reader's own: one act with its undo, and each segment says where it came from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

from graticule.domain.edits import Change, ElementChange, voxel_change
from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Labels, seeds_of
from graticule.editing.segment_groups import FIRST, new_group

if TYPE_CHECKING:
    from graticule.presenters.open_case import OpenCase

# In `Segment.extra`: which reader of files brought it in (`formats.label_maps.IMPORTED_FROM`).
IMPORTED_FROM = "imported_from"


class ImportedShelf(Protocol):
    """Labels that came in files, kept beside their case."""

    def newest(self, case_id: str) -> str:
        """The id of what was imported last for a case, "" when nothing was."""
        ...

    def load(self, name: str) -> Labels: ...


def take_over(opened: OpenCase, labels: Labels, source: str) -> int:
    """Make the segments of `labels` the reader's own, where they overlap nothing; how many there were.

    source: what they came from, in a word ("file"). One act. GraticuleError when the read is signed, when the labels lie on
    another grid, or when they hold no segment.
    """
    workspace = opened.workspace
    segments = [segment for segment in labels.of(Segment) if labels.voxels_of(segment)]
    if not segments:
        raise GraticuleError("The file holds no segments to take over.")
    if labels.grid_shape != workspace.labels.grid_shape:
        raise GraticuleError("The segments lie on another grid than the image.", "Import the file again with this case open.")
    if workspace.locked:
        raise GraticuleError("This read is signed and locked.", "Choose “Correct as a new version” to change it.")
    changes = list(_changes(workspace.labels, labels, segments, opened.new_id, source))
    own = sum(not segment.possible_of for segment in segments)
    workspace.do(f"Take over {own} segment{'' if own == 1 else 's'} from a file", *changes)
    return own


@dataclass
class _Places:
    """Group and value that each of their segments gets here: in the first group where they overlap nothing, else in a new one."""

    mine: Labels
    theirs: Labels
    given: dict[str, tuple[str, int]] = field(default_factory=dict)

    def give(self, segments: list[Segment]) -> None:
        for name in dict.fromkeys(segment.group for segment in segments):
            members = [segment for segment in segments if segment.group == name]
            group = FIRST if self._fits(name, members) else self._new()
            for segment in members:
                self.given[segment.id] = group, self._value(group, segment.value)

    def _fits(self, name: str, members: list[Segment]) -> bool:
        if any(segment.possible_of for segment in members) or any(group == FIRST for group, _ in self.given.values()):
            return False
        here, there = self.mine.groups.get(FIRST), self.theirs.groups[name]
        if sum(segment.group == FIRST for segment in self.mine.of(Segment)) + len(members) > 200 or there.box is None:
            return False
        return here is None or not bool((here.values[there.box].astype(bool) & there.values[there.box].astype(bool)).any())

    def _new(self) -> str:
        taken = {group for group, _ in self.given.values()} | set(self.mine.groups)
        number = int(new_group(self.mine))
        while str(number) in taken:
            number += 1
        return str(number)

    def _value(self, group: str, wanted: int) -> int:
        """Their own number where it is free here."""
        used = {value for name, value in self.given.values() if name == group}
        used |= {segment.value for segment in self.mine.of(Segment) if segment.group == group}
        counts = [self.mine.groups[name].counts for name in (group, seeds_of(group)) if name in self.mine.groups]
        free: Iterator[int] = (value for value in (wanted, *range(1, 256))
                               if value not in used and not any(int(count[value]) for count in counts))
        return next(free)


def _changes(mine: Labels, theirs: Labels, segments: list[Segment], new_id: Callable[[], str], source: str) -> Iterator[Change]:
    places, ids = _Places(mine, theirs), {segment.id: new_id() for segment in segments}
    places.give(segments)
    for segment in segments:
        group, value = places.given[segment.id]
        yield ElementChange.make(replace(segment, id=ids[segment.id], group=group, value=value,
                                         possible_of=ids.get(segment.possible_of, ""),
                                         extra={**segment.extra, IMPORTED_FROM: source}))
    for segment in segments:
        found, (group, value) = theirs.groups[segment.group], places.given[segment.id]
        index = np.flatnonzero(found.values.reshape(-1) == segment.value)
        change = voxel_change(group, mine.group(group), index, value, found.authors.reshape(-1)[index])
        if change is not None:
            yield change
