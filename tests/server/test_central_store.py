"""What the server takes in, on both databases: once, verbatim, in order, and never blocked by one bad entry."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from fakes.paper_desk import PaperDesk, push, send
from graticule.domain.errors import GraticuleError
from graticule.records.frames import encode_frame
from graticule.records.ids import blob_id
from graticule.records.keys import verify
from graticule.server.blob_shelf import proven_frame
from graticule.server.central_store import CentralStore
from graticule.server.refusal import Refusal
from graticule.server.tables import APPEND_ONLY, damaged, records
from graticule.study.assignment import Assignment
from graticule.sync.messages import Behind, BlobLine, Cursor, DeskStatus, Fork, Receipt


def results(receipt: Receipt) -> list[str]:
    return [result.result for result in receipt.results]


def test_what_arrives_is_stored_verbatim_with_a_signed_receipt(store: CentralStore, desk: PaperDesk) -> None:
    for number in range(3):
        desk.write(desk.header(f"case {number}"))
    receipt = push(store, desk)
    assert results(receipt) == ["stored"] * 3 and [result.index for result in receipt.results] == [0, 1, 2]
    assert receipt.ack == desk.head and receipt.need_blobs == ()
    assert verify(store.identity.key.public, receipt.signature, receipt.statement())
    assert store.lines(desk.id) == desk.lines
    assert store.blob(blob_id(b"{}")) == b"{}"


def test_the_same_push_again_is_success_and_changes_nothing(store: CentralStore, desk: PaperDesk) -> None:
    for number in range(3):
        desk.write(desk.header(f"case {number}"))
    first, again = push(store, desk), push(store, desk)
    assert results(again) == ["duplicate"] * 3
    assert [result.index for result in again.results] == [result.index for result in first.results] and again.ack == first.ack
    assert store.recomputed("demo").size == 3


def test_a_push_that_overlaps_takes_only_what_is_new(store: CentralStore, desk: PaperDesk) -> None:
    desk.write(desk.header("one"))
    push(store, desk)
    desk.write(desk.header("two"))
    desk.write(desk.header("three"))
    assert results(push(store, desk)) == ["duplicate", "stored", "stored"]
    assert results(push(store, desk, after=2)) == ["duplicate"]
    assert store.lines(desk.id) == desk.lines


def test_a_push_that_starts_beyond_the_head_is_told_where_to_start(store: CentralStore, desk: PaperDesk) -> None:
    for number in range(3):
        desk.write(desk.header(f"case {number}"))
    assert send(store, desk, desk.request(after=2)) == Behind(desk.base(0))
    assert store.lines(desk.id) == []


def test_another_history_under_the_same_name_is_a_fork(store: CentralStore, desk: PaperDesk) -> None:
    desk.write(desk.header("shared"))
    desk.write(desk.header("original"))
    push(store, desk)
    before = store.lines(desk.id)
    desk.forget(1)
    desk.write(desk.header("copy"))
    desk.write(desk.header("copy again"))
    assert send(store, desk, desk.request()) == Fork(1)
    assert send(store, desk, desk.request(after=2)) == Fork(0)
    assert store.lines(desk.id) == before


def test_a_line_that_was_changed_is_kept_aside_and_nothing_after_it_is_acknowledged(store: CentralStore, desk: PaperDesk) -> None:
    for number in range(3):
        desk.write(desk.header(f"case {number}"))
    bad = desk.lines[1].replace(b'"op":"put"', b'"op":"PUT"')
    receipt = push(store, desk, lines=[desk.lines[0], bad, desk.lines[2]])
    assert receipt.ack.seq == 1 and receipt.broken is not None and receipt.broken.seq == 2
    with store.database.read() as connection:
        assert [bytes(row.line) for row in connection.execute(select(damaged))] == [bad]
    assert results(push(store, desk)) == ["duplicate", "stored", "stored"]


def test_authentic_but_unfit_entries_are_held_and_do_not_stand_in_the_way(store: CentralStore, desk: PaperDesk) -> None:
    put = desk.header("fine")
    unfit = [
        {"v": 2, "project": "demo", "device": desk.id, "whatever": 1},
        {"device": desk.id},
        desk.header("not mine", slot=replace(put.slot, reader="another")).as_json(),
        {**desk.header().as_json(), "op": "delete"},
        {**desk.header().as_json(), "project": "nul\0"},
        {**desk.header().as_json(), "project": "x" * 5000},
    ]
    for body in unfit:
        desk.write_body(body)
    desk.write(put)
    desk.write(replace(desk.attest(put), reason="altered after signing"))
    desk.write(desk.attest(put))
    receipt = push(store, desk)
    assert results(receipt) == ["quarantined"] * 6 + ["stored", "quarantined", "stored"]
    assert all(result.why for result in receipt.results if result.result == "quarantined")
    assert receipt.ack == desk.head
    assert store.lines(desk.id) == desk.lines
    row = store.fleet()[0]
    assert (row.held, row.signed, row.drafts) == (7, 1, 1)
    device = store.device(desk.id)
    assert device is not None and store.hello(device, DeskStatus()).held == 7


def test_an_entry_that_claims_a_false_name_cannot_take_the_place_of_the_true_one(store: CentralStore, desk: PaperDesk) -> None:
    true = desk.header("the real read")
    desk.write_body({"device": desk.id, "project": "demo"}, ref=true.id)
    desk.write(true)
    assert results(push(store, desk)) == ["quarantined", "stored"]
    with store.database.read() as connection:
        row = connection.execute(select(records).where(records.c.identity == true.id)).one()
    assert (row.seq, row.state) == (2, "stored")


def test_a_signed_read_with_a_key_that_is_not_the_readers_is_held(store: CentralStore, desk: PaperDesk) -> None:
    put = desk.header()
    desk.write(put)
    impostor = PaperDesk("Impostor")
    impostor.reader = desk.reader
    desk.write(impostor.attest(put))
    assert results(push(store, desk)) == ["stored", "quarantined"]


def test_entries_without_their_data_are_incomplete_until_it_comes(store: CentralStore, desk: PaperDesk) -> None:
    desk.write(desk.header(payload=b"late data"))
    device = store.device(desk.id)
    assert device is not None
    receipt = push(store, desk, blobs=())
    assert results(receipt) == ["incomplete"] and receipt.need_blobs == (blob_id(b"late data"),)
    assert store.hello(device, DeskStatus()).wanted == (blob_id(b"late data"),)
    assert store.missing([blob_id(b"late data"), blob_id(b"late data")]) == [blob_id(b"late data")]
    assert store.put_blob(device, proven_frame(blob_id(b"late data"), encode_frame(b"late data"))) is True
    assert store.put_blob(device, proven_frame(blob_id(b"late data"), encode_frame(b"late data"))) is False
    assert store.hello(device, DeskStatus()).wanted == () and store.missing([blob_id(b"late data")]) == []


def test_data_that_is_not_what_it_claims_is_not_kept(store: CentralStore, desk: PaperDesk) -> None:
    desk.write(desk.header(payload=b"true"))
    request = replace(desk.request(), blobs=(BlobLine(blob_id(b"true"), b"false"),))
    receipt = send(store, desk, request)
    assert results(receipt) == ["incomplete"] and store.blob(blob_id(b"true")) is None
    with pytest.raises(Refusal):
        proven_frame(blob_id(b"true"), encode_frame(b"false"))
    with pytest.raises(Refusal):
        proven_frame(blob_id(bytes(10_000)), encode_frame(bytes(10_000)), most_bytes=9_999)


def test_a_version_whose_parent_never_came_waits_but_is_kept(store: CentralStore, desk: PaperDesk) -> None:
    absent = desk.header("never sent")
    child = desk.header("child", parents=(absent.id,))
    desk.write(child)
    desk.write(desk.header("grandchild", parents=(child.id,)))
    assert results(push(store, desk)) == ["waiting", "stored"]


def test_a_new_device_brings_the_same_versions_without_doubling_them(store: CentralStore, desk: PaperDesk) -> None:
    headers = [desk.header(f"case {number}") for number in range(3)]
    for header in headers:
        desk.write(header)
    push(store, desk)
    successor = PaperDesk("Reader One", like=desk).enrolled(store)
    for header in headers:
        successor.write(header)
    successor.write(successor.header("new work"))
    receipt = push(store, successor)
    assert results(receipt) == ["duplicate"] * 3 + ["stored"]
    assert [result.index for result in receipt.results] == [0, 1, 2, 3]


def test_positions_of_two_devices_and_two_projects_are_dense(store: CentralStore, desk: PaperDesk) -> None:
    other = PaperDesk("Reader Two").enrolled(store)
    for number in range(6):
        for device in (desk, other):
            done = len(device.lines)
            device.write(device.header(f"case {number}", project=("demo", "second")[number % 2]))
            push(store, device, after=done)
    for project in ("demo", "second"):
        with store.database.read() as connection:
            found = connection.execute(
                select(records.c.position).where(records.c.project == project).order_by(records.c.position)
            )
            assert list(found.scalars()) == list(range(6))
        assert store.checkpoint(project)["root"] == store.recomputed(project).root


def test_a_page_holds_only_the_readers_own_and_ends_at_a_known_root(store: CentralStore, desk: PaperDesk) -> None:
    other = PaperDesk("Reader Two").enrolled(store)
    for number in range(4):
        for device in (desk, other):
            done = len(device.lines)
            device.write(device.header(f"case {number}"))
            push(store, device, after=done)
    mine = store.device(desk.id)
    assert mine is not None
    page = store.pull(mine, Cursor("demo"))
    assert [entry.index for entry in page.entries] == [0, 2, 4, 6] and {entry.device for entry in page.entries} == {desk.id}
    assert page.next.index == 8 and store.pull(mine, page.next).entries == ()
    with pytest.raises(Refusal) as refused:
        store.pull(mine, replace(page.next, index=7))
    assert refused.value.status == 410


def test_no_statement_can_change_or_remove_what_was_received(store: CentralStore, desk: PaperDesk) -> None:
    desk.write(desk.header())
    push(store, desk)
    push(store, desk, after=1, lines=[b"not an entry"])
    store.assign([Assignment("demo", "p", "c", "r")])
    for table in APPEND_ONLY:
        first = next(iter(table.c))
        for act in (delete(table), update(table).values({first.name: first})):
            with pytest.raises(DBAPIError, match="append only"), store.database.write() as connection:
                connection.execute(act)
    if not store.database.is_sqlite:
        with pytest.raises(DBAPIError, match="append only"), store.database.write() as connection:
            connection.execute(text("TRUNCATE entries"))
    assert store.lines(desk.id) == desk.lines


def test_the_server_is_the_same_after_a_restart(url: str, store: CentralStore, desk: PaperDesk, tmp_path: Path) -> None:
    desk.write(desk.header())
    push(store, desk)
    again = CentralStore(url, tmp_path, store.clock_ms)
    assert (again.identity.server, again.identity.timeline) == (store.identity.server, store.identity.timeline)
    assert again.invitation == store.invitation
    assert again.lines(desk.id) == desk.lines
    again.close()


def test_a_key_file_of_another_server_is_refused(url: str, store: CentralStore, tmp_path: Path) -> None:
    (tmp_path / "server.key").write_text("ab" * 32)
    with pytest.raises(GraticuleError, match="belongs to another database"):
        CentralStore(url, tmp_path, store.clock_ms)
    (tmp_path / "server.key").unlink()
    with pytest.raises(GraticuleError, match="key file"):
        CentralStore(url, tmp_path, store.clock_ms)


def test_a_database_of_a_newer_server_is_left_alone(url: str, store: CentralStore, tmp_path: Path) -> None:
    with store.database.write() as connection:
        connection.execute(text("UPDATE settings SET value = '99' WHERE name = 'schema'"))
    with pytest.raises(GraticuleError, match="newer"):
        CentralStore(url, tmp_path, store.clock_ms)
