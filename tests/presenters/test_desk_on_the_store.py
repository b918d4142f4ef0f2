"""The desk on the real store and the real formats, without a window: open, answer, finish, sign, correct, come back."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from graticule.desk_plugs import StoreSync, StoreVerifier, hash_sources, open_content
from graticule.domain.case import State
from graticule.domain.elements import Answer
from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Silent
from graticule.editing.events import Bus
from graticule.formats.door import scan
from graticule.jobs import InlineRunner
from graticule.presenters.desk import Desk
from graticule.presenters.furniture import Furniture
from graticule.presenters.signing import Signing
from graticule.presenters.worklist import WorklistRow
from graticule.records.ids import new_id
from graticule.resources import load_ontology, read_json, resource
from graticule.store.store import Store, create_store, open_store
from graticule.store.unlock import Unlock
from graticule.study.protocol import parse_protocol

PASSWORD = "long enough"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """A store under the demonstration protocol with one ECG and one photograph."""
    store = create_store(tmp_path / "store", "Dr. A. Reader", Unlock.key_file(), password=PASSWORD)
    store.protocols.put(read_json("protocols", "demo.json"))
    for outcome in scan([resource("samples", "ecg_12_lead"), resource("samples", "dermoscopy")], known=()):
        if outcome.case is not None:
            store.cases.add(outcome.case)
    store.close()
    yield store.path


def desk_on(store: Store) -> Desk:
    protocol, ticks = parse_protocol(store.protocols.current()[1]), count(0, 500)
    return Desk(Furniture(store.cases, store.labels, store.view_state, store.looks, open_content, hash_sources, InlineRunner(),
                          Bus(), protocol, load_ontology(*protocol.ontology), new_id, lambda: "2026-03-01T09:00:00+01:00",
                          lambda: next(ticks)))


def answer_all(desk: Desk) -> None:
    assert desk.form is not None
    for question in desk.form.questions:
        desk.form.digit(question.id, 1)
        if question.confidence:
            desk.form.confidence(question.id, "high")


def states(desk: Desk) -> list[State]:
    return [row.state for row in desk.worklist.rows()]


def test_a_whole_read_is_kept_signed_locked_and_corrected(place: Path) -> None:
    with open_store(place) as store:
        desk = desk_on(store)
        desk.resume()
        assert states(desk) == [State.NEW, State.NEW]
        answer_all(desk)
        assert desk.finish(), "the other case follows"
        answer_all(desk)
        assert not desk.finish()
        assert states(desk) == [State.FINISHED, State.FINISHED]
        signing = Signing(store.labels, desk.worklist, store.reader.name)
        waiting: list[WorklistRow] = signing.waiting()
        desk.save()
        with pytest.raises(GraticuleError):
            signing.sign([row.case_id for row in waiting], "wrong")
        assert states(desk) == [State.FINISHED, State.FINISHED]
        assert signing.sign([row.case_id for row in waiting], PASSWORD) == 2
        desk.lock_signed([row.case_id for row in waiting])
        assert states(desk) == [State.SEALED, State.SEALED]
        desk.correct("slip")
        assert desk.opened is not None and desk.opened.version == 2 and State.IN_PROGRESS in states(desk)
        desk.close()
    assert StoreVerifier(place, None)(Silent()) == []


def test_what_was_answered_is_there_after_a_restart_and_can_be_undone(place: Path) -> None:
    with open_store(place) as store:
        desk = desk_on(store)
        desk.resume()
        answer_all(desk)
        assert desk.opened is not None
        kept = desk.opened.workspace.labels.of(Answer)
    with open_store(place) as store:
        desk = desk_on(store)
        desk.resume()
        assert desk.opened is not None and desk.opened.workspace.labels.of(Answer) == kept != []
        assert desk.undo() is not None
        assert desk.opened.workspace.labels.of(Answer) != kept


def test_a_draft_names_the_exact_bytes_that_were_read(place: Path) -> None:
    with open_store(place) as store:
        desk = desk_on(store)
        desk.resume()
        answer_all(desk)
        assert desk.opened is not None
        case = desk.opened.case
        desk.leave()
        hashes = {entry["sha256"] for entry in hash_sources(case, Silent())}
        row, = store.labels.revisions(case.id)
        header = store.labels._revisions.header(row.id)
        assert {item.sha256 for item in header.objects} == hashes and header.effort.opened == "2026-03-01T09:00:00+01:00"
        assert StoreSync(store).counts().waiting > 0


def test_a_file_that_is_gone_is_said_in_words(place: Path) -> None:
    with open_store(place) as store:
        case = store.cases.all()[0]
        gone = replace(case, sources=tuple(replace(source, path="/nowhere/at/all") for source in case.sources))
        with pytest.raises(GraticuleError):
            hash_sources(gone, Silent())
