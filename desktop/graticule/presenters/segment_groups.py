"""The groups of a case's segments: named, made, taken away, and a segment moved between them."""

from dataclasses import replace

from graticule.domain.edits import Change, ElementChange
from graticule.domain.elements import Group, Segment
from graticule.domain.errors import GraticuleError
from graticule.editing.segment_groups import REFUSE, groups_of, moved, new_group
from graticule.presenters.open_case import OpenCase


class SegmentGroups:
    """Groups by their ids ("1", "2" …); what a reader called one stands in its Group element."""

    def __init__(self, opened: OpenCase) -> None:
        self._opened = opened

    def ids(self) -> list[str]:
        return groups_of(self._opened.workspace.labels)

    def name(self, group: str) -> str:
        """The reader's word for it, "" where nobody named it."""
        found = self._opened.workspace.labels.get(Group, group)
        return found.name if found is not None else ""

    def members(self, group: str) -> list[Segment]:
        return [s for s in self._opened.workspace.labels.of(Segment) if s.group == group]

    def add(self, name: str = "") -> str:
        group = new_group(self._opened.workspace.labels)
        self._opened.workspace.set(f"Add group {name or group}", Group(id=group, name=name))
        return group

    def rename(self, group: str, name: str) -> None:
        name = name.strip()
        before = self._opened.workspace.labels.get(Group, group)
        after = replace(before, name=name) if before is not None else Group(id=group, name=name)
        if name != self.name(group):
            self._opened.workspace.set(f"Name group {name or group}", after)

    def remove(self, group: str) -> None:
        """Take an empty group away; GraticuleError while segments lie in it."""
        if self.members(group):
            raise GraticuleError("Segments lie in this group.", "Move or delete them first.")
        before = self._opened.workspace.labels.get(Group, group)
        if before is not None:
            self._opened.workspace.do(f"Remove group {before.name or group}", ElementChange.remove(before))

    def move(self, segment: Segment, group: str, held: str = REFUSE) -> None:
        """Bring a segment into another group, "" for a new one. held: what becomes of voxels that others have there
        (`editing.segment_groups`); GroupClash while that is not decided."""
        labels, changes = self._opened.workspace.labels, list[Change]()
        if segment.locked:
            raise GraticuleError(f"{segment.name or 'This segment'} is locked.", "Unlock it first, then move it.")
        if group == segment.group:
            return
        if not group:
            group = new_group(labels)
            changes.append(ElementChange.make(Group(id=group)))
        changes += moved(labels, segment, group, held)
        self._opened.workspace.do(f"Move {segment.name or 'segment'} to group {self.name(group) or group}", *changes)
