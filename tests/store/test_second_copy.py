"""The flight recorder: everything that was saved stands in it, a torn end costs nothing, a crash between the copies is mended."""

from pathlib import Path

import pytest

from graticule.domain.errors import GraticuleError
from graticule.records.frames import decode_frame
from graticule.records.ids import blob_id
from graticule.store.database import Database
from graticule.store.flight_recorder import BLOB, ENTRY, FlightRecorder, Record, read_recorder, recorder_files
from graticule.store.keys import open_keys
from graticule.store.store import Store, open_store
from graticule.store.verify import verify_store
from store.making import SHAPE, act, answer, save, worked


def records(store: Store) -> list[Record]:
    return list(read_recorder(store.path / "recorder", open_keys(store.path, None)))


def test_a_saved_version_can_be_rebuilt_from_the_second_copy_alone(store: Store) -> None:
    save(store, worked(store))
    found = records(store)
    assert [record.data for record in found if record.what == ENTRY] == store.log.entries_after(0, 10)
    pieces = {record.name: decode_frame(record.data) for record in found if record.what == BLOB}
    assert all(blob_id(raw) == name for name, raw in pieces.items())
    assert len(pieces) == store._database.one("SELECT count(*) FROM blobs")[0]  # type: ignore[index]
    assert found[-1].what == ENTRY


def test_strokes_do_not_reach_the_recorder(store: Store) -> None:
    case_id = worked(store)
    save(store, case_id)
    size = recorder_files(store.path / "recorder")[0].stat().st_size
    opened = store.labels.open(case_id, SHAPE)
    act(opened, answer(opened.labels, "q4", True))
    assert recorder_files(store.path / "recorder")[0].stat().st_size == size


def test_a_torn_end_is_cut_off_and_written_again(store: Store) -> None:
    case_id = worked(store)
    save(store, case_id)
    store.close()
    (path,) = recorder_files(store.path / "recorder")
    for number, torn in enumerate((b"\x07", path.read_bytes()[:30], bytes(100))):
        with path.open("ab") as file:
            file.write(torn)
        with open_store(store.path) as again:
            opened = again.labels.open(case_id, SHAPE)
            act(opened, answer(opened.labels, "q", number))
            assert save(again, case_id) is not None
        assert list(verify_store(store.path)) == []


def test_a_second_copy_that_was_lost_is_written_again(store: Store) -> None:
    save(store, worked(store))
    store.close()
    (path,) = recorder_files(store.path / "recorder")
    for left in (path.read_bytes()[:-1], b"", None):
        path.unlink() if left is None else path.write_bytes(left)
        (problem,) = verify_store(store.path)
        assert "once, not twice" in problem.why
        open_store(store.path).close()
        assert list(verify_store(store.path)) == []


def test_a_crash_between_the_two_copies_is_mended_at_the_next_opening(store: Store) -> None:
    case_id = worked(store)
    save(store, case_id)
    kept = recorder_files(store.path / "recorder")[0].read_bytes()
    known = store._database.one("SELECT value FROM facts WHERE name = 'recorded'")
    opened = store.labels.open(case_id, SHAPE)
    act(opened, answer(opened.labels, "q5", True))
    save(store, case_id)
    store.close()
    # As the power cut left it: the database has the second version, the recorder and the note of it do not.
    recorder_files(store.path / "recorder")[0].write_bytes(kept)
    database = Database(store.path / "labels.db", open_keys(store.path, None))
    database.write("UPDATE facts SET value = ? WHERE name = 'recorded'", known or ("{}",))
    database.close()
    (problem,) = verify_store(store.path)
    assert "once, not twice" in problem.why
    open_store(store.path).close()
    assert list(verify_store(store.path)) == []


def test_long_records_are_cut_into_parts_and_joined(tmp_path: Path) -> None:
    key, long = bytes(32), bytes(range(256)) * 150_000
    recorder = FlightRecorder(tmp_path, key)
    recorder.append([Record(BLOB, "b1:x", long), Record(ENTRY, "d/1", b"")])
    recorder.append([Record(ENTRY, "d/2", b"line")])
    recorder.close()
    expected = [Record(BLOB, "b1:x", long), Record(ENTRY, "d/1", b""), Record(ENTRY, "d/2", b"line")]
    assert list(read_recorder(tmp_path, key)) == expected
    with pytest.raises(GraticuleError, match="does not fit its key"):
        list(read_recorder(tmp_path, b"\x01" * 32))
