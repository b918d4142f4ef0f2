"""The schema, forward only. A released step is never edited: a change is a new step below it."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from graticule.domain.errors import GraticuleError
from graticule.store.database import APPLICATION_ID, Database, connect
from graticule.store.errors import IN_USE, in_words
from graticule.store.place import sync_folder
from graticule.store.schema import FIRST
from graticule.store.steps import LATER

if TYPE_CHECKING:
    from sqlite_utils import Database as Utilities

# Each step is one SQL script; its place in this tuple, counted from 1, is the schema number (`user_version`).
STEPS: tuple[str, ...] = (FIRST, *LATER)


def create(path: Path, key: bytes, fill: Callable[[Database], None], steps: tuple[str, ...] = STEPS) -> None:
    """A new database with what `fill` puts in. It appears under its name only when it is complete."""
    unfinished = path.with_name(path.name + ".new")
    _discard(unfinished)
    _apply(unfinished, key, steps)
    database = Database(unfinished, key)
    try:
        fill(database)
    finally:
        database.close()
    _rename(unfinished, path)


def bring_up_to_date(path: Path, key: bytes, steps: tuple[str, ...] = STEPS) -> None:
    """Migrate a copy, check it, put it in the original's place; the original stays beside it as `before-<number>.db`.

    A crash at any moment leaves either the old database or the new one. The caller holds the store's lock.
    GraticuleError for a store of a newer program or a file that is not a store.
    """
    number = schema_number(path, key)
    refuse_newer(number, len(steps))
    if number == len(steps):
        return
    copy = path.with_name(path.name + ".migrating")
    kept = path.with_name(f"before-{number + 1}.db")
    _discard(copy)
    _fold_log(path, key)
    _copy(path, kept, key)
    _copy(path, copy, key)
    _apply(copy, key, steps)
    _rename(copy, path)


def schema_number(path: Path, key: bytes) -> int:
    """The schema of a store's database; GraticuleError when the file is no Graticule store."""
    with in_words(), closing(connect(path, key, read_only=True)) as connection:
        if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise GraticuleError("This file is a database, but not a Graticule store.", "Choose the folder of a store.")
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def refuse_other(path: Path, key: bytes) -> None:
    """For those who only read: GraticuleError unless the schema is exactly this program's."""
    number = schema_number(path, key)
    refuse_newer(number)
    if number < len(STEPS):
        raise GraticuleError("This store was last used by an older Graticule.", "Open it once in this version's window.")


def refuse_newer(number: int, known: int = len(STEPS)) -> None:
    if number > known:
        raise GraticuleError("This store was written by a newer Graticule.", "Open it with that version; nothing was changed.")


def _apply(path: Path, key: bytes, steps: tuple[str, ...]) -> None:
    # Imported here: it takes 0.2 s and is needed once in the life of a store.
    from sqlite_utils import Database as Utilities

    with in_words(), closing(connect(path, key)) as connection:
        number = connection.execute("PRAGMA user_version").fetchone()[0]
        _migrations(steps).apply(Utilities(cast(sqlite3.Connection, connection), execute_plugins=False))
        _check(connection, number)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(steps)}")
        # Out of WAL: the file is renamed next, and a log left under the old name would be taken for the new file's.
        connection.execute("PRAGMA journal_mode = DELETE").fetchall()


def _migrations(steps: tuple[str, ...]) -> Any:
    from sqlite_utils import Migrations

    migrations = Migrations("graticule-store")
    for number, script in enumerate(steps, 1):
        migrations(name=f"step-{number}")(_step(script))
    return migrations


def _step(script: str) -> Any:
    def run(database: "Utilities") -> None:
        for statement in statements(script):
            database.conn.execute(statement)

    return run


def statements(script: str) -> list[str]:
    """The statements of a script; a trigger's body counts as part of its statement."""
    found, pending = [], ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            found.append(pending.strip())
            pending = ""
    return found


def _check(connection: Any, number: int) -> None:
    answer = connection.execute("PRAGMA integrity_check").fetchone()[0]
    if answer != "ok" or connection.execute("PRAGMA foreign_key_check").fetchone():
        raise GraticuleError("The store could not be brought up to date: its copy did not pass the check.",
                             f"The store (schema {number}) was left as it was. Run “graticule verify” on it and ask for help.")


def _fold_log(path: Path, key: bytes) -> None:
    """Bring everything into the one file, or refuse: somebody reading beside us would keep the old log alive."""
    with in_words(), closing(connect(path, key)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        if connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0] != "delete":
            raise GraticuleError(*IN_USE)


def _copy(path: Path, target: Path, key: bytes) -> None:
    _discard(target)
    with in_words(), closing(connect(path, key, read_only=True)) as source, closing(connect(target, key)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE").fetchall()


def _rename(new: Path, path: Path) -> None:
    with in_words():
        os.replace(new, path)
        sync_folder(path.parent)


def _discard(path: Path) -> None:
    with in_words():
        for ending in ("", "-wal", "-shm", "-journal"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
