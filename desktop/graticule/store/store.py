"""One reader's work on one server, in one encrypted folder: labels.db, keys.json, recorder/, files/ and a lock."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from graticule import __version__
from graticule.domain.case import Case
from graticule.domain.errors import GraticuleError
from graticule.records.revision import App
from graticule.store import identity, migrations
from graticule.store.assignments import Assignments
from graticule.store.blobs import Blobs
from graticule.store.case_index import CaseIndex
from graticule.store.checkpoints import Checkpoints
from graticule.store.clock import Clock, wall_ms
from graticule.store.database import Database
from graticule.store.device_log import DeviceLog
from graticule.store.drafting import Drafting
from graticule.store.errors import in_words
from graticule.store.exports import Exports
from graticule.store.facts import SERVER_URL, Facts
from graticule.store.files import copy_in
from graticule.store.flight_recorder import FlightRecorder
from graticule.store.keys import NO_STORE, new_keys, open_keys, ways_in
from graticule.store.label_store import LabelStore
from graticule.store.lock import StoreLock
from graticule.store.place import refuse_unfit, warn_scarce
from graticule.store.project_key import ProjectKeys
from graticule.store.protocols import Protocols
from graticule.store.reads import Reads
from graticule.store.revisions import Revisions
from graticule.store.second_copy import SecondCopy
from graticule.store.seen_files import SeenFiles
from graticule.store.sync_state import SyncState
from graticule.store.unlock import KEY_FILE, Unlock
from graticule.store.viewing import Looks, ViewState

log = logging.getLogger("graticule.store")

DATABASE, RECORDER, FILES, LOCK = "labels.db", "recorder", "files", "lock"
KEY_FILE_WARNING = "The key of this store lies in a file beside it: whoever copies the folder can read it."


@dataclass(frozen=True, slots=True)
class NewStore:
    """What a store is made with. password: signs this reader's reads; None: none chosen yet, so nothing can be signed."""

    reader_name: str
    server_url: str = ""
    password: str | None = None
    specialty: str = ""


def create_store(path: Path, reader_name: str, unlock: Unlock, *, server_url: str = "", password: str | None,
                 specialty: str = "") -> "Store":
    """A new store in a folder that holds none yet, open."""
    return open_store(path, unlock, create=NewStore(reader_name, server_url, password, specialty))


def open_store(path: Path, unlock: Unlock | None = None, *, create: NewStore | None = None, read_only: bool = False,
               now_ms: Callable[[], int] = wall_ms) -> "Store":
    """The store in a folder. unlock None: by the keyring or a key file. read_only: beside a window that has it open.

    GraticuleError, in words, when it is open elsewhere, the key is not right, the file is damaged or from a newer version.
    """
    if create is not None:
        _make(path, unlock or Unlock.without_passphrase(), create)
    if not (path / DATABASE).exists():
        raise GraticuleError(*NO_STORE)
    if read_only:
        key = open_keys(path, unlock)
        migrations.refuse_other(path / DATABASE, key)
        return Store(path, None, key, now_ms)
    refuse_unfit(path)
    lock = StoreLock(path / LOCK)
    try:
        key = open_keys(path, unlock)
        migrations.bring_up_to_date(path / DATABASE, key)
        return Store(path, lock, key, now_ms)
    except BaseException:
        lock.release()
        raise


class Store:
    """Everything a desk keeps. Made by `open_store` and `create_store`; `close` when done, or use it as a context."""

    def __init__(self, path: Path, lock: StoreLock | None, key: bytes, now_ms: Callable[[], int]) -> None:
        self.path = path
        self.files = path / FILES
        self._lock = lock
        self._database = database = Database(path / DATABASE, key, read_only=lock is None)
        self._facts = Facts(database)
        self.reader = identity.reader_of(database)
        last = database.one("SELECT max(hlc) FROM entries")
        clock, app = Clock(now_ms, (last[0] or "") if last else ""), App(__version__)
        self.cases = CaseIndex(database, path)
        self.seen_files = SeenFiles(database)
        self.project_keys = ProjectKeys(database, self._facts)
        self.protocols = Protocols(database, self._facts)
        self.assignments = Assignments(database)
        self.blobs = Blobs(database)
        self.looks = Looks(database)
        self.view_state = ViewState(database)
        self.log = DeviceLog(database, identity.device_of(database), clock, app, self.reader.id)
        self.sync_state = SyncState(database, self.log)
        self._second_copy = SecondCopy(database, self.log, self.blobs, FlightRecorder(path / RECORDER, key), self._facts)
        self.exports = Exports(database, self.blobs, self.log, self._second_copy)
        reads, revisions, self._checkpoints = Reads(database), Revisions(database), Checkpoints(database)
        drafting = Drafting(database, self.blobs, revisions, reads, self.log, self.protocols, self.assignments, self.reader,
                            clock, app)
        self.labels = LabelStore(database, self.cases, self.blobs, revisions, reads, self.log, drafting, self._checkpoints,
                                 self._second_copy, clock)
        self._warnings = self._warn()
        self._closed = False
        if not database.read_only:
            self._second_copy.catch_up()
        log.info("store opened, device %s", self.device_id)

    @property
    def device_id(self) -> str:
        return self.log.device_id

    @property
    def server_url(self) -> str:
        return self._facts.get(SERVER_URL)

    def set_server(self, url: str) -> None:
        self._facts.set(SERVER_URL, url)

    @property
    def has_password(self) -> bool:
        """Whether the reader has chosen the password that signs."""
        return identity.has_password(self._database)

    def set_password(self, new: str, old: str | None = None) -> None:
        """Choose the signing password, or change it with the old one."""
        identity.set_password(self._database, new, old)

    @property
    def warnings(self) -> list[str]:
        """Sentences the reader should see: a key in the open, a disk nearly full, a second copy that could not be written."""
        trouble = self._second_copy.trouble
        return [*self._warnings, trouble] if trouble else list(self._warnings)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction around several writes: all of them or none."""
        with self._database.transaction():
            yield

    def files_in(self, case: Case) -> Case:
        """The case with its files copied into the store's folder."""
        return copy_in(case, self.files)

    def close(self) -> None:
        """Finish what runs beside, fold the write-ahead log into the database and let others open the store. Once is enough."""
        if self._closed:
            return
        self._closed = True
        self._checkpoints.close()
        try:
            if not self._database.read_only:
                self._second_copy.catch_up()
                self._second_copy.note()
        except GraticuleError:
            log.warning("the note of the second copy could not be written")
        finally:
            self._second_copy.close()
            self._database.close()
            if self._lock is not None:
                self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _warn(self) -> list[str]:
        open_key = [KEY_FILE_WARNING] if KEY_FILE in ways_in(self.path) else []
        return [*open_key, *warn_scarce(self.path)]


def _make(path: Path, unlock: Unlock, new: NewStore) -> None:
    """The folder, its key and its database, which appears only when it is complete."""
    with in_words():
        path.mkdir(parents=True, exist_ok=True)
    refuse_unfit(path)
    lock = StoreLock(path / LOCK)
    try:
        if any(path.glob("*.db")) or any((path / RECORDER).glob("*")):
            raise GraticuleError("There is a Graticule store in this folder already.", "Open it, or choose an empty folder.")

        def fill(database: Database) -> None:
            identity.new_reader(database, new.reader_name, new.specialty, new.password)
            identity.new_device(database)
            Facts(database).set(SERVER_URL, new.server_url)

        migrations.create(path / DATABASE, new_keys(path, unlock), fill)
    finally:
        lock.release()
