"""What every edit journal promises, checked on the store's and on the fake that other rooms' tests use."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from fakes.journal import FakeJournal
from graticule.domain.acts import Act, Row
from graticule.domain.edits import Edit, ElementChange, VoxelChange
from graticule.domain.elements import Note, Unknown
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Labels
from graticule.editing.events import Bus
from graticule.editing.history import EditJournal
from graticule.editing.workspace import Workspace
from graticule.store.label_store import OpenedLabels
from store.making import SHAPE, answer, case, new_store


class Bench:
    """A journal, a way to fill the disk, and a way to look at it afresh as after a restart."""

    def __init__(self, journal: EditJournal, fill_disk: Callable[[], None], again: Callable[[], EditJournal]) -> None:
        self.journal = journal
        self.fill_disk = fill_disk
        self.again = again


@pytest.fixture(params=["fake", "store"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    if request.param == "fake":
        fake = FakeJournal()
        yield Bench(fake, lambda: setattr(fake, "disk_full", True), lambda: fake)
        return
    store = new_store(tmp_path / "store")
    wanted = case("contract")
    store.cases.add(wanted)

    def opened() -> OpenedLabels:
        return store.labels.open(wanted.id, SHAPE)

    def fill_disk() -> None:
        pages = store._database.one("PRAGMA page_count")
        assert pages is not None
        store._database.all(f"PRAGMA max_page_count = {pages[0]}")

    yield Bench(opened().journal, fill_disk, lambda: opened().journal)
    store.close()


def edit_of_everything() -> Edit:
    """Voxels, elements, unknown elements and fields of a newer version."""
    runs = [np.array(values, dtype=np.int64) for values in ([3, 40], [2, 1])]
    runs += [np.array(values, dtype=np.uint8) for values in ([0, 0], [1, 2], [0, 0], [1, 1])]
    foreign = Unknown(id="x", kind="hologram", data={"id": "x", "depth": [1, {"deep": "é"}]})
    note = Note(id="n", text="a", extra={"later": True})
    return Edit("Everything at once", (VoxelChange("main", *runs), ElementChange.make(foreign), ElementChange.make(note)))


def test_rows_come_back_in_order_with_their_act_and_title(bench: Bench) -> None:
    labels = Labels()
    first, second = answer(labels, "a", True), answer(labels, "b", False)
    assert bench.journal.append(first, Act.DO, 0) == Row(1, Act.DO, 0, "Answer a")
    bench.journal.append(second, Act.DO, 0)
    bench.journal.append(second.inverse(), Act.UNDO, 2)
    bench.journal.append(second, Act.REDO, 2)
    expected = [Row(1, Act.DO, 0, "Answer a"), Row(2, Act.DO, 0, "Answer b"),
                Row(3, Act.UNDO, 2, "Answer b"), Row(4, Act.REDO, 2, "Answer b")]
    assert bench.journal.rows() == expected
    assert bench.again().rows() == expected
    assert all(row.act is Act(row.act) for row in bench.again().rows())


def test_an_edit_comes_back_exactly(bench: Bench) -> None:
    edit = edit_of_everything()
    row = bench.journal.append(edit, Act.DO, 0)
    assert bench.journal.edit(row.seq) == edit
    assert bench.again().edit(row.seq) == edit


def test_an_act_that_is_not_there_is_said_in_words(bench: Bench) -> None:
    with pytest.raises(GraticuleError, match="not in the journal"):
        bench.journal.edit(7)


def test_a_full_disk_writes_nothing_and_says_so(bench: Bench) -> None:
    kept = bench.journal.append(answer(Labels(), "a", True), Act.DO, 0)
    bench.fill_disk()
    noise = np.random.default_rng(3).integers(1, 1000, 60_000)
    starts = np.cumsum(noise + 2)
    fill = np.ones(starts.size, dtype=np.uint8)
    large = Edit("Threshold", (VoxelChange("main", starts, np.ones_like(starts), fill * 0, fill, fill * 0, fill),))
    with pytest.raises(GraticuleError, match=r"The disk is full\. Nothing was written\."):
        bench.journal.append(large, Act.DO, 0)
    assert bench.journal.rows() == [kept]
    assert bench.again().rows() == [kept]


def test_acts_survive_as_a_history_that_can_be_undone(bench: Bench) -> None:
    labels = Labels()
    workspace = Workspace("c", labels, bench.journal, Bus())
    for question in "abc":
        workspace.do(f"Answer {question}", *answer(labels, question, True).changes)
    workspace.undo()
    later = Workspace("c", labels, bench.again(), Bus())
    assert (later.undo_title, later.redo_title) == ("Answer b", "Answer c")
    assert [later.undo(), later.undo(), later.undo()] == ["Answer b", "Answer a", None]
    assert labels.empty
