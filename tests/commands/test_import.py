"""An import reads each file once: the next asks only about what is new, changed or gone. The store never holds half a case."""

import os
import shutil
import zipfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from fakes.dicom_series import Series, asymmetric
from graticule.commands.import_command import bring_in
from graticule.domain.errors import Cancelled
from graticule.domain.progress import Silent
from graticule.formats.dicom import family
from graticule.formats.door import open_case
from graticule.store.store import Store, open_store
from real_data import DATA, needs_data
from store.making import new_store


@pytest.fixture
def store(tmp_path):
    made = new_store(tmp_path / "store")
    yield made
    made.close()


@pytest.fixture
def read(monkeypatch):
    """The names of the DICOM files whose headers were read."""
    names = []
    plain = family.read_header
    monkeypatch.setattr(family, "read_header", lambda path: (names.append(path.name), plain(path))[1])
    return names


def brought(store: Store, *paths, copy=False):
    return list(bring_in(store, list(paths), Silent(), copy=copy))


def words(outcomes):
    return sorted(outcome.outcome for outcome in outcomes)


def test_an_unchanged_folder_is_not_read_again(tmp_path, store, read):
    Series(asymmetric((3, 4, 4))).write(tmp_path / "in")
    (tmp_path / "in" / "notes.txt").write_text("words")
    first = brought(store, tmp_path / "in")
    assert words(first) == ["case", "case", "case", "skipped"] and len(read) == 3
    again = brought(store, tmp_path / "in")
    assert words(again) == ["known", "known", "known", "skipped"] and len(read) == 3
    assert {outcome.path for outcome in again} == {outcome.path for outcome in first}
    assert {outcome.case.id for outcome in again if outcome.case} == {store.cases.all()[0].id}


def test_it_is_remembered_after_a_restart(tmp_path, store, read):
    Series(asymmetric((3, 4, 4))).write(tmp_path / "in")
    brought(store, tmp_path / "in")
    store.close()
    with open_store(store.path) as again:
        assert words(brought(again, tmp_path / "in")) == ["known"] * 3 and len(read) == 3


def test_a_new_series_is_read_alone(tmp_path, store, read):
    Series(asymmetric((3, 4, 4))).write(tmp_path / "in" / "a")
    brought(store, tmp_path / "in")
    read.clear()
    Series(asymmetric((2, 4, 4))).write(tmp_path / "in" / "b")
    assert words(brought(store, tmp_path / "in")) == ["case", "case", "known", "known", "known"]
    assert len(read) == 2 and len(store.cases.all()) == 2


@pytest.mark.parametrize("how", ["more", "fewer", "changed"])
def test_a_series_that_changed_is_read_as_a_whole(tmp_path, store, how):
    """What the second import finds is what a first one finds in the same folder."""
    series = Series(asymmetric((5, 4, 4)))
    (tmp_path / "in").mkdir()
    slices = [series.slice(k) for k in range(5)]
    for k in range(4):
        slices[k].save_as(tmp_path / "in" / f"{k}.dcm", enforce_file_format=True)
    brought(store, tmp_path / "in")
    if how == "more":
        slices[4].save_as(tmp_path / "in" / "4.dcm", enforce_file_format=True)
    elif how == "fewer":
        (tmp_path / "in" / "3.dcm").unlink()
    else:
        slices[4].save_as(tmp_path / "in" / "3.dcm", enforce_file_format=True)
    second = brought(store, tmp_path / "in")
    with new_store(tmp_path / "fresh") as fresh:
        first = brought(fresh, tmp_path / "in")
    assert {(outcome.path, outcome.case.id) for outcome in second} == {(outcome.path, outcome.case.id) for outcome in first}
    assert len(store.cases.all()) == 2


def test_a_signal_that_arrives_later_makes_its_record_readable(tmp_path, store):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "r.hea").write_text("r 1 250 500\nr.dat 16 200 16 0 0 0 0 II\n")
    assert words(brought(store, tmp_path / "in")) == ["refused"]
    (tmp_path / "in" / "r.dat").write_bytes(np.zeros(500, "<i2").tobytes())
    assert "case" in words(brought(store, tmp_path / "in"))


def test_a_file_touched_but_not_changed_is_the_same_case(tmp_path, store):
    paths = Series(asymmetric((3, 4, 4))).write(tmp_path / "in")
    brought(store, tmp_path / "in")
    for path in paths:
        os.utime(path, ns=(5, 5))
    assert words(brought(store, tmp_path / "in")) == ["known"] * 3
    assert store.cases.all()[0].facts["stamps"] == [f"{path.stat().st_size} 5" for path in paths]


def test_files_moved_elsewhere_are_found_at_their_new_place(tmp_path, store):
    Series(asymmetric((3, 4, 4))).write(tmp_path / "in")
    case = brought(store, tmp_path / "in")[0].case
    shutil.move(tmp_path / "in", tmp_path / "new")
    assert words(brought(store, tmp_path / "new")) == ["known"] * 3
    store.cases.require_files(case.id)
    opening = open_case(store.cases.get(case.id))
    opening.fill(Silent(), lambda k: None)
    assert np.array_equal(opening.content.voxels, asymmetric((3, 4, 4)))


def test_what_an_older_reader_refused_is_looked_at_again(tmp_path, store, read, monkeypatch):
    Series(asymmetric((1, 4, 4))).write(tmp_path / "in")
    brought(store, tmp_path / "in")
    monkeypatch.setattr("graticule.commands.unchanged.READER", "newer")
    brought(store, tmp_path / "in")
    assert len(read) == 2


def test_copies_in_the_store_open_and_outlive_the_originals(tmp_path, store):
    Series(asymmetric((3, 4, 4))).write(tmp_path / "in")
    case = brought(store, tmp_path / "in", copy=True)[0].case
    shutil.rmtree(tmp_path / "in")
    opening = open_case(store.cases.get(case.id))
    opening.fill(Silent(), lambda k: None)
    assert np.array_equal(opening.content.voxels, asymmetric((3, 4, 4)))


class StopAt:
    """Progress that is stopped at one of its steps."""

    def __init__(self, step):
        self.left = step

    def step(self, done, total, text=""):
        self.left -= 1
        if self.left < 0:
            raise Cancelled


@pytest.mark.parametrize("step", range(0, 40, 3))
def test_a_stopped_import_leaves_whole_cases_and_can_be_taken_up(tmp_path, store, step):
    for name in ("a", "b", "c"):
        Series(asymmetric((4, 4, 4))).write(tmp_path / "in" / name)
    with suppress(Cancelled):
        list(bring_in(store, [tmp_path / "in"], StopAt(step), copy=False))
    assert all(len(case.sources) == 4 for case in store.cases.all())
    brought(store, tmp_path / "in")
    assert len(store.cases.all()) == 3 and words(brought(store, tmp_path / "in")) == ["known"] * 12


def test_a_zip_is_brought_in_and_known_the_next_time(tmp_path, store):
    paths = Series(asymmetric((2, 4, 4))).write(tmp_path / "x")
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        for path in paths:
            archive.write(path, path.name)
    assert words(brought(store, tmp_path / "in.zip")) == ["case", "case", "skipped"]
    assert words(brought(store, tmp_path / "in.zip")) == ["known", "known", "skipped"]


def test_relative_paths_are_kept_as_absolute_ones(tmp_path, store, monkeypatch):
    Series(asymmetric((1, 4, 4))).write(tmp_path / "in")
    monkeypatch.chdir(tmp_path)
    case = brought(store, Path("in"))[0].case
    assert Path(case.sources[0].path).is_absolute()


@pytest.mark.skipif(os.name == "nt", reason="Windows names are text")
def test_names_that_are_no_text_are_kept(tmp_path, store):
    path = os.fsdecode(os.fsencode(tmp_path) + b"/in\xff")
    os.mkdir(path)
    made, = Series(asymmetric((1, 4, 4))).write(tmp_path / "x")
    shutil.copyfile(made, path + "/\udcff.dcm")
    case = brought(store, Path(path))[0].case
    assert store.cases.get(case.id).sources[0].path == path + "/\udcff.dcm"
    assert words(brought(store, Path(path))) == ["known"]


@needs_data
def test_labels_in_a_file_are_brought_in_once(tmp_path, store):
    """Even when their file is read again: the same bytes are the same labels."""
    shutil.copytree(DATA / "imaging/seg/ct3slice_dcmqi", tmp_path / "in")
    first = [outcome for outcome in brought(store, tmp_path / "in") if outcome.outcome == "labels"]
    assert first

    def kept():
        return sum(len(store.labels.imported(case_id)) for case_id in store.cases.ids())

    count = kept()
    assert "labels" not in words(brought(store, tmp_path / "in")) and kept() == count
    for outcome in first:
        os.utime(outcome.path, ns=(5, 5))
    again = [outcome for outcome in brought(store, tmp_path / "in") if outcome.path in {one.path for one in first}]
    assert {outcome.reason for outcome in again} == {"These labels are in the store already."} and kept() == count
