"""What is being typed is durable at every keystroke: the program is killed in the middle of a word, and the word is there."""

import os
from itertools import count
from multiprocessing import get_context
from pathlib import Path

from fakes.asking import item
from fakes.desk import FakeMemory
from graticule.desk_plugs import hash_sources, open_content
from graticule.domain.elements import Answer
from graticule.editing.events import Bus
from graticule.formats.door import scan
from graticule.jobs import InlineRunner
from graticule.presenters.desk import Desk
from graticule.presenters.furniture import Furniture
from graticule.presenters.unfinished import Unfinished
from graticule.records.ids import new_id
from graticule.resources import load_ontology, resource
from graticule.store.store import Store, create_store, open_store
from graticule.store.unlock import Unlock
from graticule.study.protocol import parse_protocol

QUESTIONS = [item("why", "text"), item("depth", "number", unit="mm", decimals=1, low="0.1")]
DOCUMENT = {"title": "T", "version": "1", "project": "p", "ontology": [], "questions": QUESTIONS}
KILLED = 9


def desk_on(store: Store) -> Desk:
    ticks = count(0, 500)
    return Desk(Furniture(store.cases, store.labels, store.view_state, store.looks, open_content, hash_sources, InlineRunner(),
                          Bus(), parse_protocol(DOCUMENT), load_ontology(), new_id, lambda: "2026-03-01T09:00:00+01:00",
                          lambda: next(ticks)))


def type_and_die(place: str) -> None:
    """Types letter by letter and ends as if the power went: nothing is left, closed or settled."""
    desk = desk_on(open_store(Path(place)))
    desk.resume()
    assert desk.form is not None
    for end in range(1, len("Schärfe 3") + 1):
        desk.form.type("why", "Schärfe 3"[:end])
    desk.form.type("depth", "1,")
    os._exit(KILLED)


def test_a_killed_program_loses_no_letter(tmp_path: Path) -> None:
    store = create_store(tmp_path / "store", "Dr. A. Reader", Unlock.key_file(), password="long enough")
    for outcome in scan([resource("samples", "dermoscopy")], known=()):
        if outcome.case is not None:
            store.cases.add(outcome.case)
    store.close()
    process = get_context("spawn").Process(target=type_and_die, args=(str(store.path),))
    process.start()
    process.join(60)
    assert process.exitcode == KILLED
    written = [file.read_bytes() for file in store.path.rglob("*") if file.is_file()]
    assert written and not any("Schärfe".encode() in content for content in written), "never in the clear"
    with open_store(store.path) as again:
        desk = desk_on(again)
        desk.resume()
        form = desk.form
        assert form is not None and desk.opened is not None
        assert form.typed("why") == "Schärfe 3" and form.typed("depth") == "1," and not desk.opened.workspace.labels.of(Answer)
        desk.leave()
    with open_store(store.path) as later:
        desk = desk_on(later)
        desk.resume()
        assert desk.form is not None and desk.form.answer("why").value == "Schärfe 3"  # type: ignore[union-attr]
        assert "why" not in Unfinished(later.view_state, desk.opened.case.id).texts  # type: ignore[union-attr]


def test_only_what_changed_is_written() -> None:
    memory, written = FakeMemory(), []
    save = memory.save
    memory.save = lambda case_id, state: (written.append(state), save(case_id, state))[1]  # type: ignore[method-assign]
    kept = Unfinished(memory, "c1:01")
    kept.keep({})
    kept.keep({"why": "a"})
    kept.keep({"why": "a"})
    assert written == [{"why": "a"}] and Unfinished(memory, "c1:01").texts == {"why": "a"}
