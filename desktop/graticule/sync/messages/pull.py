"""A pull: what the server may tell this reader. Other readers' work is withheld, so nothing of it is in any page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graticule.records.merkle import EMPTY_ROOT
from graticule.study.assignment import Assignment
from graticule.sync.messages.fields import hash_text, listed, mapping, number, text
from graticule.sync.messages.hello import LogHead


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a project's log has been read, and its root at that size: a changed past is noticed (410 reset)."""

    project: str
    index: int = 0
    root: str = EMPTY_ROOT

    def as_json(self) -> dict[str, Any]:
        return {"index": self.index, "project": self.project, "root": self.root}

    def as_query(self) -> dict[str, str]:
        return {"index": str(self.index), "project": self.project, "root": self.root}

    @classmethod
    def from_json(cls, data: Any) -> "Cursor":
        found = mapping(data)
        return cls(text(found, "project"), number(found, "index"), hash_text(found, "root"))


@dataclass(frozen=True, slots=True)
class OwnEntry:
    """One logged entry of the asking reader (any of their devices): where it stands, not what it says."""

    index: int
    ref: str
    kind: str
    op: str
    case: str
    device: str
    seq: int
    state: str

    def as_json(self) -> dict[str, Any]:
        return {
            "index": self.index,
            "ref": self.ref,
            "kind": self.kind,
            "op": self.op,
            "case": self.case,
            "device": self.device,
            "seq": self.seq,
            "state": self.state,
        }

    @classmethod
    def from_json(cls, data: Any) -> "OwnEntry":
        found = mapping(data)
        return cls(
            number(found, "index"),
            text(found, "ref"),
            text(found, "kind"),
            text(found, "op"),
            text(found, "case"),
            text(found, "device"),
            number(found, "seq"),
            text(found, "state"),
        )


@dataclass(frozen=True, slots=True)
class PullPage:
    """entries: this reader's own. assignments: all of this reader's in the project, as they stand now."""

    entries: tuple[OwnEntry, ...]
    assignments: tuple[Assignment, ...]
    next: Cursor
    more: bool
    checkpoint: LogHead

    def as_json(self) -> dict[str, Any]:
        return {
            "v": 1,
            "entries": [entry.as_json() for entry in self.entries],
            "assignments": [assignment_json(item) for item in self.assignments],
            "next": self.next.as_json(),
            "more": self.more,
            "checkpoint": self.checkpoint.as_json(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "PullPage":
        return cls(
            tuple(OwnEntry.from_json(item) for item in listed(data, "entries")),
            tuple(read_assignment(item) for item in listed(data, "assignments")),
            Cursor.from_json(data.get("next")),
            data.get("more") is True,
            LogHead.from_json(data.get("checkpoint")),
        )


def assignment_json(assignment: Assignment) -> dict[str, Any]:
    return {
        "project": assignment.project,
        "protocol": assignment.protocol,
        "case": assignment.case_id,
        "reader": assignment.reader,
        "round": assignment.round,
        "role": assignment.role,
        "order": assignment.order,
    }


def read_assignment(data: Any) -> Assignment:
    found = mapping(data)
    return Assignment(
        text(found, "project"),
        text(found, "protocol"),
        text(found, "case"),
        text(found, "reader"),
        number(found, "round", 1),
        text(found, "role", "reader"),
        number(found, "order", 0),
    )
