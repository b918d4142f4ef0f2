"""The history: lines, what became of each, where it was signed, and the way to any of them."""

from pathlib import Path

import pytest

from fakes.journal import FakeJournal
from graticule.domain.labels import Labels
from graticule.domain.progress import Silent
from graticule.editing.events import Bus
from graticule.editing.replay import Replay
from graticule.editing.workspace import Workspace
from graticule.presenters.history_view import HistoryView, Standing
from graticule.store.store import Store, open_store
from store.making import PASSWORD, SHAPE, answer, case, new_store, save, stroke


def workspace_on(store: Store) -> Workspace:
    opened = store.labels.open(case("told").id, SHAPE)
    return Workspace(case("told").id, opened.labels, opened.journal, Bus(), locked=opened.locked)


def paint(workspace: Workspace, n: int, title: str = "Paint tumour") -> None:
    edit = stroke(workspace.labels, (3, 4 + n % 4, 5), 1 + n % 3, 1 + n % 4)
    assert edit is not None
    workspace.do(title, *edit.changes)


def test_strokes_fold_and_undone_ones_stand_apart() -> None:
    workspace = Workspace("case", Labels(SHAPE), FakeJournal(), Bus())
    for n in range(4):
        paint(workspace, n)
    workspace.do("Answer", *answer(workspace.labels, "q", 1).changes)
    workspace.undo()
    workspace.undo()
    history = HistoryView(workspace)
    assert [(line.title, line.count, line.standing) for line in history.lines] == [
        ("Paint tumour", 3, Standing.DONE), ("Paint tumour", 1, Standing.UNDONE), ("Answer", 1, Standing.UNDONE)]
    assert history.acts == 7 and history.title_at(7) == "Undo: Paint tumour" and history.title_at(0) == ""
    paint(workspace, 5, "Erase tumour")
    history.refresh()
    assert [line.standing for line in history.lines] == [Standing.DONE, Standing.GONE, Standing.GONE, Standing.DONE]
    assert not history.reachable(history.lines[1])


def test_any_line_can_be_gone_to_and_left_again() -> None:
    workspace = Workspace("case", Labels(SHAPE), FakeJournal(), Bus())
    moments = []
    for n in range(6):
        paint(workspace, n, f"Paint {n}")
        moments.append(workspace.labels.copy())
    history = HistoryView(workspace)
    for wanted in (1, 5, 0, 3):
        history.refresh()
        steps = history.steps_to(history.lines[wanted])
        while steps:
            steps = history.step(steps)
        assert workspace.labels == moments[wanted]
    assert workspace.history.depth == 4


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = new_store(tmp_path / "store", password=PASSWORD)
    made.cases.add(case("told"))
    return made


def test_a_signed_read_is_told_and_replayed_after_a_restart(store: Store, tmp_path: Path) -> None:
    workspace = workspace_on(store)
    moments = [workspace.labels.copy()]
    for n in range(5):
        paint(workspace, n, f"Paint {n}")
        moments.append(workspace.labels.copy())
    workspace.undo()
    moments.append(workspace.labels.copy())
    save(store, case("told").id)
    store.labels.sign([case("told").id], PASSWORD, "my read")
    store.close()
    again = open_store(tmp_path / "store")
    workspace = workspace_on(again)
    assert workspace.locked
    history = HistoryView(workspace)
    assert [line.standing for line in history.lines] == [*[Standing.SIGNED] * 4, Standing.GONE]
    assert history.lines[-1].signed_after and not any(history.reachable(line) for line in history.lines)
    assert all(line.when for line in history.lines)
    replay = Replay(workspace.labels.copy(), history.acts, workspace.journal.edit)
    replay.prepare(Silent())
    for at in (0, 6, 3, 5, 1):
        replay.go(at)
        assert replay.labels == moments[at]
    again.labels.correct(case("told").id, "slip")
    workspace = workspace_on(again)
    paint(workspace, 9, "Paint 9")
    history = HistoryView(workspace)
    assert history.lines[-1].standing is Standing.DONE and history.reachable(history.lines[-1])
    assert not history.reachable(history.lines[0]), "undo ends at a signature"
    again.close()
