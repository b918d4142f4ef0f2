"""Does everything in a store still hold? Every hash, chain and signature again, and in words what does not."""

from collections.abc import Callable, Iterator
from pathlib import Path

from graticule.domain.errors import GraticuleError
from graticule.store import migrations
from graticule.store.audit import Audit, Problem
from graticule.store.audit_blobs import check_blobs
from graticule.store.audit_exports import check_exports
from graticule.store.audit_journal import check_journals
from graticule.store.audit_log import check_log
from graticule.store.audit_recorder import check_recorder
from graticule.store.audit_revisions import check_protocols, check_reads, check_revisions
from graticule.store.database import Database
from graticule.store.keys import open_keys
from graticule.store.store import DATABASE, RECORDER
from graticule.store.unlock import Unlock

__all__ = ["Problem", "Verification", "verify_store"]


class Verification:
    """Iterate once for the problems, while they are found; `checked` counts the records looked at so far."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._key = key
        self.checked = 0

    def __iter__(self) -> Iterator[Problem]:
        try:
            migrations.refuse_other(self._path / DATABASE, self._key)
            database = Database(self._path / DATABASE, self._key, read_only=True)
        except GraticuleError as fault:
            yield Problem("Store", DATABASE, str(fault))
            return
        try:
            yield from self._check(database)
        finally:
            database.close()

    def _check(self, database: Database) -> Iterator[Problem]:
        yield from self._guarded("Store", lambda: self._counted(_check_pages(database)))
        try:
            audit = Audit(database, self._look)
        except GraticuleError as fault:
            yield Problem("Store", DATABASE, str(fault))
            return
        checks: dict[str, Callable[[], Iterator[Problem]]] = {
            "Data": lambda: check_blobs(audit), "Edit journal": lambda: check_journals(audit),
            "Saved version": lambda: check_revisions(audit), "Protocol": lambda: check_protocols(audit),
            "Worklist": lambda: check_reads(audit), "Device log": lambda: check_log(audit),
            "Export": lambda: check_exports(audit),
            "Second copy": lambda: check_recorder(audit, self._path / RECORDER, self._key),
        }
        for what, check in checks.items():
            yield from self._guarded(what, check)

    def _guarded(self, what: str, check: Callable[[], Iterator[Problem]]) -> Iterator[Problem]:
        """A part that cannot be read at all is one problem; the other parts are still checked."""
        try:
            yield from check()
        except GraticuleError as fault:
            yield Problem(what, DATABASE, f"It cannot be checked to its end: {fault}")

    def _counted(self, problems: Iterator[Problem]) -> Iterator[Problem]:
        self._look()
        yield from problems

    def _look(self) -> None:
        self.checked += 1


def verify_store(path: Path, unlock: Unlock | None = None) -> Verification:
    """The check of a store, also while a window has it open; nothing is changed. GraticuleError when the key is not right."""
    return Verification(path, open_keys(path, unlock))


def _check_pages(database: Database) -> Iterator[Problem]:
    for pragma in ("cipher_integrity_check", "integrity_check(20)", "foreign_key_check"):
        for row in database.all(f"PRAGMA {pragma}"):
            if row[0] != "ok":
                yield Problem("Store", DATABASE, f"A part of the file was damaged or changed ({' '.join(map(str, row))}).")
