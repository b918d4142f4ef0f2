"""Assignments as the server keeps them: versions of one another, never taken back, so *late* can be told from *on time*."""

from collections.abc import Sequence

from sqlalchemy import Connection, Subquery, and_, func, select

from graticule.server.accept import Judged
from graticule.server.database import Database
from graticule.server.tables import assignments
from graticule.study.assignment import Assignment

_KEY = (assignments.c.project, assignments.c.case_id, assignments.c.reader, assignments.c.round, assignments.c.role)


def assign(connection: Connection, database: Database, assignment: Assignment, *, is_open: bool = True) -> None:
    """Give (or, closed, take) one case to one reader. Saying the same again changes nothing."""
    key = {
        "project": assignment.project,
        "case_id": assignment.case_id,
        "reader": assignment.reader,
        "round": assignment.round,
        "role": assignment.role,
    }
    row = {**key, "protocol": assignment.protocol, "place": assignment.order, "open": int(is_open)}
    newest = connection.execute(
        select(assignments).filter_by(**key).order_by(assignments.c.version.desc()).limit(1)
    ).one_or_none()
    if newest is None or any(newest._mapping[name] != value for name, value in row.items()):
        version = newest.version + 1 if newest else 1
        connection.execute(database.insert_new(assignments), {**row, "version": version})


def assignments_of(connection: Connection, reader: str, project: str) -> list[Assignment]:
    """What this reader is to read, in the order of their worklist. Nobody else's."""
    newest = _newest(reader)
    rows = connection.execute(
        select(newest).where(newest.c.project == project, newest.c.open == 1).order_by(newest.c.place, newest.c.case_id)
    )
    return [Assignment(row.project, row.protocol, row.case_id, row.reader, row.round, row.role, row.place) for row in rows]


def assigned_projects(connection: Connection, reader: str) -> set[str]:
    return set(connection.execute(select(assignments.c.project).where(assignments.c.reader == reader).distinct()).scalars())


def closed_assignments(connection: Connection, reader: str, judged: Sequence[Judged]) -> set[int]:
    """Numbers of the entries that answer an assignment which has been revoked or whose round is closed."""
    cases = {item.case for item in judged if item.case}
    if not cases:
        return set()
    newest = _newest(reader)
    rows = connection.execute(select(newest).where(newest.c.open == 0, newest.c.case_id.in_(cases)))
    closed = {(row.project, row.case_id, row.round, row.role) for row in rows}
    return {item.seq for item in judged if (item.project, item.case, item.round, item.role) in closed}


def _newest(reader: str) -> Subquery:
    key = (*_KEY, func.max(assignments.c.version).label("version"))
    last = select(*key).where(assignments.c.reader == reader).group_by(*_KEY).subquery()
    return select(assignments).join(last, and_(*(assignments.c[column.name] == column for column in last.c))).subquery()
