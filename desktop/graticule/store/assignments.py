"""Who reads which case in which round; made by the server, or by whoever leads a project on this machine."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from graticule.store.database import Database


class AssignmentLike(Protocol):
    """What is kept of an assignment (`study.assignment.Assignment` is one)."""

    @property
    def project(self) -> str: ...
    @property
    def protocol(self) -> str: ...
    @property
    def case_id(self) -> str: ...
    @property
    def reader(self) -> str: ...
    @property
    def round(self) -> int: ...
    @property
    def role(self) -> str: ...
    @property
    def order(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Assigned:
    project: str
    protocol: str
    case_id: str
    reader: str
    round: int = 1
    role: str = "reader"
    order: int = 0


_COLUMNS = "project, protocol, case_id, reader, round, role, position"
_PUT = f"""INSERT INTO assignments ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET project = excluded.project, role = excluded.role, position = excluded.position"""


class Assignments:
    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, assignments: Iterable[AssignmentLike]) -> None:
        """Keep these; one that is known by case, protocol, reader and round takes the new role and place."""
        with self._database.transaction():
            for item in assignments:
                self._database.run(_PUT, (item.project, item.protocol, item.case_id, item.reader, item.round, item.role,
                                          item.order))

    def all(self) -> list[Assigned]:
        rows = self._database.all(f"SELECT {_COLUMNS} FROM assignments ORDER BY position, case_id, round")
        return [Assigned(*row) for row in rows]

    def of(self, case_id: str, protocol: str, reader: str) -> Assigned | None:
        """The latest round this reader was given of a case, None when nobody assigned it."""
        row = self._database.one(f"SELECT {_COLUMNS} FROM assignments WHERE case_id = ? AND protocol = ? AND reader = ? "
                                 "ORDER BY round DESC LIMIT 1", (case_id, protocol, reader))
        return Assigned(*row) if row else None
