"""What may be told to whom. Blinding by withholding: nothing of another reader leaves here, in any form."""

from sqlalchemy import Connection, select

from graticule.records.merkle import EMPTY_ROOT
from graticule.server.assign import assigned_projects, assignments_of
from graticule.server.log import log_head
from graticule.server.refusal import Refusal
from graticule.server.tables import checkpoints, records
from graticule.sync.messages import Cursor, LogHead, OwnEntry, PullPage

PAGE = 500


def own_logs(connection: Connection, reader: str) -> tuple[LogHead, ...]:
    """Heads of the logs in which this reader has work or assignments."""
    worked = connection.execute(select(records.c.project).where(records.c.reader == reader).distinct()).scalars()
    return tuple(log_head(connection, project) for project in sorted(set(worked) | assigned_projects(connection, reader)))


def page(connection: Connection, reader: str, cursor: Cursor) -> PullPage:
    """The reader's own entries after the cursor, and their assignments. Refusal 410 when the cursor stands on another past."""
    head = log_head(connection, cursor.project)
    _check_cursor(connection, cursor)
    end = _page_end(connection, cursor, head)
    query = (
        select(records)
        .where(
            records.c.reader == reader,
            records.c.project == cursor.project,
            records.c.position >= cursor.index,
            records.c.position < end.index,
        )
        .order_by(records.c.position)
    )
    own = tuple(
        OwnEntry(row.position, _ref(row.identity), row.kind, row.op, row.case_id, row.device, row.seq, row.state)
        for row in connection.execute(query)
    )
    return PullPage(own, tuple(assignments_of(connection, reader, cursor.project)), end, end.index < head.size, head)


def _check_cursor(connection: Connection, cursor: Cursor) -> None:
    stands = select(checkpoints.c.root).where(checkpoints.c.project == cursor.project, checkpoints.c.size == cursor.index)
    known = EMPTY_ROOT if cursor.index == 0 else connection.execute(stands).scalar_one_or_none()
    if known != cursor.root:
        raise Refusal(
            410, "reset", "The server's past is not the one this workstation knows.", "It starts reading from the beginning."
        )


def _page_end(connection: Connection, cursor: Cursor, head: LogHead) -> Cursor:
    """The furthest recorded root within a page; the next one when a single push was longer than that."""
    after = select(checkpoints).where(checkpoints.c.project == cursor.project, checkpoints.c.size > cursor.index)
    within = after.where(checkpoints.c.size <= cursor.index + PAGE).order_by(checkpoints.c.size.desc()).limit(1)
    row = (
        connection.execute(within).one_or_none() or connection.execute(after.order_by(checkpoints.c.size).limit(1)).one_or_none()
    )
    return Cursor(cursor.project, row.size, row.root) if row else cursor


def _ref(identity: str) -> str:
    return "" if identity.startswith("h1:") else identity
