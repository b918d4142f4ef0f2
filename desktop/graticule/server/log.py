"""The transparency log of a project: an RFC 9162 tree over entries in the order they were taken in, and its signed checkpoint.

A row of `logs` keeps the size and the frontier (roots of the full subtrees), so appending costs a few hashes at any size.
"""

from typing import Any

from sqlalchemy import Connection, select, update

from graticule.records.canonical import canonical
from graticule.records.keys import SigningKey
from graticule.records.merkle import Frontier, leaf_hash
from graticule.server.database import Database
from graticule.server.tables import checkpoints, entries, logs, records
from graticule.sync.messages import LogHead

CHECKPOINT_DOMAIN = b"graticule/checkpoint/1\n"


def lock_log(connection: Connection, database: Database, project: str) -> Frontier:
    """The tree of a project, held until the transaction ends: positions are dense because nobody else can give one."""
    connection.execute(database.insert_new(logs), {"project": project, "size": 0, "frontier": ""})
    row = connection.execute(select(logs).where(logs.c.project == project).with_for_update()).one()
    return Frontier(row.size, row.frontier.split())


def write_log(connection: Connection, database: Database, project: str, tree: Frontier) -> LogHead:
    """Keep the grown tree and remember its root as a place where a cursor may stand."""
    connection.execute(update(logs).where(logs.c.project == project).values(size=tree.size, frontier=" ".join(tree.peaks)))
    head = LogHead(project, tree.size, tree.root)
    connection.execute(database.insert_new(checkpoints), head.as_json())
    return head


def log_head(connection: Connection, project: str) -> LogHead:
    row = connection.execute(select(logs).where(logs.c.project == project)).one_or_none()
    tree = Frontier(row.size, row.frontier.split()) if row else Frontier()
    return LogHead(project, tree.size, tree.root)


def recomputed_head(connection: Connection, project: str) -> LogHead:
    """The head as the stored lines give it: what a check compares with `log_head`."""
    tree = Frontier()
    lines = (
        select(entries.c.line)
        .join(records, (records.c.device == entries.c.device) & (records.c.seq == entries.c.seq))
        .where(records.c.project == project)
        .order_by(records.c.position)
    )
    for row in connection.execute(lines):
        tree.append(leaf_hash(bytes(row.line)))
    return LogHead(project, tree.size, tree.root)


def signed_checkpoint(server: str, timeline: str, head: LogHead, time_ms: int, key: SigningKey) -> dict[str, Any]:
    """What the server vouches for: this log has this root at this size."""
    statement = {"v": 1, "server": server, "timeline": timeline, **head.as_json(), "time_ms": time_ms}
    return {**statement, "signature": key.sign(CHECKPOINT_DOMAIN + canonical(statement)).hex()}
