"""A shelf of cases, labels and a server in memory, for the desk without a store."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import count
from typing import Any

import numpy as np

from fakes.journal import FakeJournal
from graticule.domain.case import Case, Kind, Source, State
from graticule.domain.codes import Code, Concept, Ontology
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Grid
from graticule.domain.labels import Labels
from graticule.domain.picture import Picture
from graticule.domain.progress import Progress
from graticule.domain.recording import Lead, Recording
from graticule.domain.viewing import Effort, Look
from graticule.domain.volume import Volume
from graticule.editing.events import Bus
from graticule.jobs import InlineRunner, Runner
from graticule.presenters.desk import Desk
from graticule.presenters.furniture import Furniture
from graticule.presenters.open_case import Content
from graticule.presenters.ports import Objects, SyncCounts
from graticule.study.protocol import Protocol, parse_protocol

PASSWORD = "right horse"


def protocol() -> Protocol:
    return parse_protocol({
        "title": "Demonstration", "version": "1", "project": "demo", "ontology": "rhythm",
        "questions": [
            {"id": "pneumothorax", "text": "Pneumothorax", "type": "bool", "kinds": ["image"], "modalities": ["CR", "DX"],
             "confidence": True, "help": "Air between lung and chest wall on either side."},
            {"id": "lesion", "text": "Most likely diagnosis", "type": "choice", "kinds": ["image"], "choices": [
                {"value": "naevus", "label": "Naevus"}, {"value": "melanoma", "label": "Melanoma"},
                {"value": "keratosis", "label": "Seborrhoeic keratosis"}, {"value": "other", "label": "Something else"}]},
        ]})


def ontology() -> Ontology:
    return Ontology([Concept(Code("graticule", "sinus", "1"), "Sinus rhythm", "rhythm")])


def case(number: int, kind: Kind = Kind.IMAGE, modality: str = "CR", title: str = "") -> Case:
    return Case(f"c1:{number:02d}", kind, modality, title or f"{modality} {number}", "fake", (Source("f", "sha256:0"),))


def content_for(case: Case) -> Content:
    if case.kind is Kind.VOLUME:
        return Volume(np.zeros((5, 16, 16), np.int16), Grid((5, 16, 16), np.diag([1.0, 1.0, 3.0, 1.0])), case.modality)
    if case.kind is Kind.ECG:
        return Recording((Lead("II", np.zeros(500, np.int16), 200.0),), Fraction(250), 500)
    return Picture(np.zeros((32, 40), np.uint16), case.modality, "MONOCHROME2")


@dataclass
class FakeOpening:
    content: Content
    filled: int = 0

    def fill(self, progress: Progress, on_slice: Callable[[int], None], first: int | None = None) -> None:
        self.filled += 1
        progress.step(1, 1)
        on_slice(0)


class FakeOpener:
    """Counts how often each case was opened; refuses those in `gone`."""

    def __init__(self) -> None:
        self.opened: list[str] = []
        self.gone: set[str] = set()

    def __call__(self, case: Case) -> FakeOpening:
        self.opened.append(case.id)
        if case.id in self.gone:
            raise GraticuleError("The file of this case is gone.", "Put it back, then open the case again.")
        return FakeOpening(content_for(case))


class FakeCases:
    def __init__(self, cases: Sequence[Case]) -> None:
        self.cases = list(cases)

    def all(self) -> list[Case]:
        return list(self.cases)


@dataclass
class FakeOpened:
    labels: Labels
    journal: FakeJournal
    locked: bool
    version: int


@dataclass
class FakeLabels:
    """Labels per case; states follow from what was done, as in the store."""

    opened: dict[str, FakeOpened] = field(default_factory=dict)
    saved: list[tuple[str, Effort, Objects]] = field(default_factory=list)
    done: set[str] = field(default_factory=set)
    signed: set[str] = field(default_factory=set)
    sent: set[str] = field(default_factory=set)
    reasons: list[str] = field(default_factory=list)

    def open(self, case_id: str, grid_shape: tuple[int, int, int] | None) -> FakeOpened:
        if case_id not in self.opened:
            self.opened[case_id] = FakeOpened(Labels(grid_shape), FakeJournal(), False, 1)
        kept = self.opened[case_id]
        kept.locked = case_id in self.signed
        return kept

    def save(self, case_id: str, labels: Labels, grid: Grid | None, effort: Effort, objects: Objects) -> str | None:
        self.saved.append((case_id, effort, objects))
        return f"r1:{len(self.saved)}"

    def finish(self, case_id: str, finished: bool) -> None:
        (self.done.add if finished else self.done.discard)(case_id)

    def states(self) -> Mapping[str, State]:
        return {case_id: self._state(case_id) for case_id in {*self.opened, *self.done, *self.signed}}

    def sign(self, case_ids: Sequence[str], password: str, meaning: str) -> Sequence[str]:
        if password != PASSWORD:
            raise GraticuleError("The password is not right.", "Nothing was signed.")
        self.signed.update(case_ids)
        return [f"r1:{case_id}" for case_id in case_ids]

    def correct(self, case_id: str, reason: str) -> None:
        self.signed.discard(case_id)
        self.done.discard(case_id)
        self.reasons.append(reason)

    def _state(self, case_id: str) -> State:
        if case_id in self.signed:
            return State.SYNCED if case_id in self.sent else State.SEALED
        if case_id in self.done:
            return State.FINISHED
        return State.IN_PROGRESS if self.opened[case_id].journal.rows() else State.NEW


class FakeMemory:
    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Any]] = {}

    def save(self, case_id: str, state: dict[str, Any]) -> None:
        self.kept[case_id] = dict(state)

    def load(self, case_id: str) -> dict[str, Any]:
        return dict(self.kept.get(case_id, {}))


class FakeLooks:
    def __init__(self) -> None:
        self.kept: list[tuple[str, Look]] = []

    def add(self, case_id: str, looks: Sequence[Look]) -> None:
        self.kept += [(case_id, look) for look in looks]

    def of(self, case_id: str) -> list[Look]:
        return [look for kept, look in self.kept if kept == case_id]


@dataclass
class FakeViewer:
    state: dict[str, Any] = field(default_factory=dict)
    seen: list[Look] = field(default_factory=list)

    def view_state(self) -> dict[str, Any]:
        return dict(self.state)

    def looks(self) -> list[Look]:
        taken, self.seen = self.seen, []
        return taken


class FakeSync:
    """A server that answers with `answers` in turn; `down` makes it unreachable."""

    def __init__(self, server: str = "https://labels.example", waiting: int = 2) -> None:
        self.now = SyncCounts(here=waiting, waiting=waiting, server=server)
        self.down = False
        self.cycles = 0

    def counts(self) -> SyncCounts:
        return self.now

    def cycle(self, progress: Progress) -> SyncCounts:
        self.cycles += 1
        if self.down:
            self.now = replace(self.now, why_not="The server cannot be reached.")
        else:
            self.now = SyncCounts(self.now.here, self.now.here, server=self.now.server, last_contact="2026-03-01T10:00:00Z")
        return self.now

    def set_server(self, address: str, invitation: str) -> None:
        self.now = replace(self.now, server=address)

    def delay_s(self, failures: int) -> float:
        return 60.0 * (failures + 1)


@dataclass
class DeskParts:
    """A desk and the fakes it stands on."""

    desk: Desk
    cases: FakeCases
    labels: FakeLabels
    memory: FakeMemory
    opener: FakeOpener
    bus: Bus
    looks: FakeLooks
    heard: list[object] = field(default_factory=list)

    def hear(self, *events: type) -> None:
        for event in events:
            self.bus.subscribe(event, self.heard.append)


def hash_nothing(case: Case, progress: Progress) -> Objects:
    return [{"role": "file", "sha256": "0" * 64}]


def make_desk(cases: Sequence[Case] = (), runner: Runner | None = None, labels: FakeLabels | None = None,
              memory: FakeMemory | None = None) -> DeskParts:
    shelf, opener, bus, looks = FakeCases(cases), FakeOpener(), Bus(), FakeLooks()
    labels, memory = labels or FakeLabels(), memory or FakeMemory()
    ids, ticks = count(1), count(0, 1000)
    desk = Desk(Furniture(shelf, labels, memory, looks, opener, hash_nothing, runner or InlineRunner(), bus, protocol(),
                          ontology(), lambda: f"id-{next(ids)}", lambda: "2026-03-01T09:00:00+00:00", lambda: next(ticks)))
    return DeskParts(desk, shelf, labels, memory, opener, bus, looks)
