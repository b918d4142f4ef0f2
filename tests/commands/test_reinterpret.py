"""The files of a case read another way: what the worklist then holds, and what is kept."""

import pytest

from commands.test_headless_twin import Twin
from fakes.dicom_series import Series, asymmetric
from graticule.commands.import_command import bring_in
from graticule.commands.rereading import read_as, ways_of
from graticule.desk_plugs import StoreRereader
from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Silent
from store.making import act, answer, new_store


@pytest.fixture
def twice(tmp_path):
    """A folder with one ordinary series of three slices and another of four places met twice."""
    Series(asymmetric((3, 3, 3))).write(tmp_path / "in" / "plain")
    series = Series(asymmetric((4, 3, 3)))
    folder = tmp_path / "in" / "times"
    folder.mkdir()
    for time in (1, 2):
        for k in range(4):
            data = series.slice(k, TemporalPositionIdentifier=time, InstanceNumber=4 * time + k)
            data.save_as(folder / f"{time}{k}.dcm", enforce_file_format=True)
    return tmp_path / "in"


@pytest.fixture
def store(tmp_path, twice):
    made = new_store(tmp_path / "store")
    list(bring_in(made, [twice], Silent(), copy=False))
    yield made
    made.close()


def listed(store):
    return [len(case.facts["slices"]) for case in store.cases.all()]


def of_times(store):
    return [case for case in store.cases.all() if len(case.facts["slices"]) == 4]


def test_one_stack_takes_the_place_of_the_items_and_gives_it_back(store):
    before = store.cases.ids()
    joined = read_as(store, of_times(store)[0], "file-order", Silent())
    assert sorted(listed(store)) == [3, 8] and joined.kept == ()
    now = store.cases.ids()
    assert now.index(joined.cases[0].id) == min(at for at, case in enumerate(before) if case not in now)
    back = read_as(store, joined.cases[0], "geometry", Silent())
    assert store.cases.ids() == before and len(back.cases) == 2


def test_a_labelled_case_stays_and_its_labels_with_it(store):
    labelled, other = of_times(store)
    opened = store.labels.open(labelled.id, (4, 3, 3))
    act(opened, answer(opened.labels, "pneumothorax", True))
    joined = read_as(store, other, "file-order", Silent())
    assert [case.id for case in joined.kept] == [labelled.id]
    assert sorted(listed(store)) == [3, 4, 8] and other.id not in store.cases.ids()
    assert len(list(store.labels.open(labelled.id, (4, 3, 3)).labels.all())) == 1
    read_as(store, joined.cases[0], "geometry", Silent())
    assert sorted(listed(store)) == [3, 4, 4]


def test_a_case_that_was_only_opened_is_no_labelled_one(store):
    first = of_times(store)[0]
    store.labels.open(first.id, (4, 3, 3))
    store.view_state.save(first.id, {"slice": 2})
    assert read_as(store, first, "file-order", Silent()).kept == ()
    assert first.id not in store.cases.ids()


def test_the_next_import_knows_the_files_as_what_they_are_now(store, twice):
    joined = read_as(store, of_times(store)[0], "file-order", Silent())
    again = list(bring_in(store, [twice], Silent(), copy=False))
    assert {outcome.outcome for outcome in again} == {"known"} and sorted(listed(store)) == [3, 8]
    assert {outcome.case.id for outcome in again if outcome.path.parent.name == "times"} == {joined.cases[0].id}


def test_files_that_can_be_read_one_way_are_said_to(store):
    plain = next(case for case in store.cases.all() if len(case.facts["slices"]) == 3)
    assert ways_of(store, plain, Silent()) == []
    with pytest.raises(GraticuleError, match="cannot be read “file-order”"):
        read_as(store, plain, "file-order", Silent())


def test_the_desk_is_told_which_reading_is_the_usual_and_which_is_now(store):
    rereader = StoreRereader(store)
    first = of_times(store)[0]
    found = {reading.name: reading for reading in rereader.readings(first.id, Silent())}
    assert found["geometry"].usual and found["geometry"].now and found["geometry"].slices == (4, 4)
    assert not found["file-order"].now and any("8 images of 4 places" in doubt for doubt in found["file-order"].doubts)
    result = rereader.read_as(first.id, "file-order", Silent())
    assert [reading.name for reading in rereader.readings(result.cases[0], Silent()) if reading.now] == ["file-order"]


def test_the_command_lists_the_ways_and_reads_one(tmp_path, twice, capsys):
    twin, place = Twin(capsys), tmp_path / "other"
    (tmp_path / "words").write_text("a long passphrase\n")
    at = ("--store", place, "--passphrase-file", tmp_path / "words")
    twin("init", place, "--reader", "Reader", "--passphrase-file", tmp_path / "words")
    case = twin("import", twice / "times", *at)[0]["case"]
    ways = {row["name"]: row for row in twin("reinterpret", case, *at)}
    assert ways["geometry"]["usual"] and ways["geometry"]["now"] and ways["file-order"]["slices"] == [8]
    (row,) = twin("reinterpret", case, "--as", "file-order", *at)
    assert row["outcome"] == "case" and [one["case"] for one in twin("cases", *at)] == [row["case"]]
    (shown,) = twin("show", row["case"], *at)
    assert shown["shape"] == [8, 3, 3] and not shown["oriented"] and "in file order" in shown["interpretation"]
    twin("reinterpret", row["case"], "--as", "nothing", *at, expect=2)
    assert "cannot be read" in twin.said
