"""Whatever is done, undone, saved, signed and reopened in whatever order: the journal leads to exactly what was on the screen."""

import shutil
import tempfile
from pathlib import Path

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from graticule.domain.edits import ElementChange
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Labels
from graticule.domain.viewing import Effort
from graticule.editing.events import Bus
from graticule.editing.workspace import Workspace
from graticule.store.checkpoints import Checkpoints
from graticule.store.store import Store, open_store
from graticule.store.verify import verify_store
from store.making import GRID, PASSWORD, SHAPE, answer, case, new_store, segment, stroke

OBJECTS = [{"role": "file", "sha256": "ab" * 32}]
_templates = tempfile.TemporaryDirectory()


def template() -> Path:
    """One closed store, made once: wrapping a password takes a third of a second."""
    path = Path(_templates.name) / "store"
    if not path.exists():
        store = new_store(path, password=PASSWORD)
        store.cases.add(case("machine"))
        store.close()
    return path


class Desk(RuleBasedStateMachine):
    """The model beside the real store is a list of the states that undo and redo would go through."""

    @initialize()
    def start(self) -> None:
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = Path(self.temporary.name) / "store"
        shutil.copytree(template(), self.folder)
        self.case_id = case("machine").id
        self.before: list[Labels] = []
        self.after: list[Labels] = []
        self.version, self.signatures, self.saved = 1, 0, 0
        self.open()

    def open(self) -> None:
        self.store: Store = open_store(self.folder)
        # Small strides, so that checkpoints are met in every example.
        self.store.labels._checkpoints = self.store._checkpoints = Checkpoints(self.store._database, every=3)
        opened = self.store.labels.open(self.case_id, SHAPE)
        self.workspace = Workspace(self.case_id, opened.labels, opened.journal, Bus(), locked=opened.locked)
        assert opened.version == self.version

    def change(self, title: str, *changes: ElementChange) -> None:
        before = self.workspace.labels.copy()
        if self.workspace.do(title, *changes) is not None:
            self.before.append(before)
            self.after.clear()

    @precondition(lambda self: not self.workspace.locked)
    @rule(question=st.sampled_from("abc"), value=st.sampled_from([True, False, "pneumonia", None]))
    def answer(self, question: str, value: object) -> None:
        self.change("Answer", *answer(self.workspace.labels, question, value).changes)

    @precondition(lambda self: not self.workspace.locked)
    @rule(number=st.integers(1, 3))
    def toggle_segment(self, number: int) -> None:
        present = self.workspace.labels.element("segment", f"s{number}")
        self.change("Segment", ElementChange("segment", f"s{number}", present, None if present else segment(number)))

    @precondition(lambda self: not self.workspace.locked)
    @rule(k=st.integers(0, SHAPE[0] - 1), j=st.integers(0, SHAPE[1] - 1), i=st.integers(0, SHAPE[2] - 1),
          radius=st.integers(0, 4), value=st.integers(0, 3))
    def paint(self, k: int, j: int, i: int, radius: int, value: int) -> None:
        edit = stroke(self.workspace.labels, (k, j, i), radius, value)
        if edit is not None:
            self.change(edit.title, *edit.changes)

    @precondition(lambda self: not self.workspace.locked)
    @rule()
    def undo(self) -> None:
        now = self.workspace.labels.copy()
        if self.workspace.undo() is not None:
            self.after.append(now)
            self.before.pop()

    @precondition(lambda self: not self.workspace.locked)
    @rule()
    def redo(self) -> None:
        now = self.workspace.labels.copy()
        if self.workspace.redo() is not None:
            self.before.append(now)
            self.after.pop()

    @rule()
    def save(self) -> None:
        name = self.store.labels.save(self.case_id, self.workspace.labels, GRID, Effort("", 5), OBJECTS)
        if name is not None:
            assert self.store.labels.load(name) == self.workspace.labels
            self.saved += 1
        assert self.store.labels.save(self.case_id, self.workspace.labels, GRID, Effort("", 5), OBJECTS) is None

    @rule()
    def reopen(self) -> None:
        seen = self.workspace.labels
        self.store.close()
        self.open()
        assert self.workspace.labels == seen

    @precondition(lambda self: not self.workspace.locked and self.signatures < 2)
    @rule()
    def sign(self) -> None:
        self.store.labels.save(self.case_id, self.workspace.labels, GRID, Effort(), OBJECTS)
        (name,) = self.store.labels.sign([self.case_id], PASSWORD, "my read")
        self.workspace.lock()
        self.before.clear()
        self.after.clear()
        self.signatures += 1
        assert self.store.labels.load(name) == self.workspace.labels

    @precondition(lambda self: self.workspace.locked)
    @rule()
    def correct(self) -> None:
        self.store.labels.correct(self.case_id, "slip")
        self.workspace.unlock()
        self.version += 1

    @precondition(lambda self: self.workspace.locked)
    @rule()
    def locked_refuses(self) -> None:
        try:
            self.store.labels.open(self.case_id, SHAPE).journal.append(answer(Labels(), "z", True), "do", 0)  # type: ignore[arg-type]
        except GraticuleError:
            return
        raise AssertionError("a signed case took an act")

    @invariant()
    def what_is_stored_is_what_is_shown(self) -> None:
        if hasattr(self, "store"):
            folded = self.store.labels.open(self.case_id, SHAPE)
            assert folded.labels == self.workspace.labels
            assert Workspace("", folded.labels, folded.journal, Bus())._history.depth == len(self.before)

    @invariant()
    def undo_and_redo_lead_where_they_led_before(self) -> None:
        if not hasattr(self, "store") or self.workspace.locked:
            return
        assert (self.workspace.undo_title is None) == (not self.before)
        assert (self.workspace.redo_title is None) == (not self.after)

    def teardown(self) -> None:
        if not hasattr(self, "store"):
            return
        while self.before and not self.workspace.locked:
            self.undo_to(self.before[-1])
        self.store.close()
        assert list(verify_store(self.folder)) == []
        self.temporary.cleanup()

    def undo_to(self, expected: Labels) -> None:
        self.undo()
        assert self.workspace.labels == expected


TestDesk = Desk.TestCase
TestDesk.settings = settings(max_examples=12, stateful_step_count=25, deadline=None,
                             suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
