"""The encrypted database: one connection that writes, one lock in front of it, and every setting that durability needs."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from graticule.domain.errors import GraticuleError
from graticule.store.errors import in_words

APPLICATION_ID = 0x47524154  # "GRAT"

# The first releases in which a checkpoint beside a writer cannot lose the log (sqlite.org, WAL-reset bug).
_SOUND = ((3, 51, 3), (3, 50, 7), (3, 44, 6))

_SETTINGS = (
    "journal_mode = WAL",
    "synchronous = FULL",  # NORMAL may roll back committed work on power loss
    "fullfsync = 1",
    "checkpoint_fullfsync = 1",
    "busy_timeout = 5000",
    "foreign_keys = ON",
    "cell_size_check = ON",
    "trusted_schema = OFF",
    "mmap_size = 0",
    "temp_store = MEMORY",  # patients' data in temporary files would lie there unencrypted
    "wal_autocheckpoint = 1000",
)

Row = tuple[Any, ...]


def versions() -> str:
    """What lies under the store, for support: "SQLite 3.53.4, SQLCipher 4.19.0"."""
    connection = dbapi2.connect(":memory:")
    try:
        return f"SQLite {dbapi2.sqlite_version}, SQLCipher {_cipher(connection).split(' ')[0]}"
    finally:
        connection.close()


def connect(path: Path, key: bytes, *, read_only: bool = False) -> Any:
    """A connection with every setting of this page. key: 32 bytes. GraticuleError when the key or the library is not right."""
    refuse_unsound(dbapi2.sqlite_version_info)
    with in_words():
        connection = _open_to_read(path, key) if read_only else _open_to_write(path, key)
        try:
            for setting in _SETTINGS[4:] if read_only else _SETTINGS:
                connection.execute(f"PRAGMA {setting}").fetchall()
        except dbapi2.DatabaseError:
            connection.close()
            raise
    return connection


def refuse_unsound(version: tuple[int, int, int]) -> None:
    sound = version >= _SOUND[0] or any(version[:2] == fixed[:2] and version >= fixed for fixed in _SOUND[1:])
    if not sound:
        number = ".".join(map(str, version))
        raise GraticuleError(f"This program was built with SQLite {number}, which can lose what was written.",
                             "Install Graticule again from its own package.")


class Database:
    """Everything written goes through one connection, one transaction at a time; any thread may ask."""

    def __init__(self, path: Path, key: bytes, *, read_only: bool = False) -> None:
        self.path = path
        self.read_only = read_only
        self._key = key
        self._connection = connect(path, key, read_only=read_only)
        self._lock = threading.RLock()
        self._depth = 0

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """BEGIN IMMEDIATE … COMMIT; all of it or nothing. Inside another transaction it is part of that one."""
        with self._lock, in_words():
            if self._depth:
                yield
                return
            self._connection.execute("BEGIN IMMEDIATE")
            self._depth = 1
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
            finally:
                self._depth = 0

    def run(self, sql: str, values: Sequence[Any] = ()) -> int:
        """One statement inside the caller's transaction; the number of rows it changed."""
        return int(self._connection.execute(sql, values).rowcount)

    def write(self, sql: str, values: Sequence[Any] = ()) -> int:
        """One statement as a transaction of its own."""
        with self.transaction():
            return self.run(sql, values)

    def all(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        with self._lock, in_words():
            return list(self._connection.execute(sql, values).fetchall())

    def one(self, sql: str, values: Sequence[Any] = ()) -> Row | None:
        with self._lock, in_words():
            row: Row | None = self._connection.execute(sql, values).fetchone()
            return row

    @contextmanager
    def reader(self) -> Iterator["Database"]:
        """A short-lived second connection for long reads, beside which strokes go on being written."""
        beside = Database(self.path, self._key, read_only=True)
        try:
            yield beside
        finally:
            beside.close()

    def close(self) -> None:
        """Close, with the write-ahead log folded in where that can be done: it is read at the next opening anyway."""
        with self._lock, suppress(dbapi2.DatabaseError):
            try:
                if not self.read_only:
                    self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            finally:
                self._connection.close()


def _open_to_write(path: Path, key: bytes) -> Any:
    return _prepared(dbapi2.connect(str(path), isolation_level=None, check_same_thread=False), key)


def _open_to_read(path: Path, key: bytes) -> Any:
    """Where no -shm file can be made (a disk that cannot be written to) the file is read as one that never changes."""
    address = f"{path.resolve().as_uri()}?mode=ro"
    try:
        return _prepared(dbapi2.connect(address, uri=True, isolation_level=None, check_same_thread=False), key)
    except dbapi2.OperationalError:
        log = path.with_name(path.name + "-wal")
        if not path.exists() or (log.exists() and log.stat().st_size):
            raise
    return _prepared(dbapi2.connect(f"{address}&immutable=1", uri=True, isolation_level=None, check_same_thread=False), key)


def _prepared(connection: Any, key: bytes) -> Any:
    try:
        connection.execute("PRAGMA cipher_log_level = NONE").fetchall()
        if not _cipher(connection):
            raise GraticuleError("This program was built without encryption, so the store stays shut.",
                                 "Install Graticule again from its own package.")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"").fetchall()
        connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
    except (dbapi2.DatabaseError, GraticuleError):
        connection.close()
        raise
    return connection


def _cipher(connection: Any) -> str:
    row = connection.execute("PRAGMA cipher_version").fetchone()
    return str(row[0]) if row else ""
