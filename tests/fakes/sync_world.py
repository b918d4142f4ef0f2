"""A central server and its desks, all real but for the wire and the clocks: for tests of the conversation between them."""

import random
import shutil
from dataclasses import replace
from pathlib import Path

import httpx

from fakes.asgi import AsgiTransport
from fakes.weather import Weather, WeatheredTransport
from graticule.domain.acts import Act
from graticule.domain.case import Case, Kind, Source
from graticule.domain.edits import Edit, ElementChange, apply
from graticule.domain.elements import Answer
from graticule.domain.viewing import Effort
from graticule.records.entry import read_entry
from graticule.records.ids import case_id, sha256_hex
from graticule.server.central_store import CentralStore
from graticule.server.routes import make_app
from graticule.store.store import NewStore, Store, open_store
from graticule.store.unlock import Unlock
from graticule.sync.cycle import cycle
from graticule.sync.http_client import HttpServer
from graticule.sync.messages import Limits
from graticule.sync.report import SyncReport

PROTOCOL = {"title": "Test", "version": "1", "project": "test-project", "questions": [], "ontology": []}
PROJECT = "test-project"
START_MS = 1_790_000_000_000


class Clock:
    """A wall clock that moves only when told, forwards or backwards."""

    def __init__(self, now_ms: int = START_MS) -> None:
        self.now_ms = now_ms

    def __call__(self) -> int:
        return self.now_ms


class Central:
    """The server: real application, real database, one clock."""

    def __init__(self, folder: Path, url: str = "", limits: Limits = Limits()) -> None:  # noqa: B008
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.limits, self.clock = folder, limits, Clock()
        self.url = url or f"sqlite:///{(folder / 'central.db').as_posix()}"
        self.store = CentralStore(self.url, folder, self.clock, limits)
        self.wire = AsgiTransport(make_app(self.store, folder))

    def restart(self) -> None:
        self.store.close()
        self.store = CentralStore(self.url, self.folder, self.clock, self.limits)
        self.wire.app = make_app(self.store, self.folder)

    def close(self) -> None:
        self.store.close()
        self.wire.close()


class Desk:
    """A workstation: a real store and the real client. `saved`: ids of every version that was shown as saved here."""

    def __init__(
        self,
        folder: Path,
        central: Central,
        weather: Weather | None = None,
        *,
        name: str = "Reader One",
        create: bool = True,
        password: str | None = None,
    ) -> None:
        self.folder, self.central, self.weather = folder, central, weather
        self.clock = Clock()
        new = NewStore(name, "http://labels.test", password) if create else None
        self.store: Store = open_store(folder, Unlock.key_file(), create=new, now_ms=self.clock)
        if create:
            self.store.protocols.put(PROTOCOL)
        self.saved: list[str] = []
        self.connect()

    def connect(self, wire: httpx.BaseTransport | None = None) -> None:
        wire = wire or self.central.wire
        transport = WeatheredTransport(wire, self.weather) if self.weather else wire
        self.server = HttpServer(self.store.server_url, self.store.log, transport=transport, clock_ms=self.clock)

    def sync(self) -> SyncReport:
        return cycle(self.store, self.server, self.clock)

    def read(self, case: str, finding: str) -> str:
        """Answer a question about a case and save; the id of the new version."""
        known = a_case(case)
        if known.id not in {item.id for item in self.store.cases.all()}:
            self.store.cases.add(known, order=0)
        opened = self.store.labels.open(known.id, None)
        edit = Edit(
            "Answer", (ElementChange("answer", "q", opened.labels.element("answer", "q"), Answer(id="q", value=finding)),)
        )
        apply(opened.labels, edit)
        opened.journal.append(edit, Act.DO, 0)
        version = self.store.labels.save(known.id, opened.labels, None, Effort(), ())
        assert version is not None
        self.saved.append(version)
        return version

    def versions(self) -> set[str]:
        """Versions that this store still holds."""
        return {row.id for case in self.store.cases.all() for row in self.store.labels.revisions(case.id)}

    def lines(self) -> list[bytes]:
        return self.store.log.entries_after(0, 1_000_000)

    def snapshot(self, folder: Path) -> Path:
        """The store's files as they are this moment, with a write-ahead log in whatever state: what a power cut leaves."""
        shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns("lock"))
        return folder

    def reopen(self, folder: Path) -> None:
        """Go on from a copy of the files."""
        self.store.close()
        self.folder = folder
        self.store = open_store(folder, Unlock.key_file(), now_ms=self.clock)
        self.connect()

    def close(self) -> None:
        self.server.close()
        self.store.close()


def a_case(name: str) -> Case:
    hashed = "sha256:" + sha256_hex(name.encode())
    return Case(case_id(str(Kind.IMAGE), [hashed]), Kind.IMAGE, "XC", name, "picture", (Source(f"/images/{name}.jpg", hashed),))


def append_foreign(store: Store) -> str:
    """An authentic entry that breaks a rule: it speaks for another reader. Its ref."""
    line = store.log.entries_after(store.log.head()[0] - 1, 1)[0]
    body = read_entry(line).header()
    header = replace(body, slot=replace(body.slot, reader="somebody else"), salt=sha256_hex(line)[:32])
    with store._database.transaction():
        store.log.append_revision(header)
    return header.id


def some_text(chance: random.Random) -> str:
    """From a word to something that needs a transfer in parts."""
    return chance.randbytes(chance.choice((3, 30, 300, 1500, 5000))).hex()
