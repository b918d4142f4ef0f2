"""What travels: dense, chained, signed; a copy of the store goes on under another name."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from graticule.records.chain import START
from graticule.records.entry import check_entry, read_entry
from graticule.store.segment import decode_segment, encode_segment
from graticule.store.store import Store, open_store
from graticule.store.verify import verify_store
from store.making import SHAPE, act, answer, new_store, save, worked


def test_entries_are_dense_chained_and_signed_by_the_device(store: Store) -> None:
    assert store.log.head() == (0, START) and store.log.hash_at(0) == START
    for number in range(5):
        store.log.append_event("open", {"case": f"c1:{number}"})
    save(store, worked(store))
    lines = store.log.entries_after(0, 100)
    entries = [read_entry(line) for line in lines]
    assert [entry.seq for entry in entries] == [1, 2, 3, 4, 5, 6]
    assert [entry.prev for entry in entries] == [START, *(entry.hash for entry in entries[:-1])]
    assert all(check_entry(line, store.log.public_key) is None for line in lines)
    assert {entry.device for entry in entries} == {store.device_id}
    assert store.log.head() == (6, entries[-1].hash) and store.log.hash_at(3) == entries[2].hash
    assert store.log.hash_at(7) is None
    assert store.log.entries_after(4, 1) == lines[4:5] and store.log.entries_after(6, 9) == []


def test_stamps_rise_through_restarts_and_a_clock_set_back(tmp_path) -> None:  # type: ignore[no-untyped-def]
    now = [1_790_000_000_000]
    store = new_store(tmp_path / "store", now_ms=lambda: now[0])
    for jump in (0, 5, -10_000_000_000, 1, 20_000_000_000, 0):
        now[0] += jump
        store.log.append_event("open", {})
        store.close()
        store = open_store(tmp_path / "store", now_ms=lambda: now[0])
    stamps = [read_entry(line).event().hlc for line in store.log.entries_after(0, 100)]
    assert stamps == sorted(set(stamps)) and len(stamps) == 6
    store.close()


def test_going_on_as_a_new_device_enters_every_version_again(store: Store) -> None:
    case_id = worked(store)
    first = save(store, case_id)
    opened = store.labels.open(case_id, SHAPE)
    act(opened, answer(opened.labels, "q", False))
    second = save(store, case_id)
    store.sync_state.save(replace(store.sync_state.load(), acknowledged=2, acknowledged_hash=store.log.hash_at(2) or ""))
    old = store.device_id
    new = store.log.rehome("fork")
    assert new != old and (store.device_id, store.log.parent) == (new, old)
    entries = [read_entry(line) for line in store.log.entries_after(0, 100)]
    assert [entry.ref for entry in entries[:2]] == [first, second]
    assert (entries[2].event().event, entries[2].event().data["parent"]) == ("rehome", old)
    assert [entry.header().device for entry in entries[:2]] == [old, old]
    assert (store.sync_state.waiting(), store.sync_state.revisions_waiting()) == (3, 2)
    assert store.log.rehome("fork") != new and store.log.head()[0] == 3
    path = store.path
    store.close()
    assert list(verify_store(path)) == []
    with open_store(path) as again:
        assert again.log.head()[0] == 3 and again.labels.load(second or "") == opened.labels


@given(st.lists(st.tuples(st.binary(max_size=40), st.binary(max_size=40))))
def test_a_segment_comes_back(rows: list[tuple[bytes, bytes]]) -> None:
    assert [row for piece in encode_segment(rows) for row in decode_segment(piece)] == rows


def test_a_long_segment_is_cut_between_rows() -> None:
    rows = [(b"link-%d" % number, bytes([number]) * 6_000_000) for number in range(6)]
    pieces = encode_segment(rows)
    assert len(pieces) == 2
    assert [row for piece in pieces for row in decode_segment(piece)] == rows
