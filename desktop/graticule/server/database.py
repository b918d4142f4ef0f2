"""One way to a database for the central store: SQLite (through SQLCipher's library) or PostgreSQL, by URL."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlcipher3.dbapi2 as sqlite_driver
from sqlalchemy import Connection, Engine, Table, create_engine, event, text
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import StaticPool

from graticule.domain.errors import GraticuleError
from graticule.server.tables import APPEND_ONLY, SCHEMA_VERSION, metadata, settings

WRITING = "graticule_writing"

# SQLite before these can lose committed rows when a reader resets the write-ahead log.
_SOUND = ((3, 51, 3),)
_SOUND_BRANCHES = ((3, 50, 7), (3, 44, 6))


class Database:
    """Transactions on either database. `read` and `write` yield a connection and commit on leaving, roll back on an exception."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        # SQLite admits one writer; waiting here in turn is fairer than its busy handler.
        self._turn = threading.Lock()
        self._shared = isinstance(self.engine.pool, StaticPool)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        if not self.is_sqlite:
            with self.engine.begin() as connection:
                yield connection
            return
        with self._turn, self.engine.connect().execution_options(**{WRITING: True}) as connection, connection.begin():
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        if self._shared:
            with self._turn, self.engine.connect() as connection, connection.begin():
                yield connection
            return
        with self.engine.connect() as connection, connection.begin():
            yield connection

    def insert_new(self, table: Table) -> Any:
        """INSERT … ON CONFLICT DO NOTHING: the same thing twice is success, and nothing is ever replaced."""
        insert = sqlite_insert if self.is_sqlite else postgres_insert
        return insert(table).on_conflict_do_nothing()

    def create_tables(self) -> None:
        """Tables and triggers, when they are not there yet; GraticuleError for a database of a newer server."""
        with self.write() as connection:
            if not self.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(7241001)"))
            metadata.create_all(connection)
            for statement in _guards(self.is_sqlite):
                connection.execute(text(statement))
            connection.execute(self.insert_new(settings), {"name": "schema", "value": str(SCHEMA_VERSION)})
            found = connection.execute(settings.select().where(settings.c.name == "schema")).one()
        if int(found.value) > SCHEMA_VERSION:
            raise GraticuleError("The database was made by a newer Graticule server.", "Update this server.")

    def close(self) -> None:
        self.engine.dispose()


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
    except ArgumentError as fault:
        raise GraticuleError(
            "The database address cannot be read.", "Write sqlite:///file.db or postgresql://user@host/name."
        ) from fault
    backend = parsed.get_backend_name()
    if backend in ("postgresql", "postgres"):
        return _postgres(parsed.set(drivername="postgresql+psycopg"))
    if backend == "sqlite":
        return _sqlite(parsed.set(drivername="sqlite"))
    raise GraticuleError(f"“{backend}” databases are not supported.", "Use sqlite:///file.db or postgresql://user@host/name.")


def _postgres(url: Any) -> Engine:
    try:
        engine = create_engine(url, pool_pre_ping=True)
        with engine.connect():
            return engine
    except (DBAPIError, NoSuchModuleError, ImportError) as fault:
        raise GraticuleError(
            "The PostgreSQL database does not answer.", "Check the address, the account and that it runs."
        ) from fault


def _sqlite(url: Any) -> Engine:
    _refuse_unsound_library()
    in_memory = url.database in (None, "", ":memory:")
    more: dict[str, Any] = {"poolclass": StaticPool} if in_memory else {}
    engine = create_engine(url, module=sqlite_driver, connect_args={"check_same_thread": False, "timeout": 5.0}, **more)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    try:
        with engine.connect():
            return engine
    except DBAPIError as fault:
        raise GraticuleError(
            "The database file of the server cannot be opened.", "Check that the folder exists and may be written."
        ) from fault


def _prepare(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy's transactions are ours to begin (see _begin)
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "trusted_schema = OFF",
        "temp_store = MEMORY",
        "mmap_size = 0",
        "busy_timeout = 5000",
        "cell_size_check = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    # A write takes its lock at once: no position is given that another writer could give too.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get(WRITING) else "BEGIN")


def _refuse_unsound_library() -> None:
    version = sqlite_driver.sqlite_version_info
    if version >= _SOUND[0] or any(version[:2] == branch[:2] and version >= branch for branch in _SOUND_BRANCHES):
        return
    raise GraticuleError(
        f"SQLite {sqlite_driver.sqlite_version} can lose data and is not used.", "Reinstall Graticule with its own libraries."
    )


def _guards(is_sqlite: bool) -> Iterator[str]:
    """Triggers that refuse to change or remove what was received."""
    if not is_sqlite:
        yield (
            "CREATE OR REPLACE FUNCTION graticule_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "'BEGIN RAISE EXCEPTION ''append only: %'', TG_TABLE_NAME; END'"
        )
    for table in APPEND_ONLY:
        if is_sqlite:
            for act in ("UPDATE", "DELETE"):
                yield (
                    f"CREATE TRIGGER IF NOT EXISTS {table.name}_no_{act.lower()} BEFORE {act} ON {table.name} "
                    f"BEGIN SELECT RAISE(ABORT, 'append only'); END"
                )
        else:
            yield (
                f"CREATE OR REPLACE TRIGGER {table.name}_append_only BEFORE UPDATE OR DELETE ON {table.name} "
                "FOR EACH ROW EXECUTE FUNCTION graticule_append_only()"
            )
            yield (
                f"CREATE OR REPLACE TRIGGER {table.name}_no_truncate BEFORE TRUNCATE ON {table.name} "
                "EXECUTE FUNCTION graticule_append_only()"
            )
