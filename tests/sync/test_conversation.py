"""The desk and the server talk: what is sent arrives once, byte for byte, and what is somebody else's stays away."""

import secrets
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from fakes.sync_world import PROJECT, Central, Desk, a_case
from graticule.domain.case import State
from graticule.domain.errors import GraticuleError
from graticule.store.device_log import DeviceLog
from graticule.study.assignment import Assignment
from graticule.sync.label_server import Reset
from graticule.sync.messages import Cursor, Limits


@pytest.fixture
def central(tmp_path: Path):
    server = Central(tmp_path / "server")
    yield server
    server.close()


@pytest.fixture
def desk(tmp_path: Path, central: Central):
    workstation = Desk(tmp_path / "desk", central)
    yield workstation
    workstation.close()


def test_what_was_saved_arrives_byte_for_byte(central: Central, desk: Desk) -> None:
    versions = [desk.read("one", "normal"), desk.read("two", "nodule"), desk.read("one", "mass")]
    report = desk.sync()
    assert (report.sent, report.accepted, report.duplicate, report.waiting, report.quarantined) == (3, 3, 0, 0, 0)
    assert (report.here, report.on_server, report.backed_up) == (3, 3, 0)
    assert central.store.lines(desk.store.log.device_id) == desk.lines()
    for version in versions:
        payload = desk.store.labels._revisions.header(version).payload
        assert central.store.blob(payload) == desk.store.blobs.get(payload)


def test_a_signed_read_is_checked_by_the_server_and_counts_as_one(tmp_path: Path, central: Central) -> None:
    desk = Desk(tmp_path / "signer", central, password="secret")
    desk.read("one", "mass")
    desk.store.labels.sign([a_case("one").id], "secret", "my independent read")
    assert desk.store.labels.states()[a_case("one").id] is State.SEALED
    report = desk.sync()
    assert (report.accepted, report.quarantined, report.incomplete, report.held) == (2, 0, 0, 0)
    assert [(row["signed"], row["drafts"]) for row in central.store.readers()] == [(1, 1)]
    assert desk.store.labels.states()[a_case("one").id] is State.SYNCED
    desk.close()


def test_a_second_conversation_sends_nothing(desk: Desk) -> None:
    desk.read("one", "normal")
    desk.sync()
    report = desk.sync()
    assert (report.sent, report.waiting, report.on_server) == (0, 0, 1)


def test_a_desk_that_forgot_everything_about_the_server_resends_nothing(desk: Desk) -> None:
    desk.read("one", "normal")
    desk.sync()
    desk.store.sync_state.save(replace(desk.store.sync_state.load(), acknowledged=0, acknowledged_hash=""))
    assert desk.sync().sent == 0
    assert desk.store.sync_state.waiting() == 0


def test_the_log_has_no_gaps_and_its_root_is_that_of_the_stored_lines(central: Central, desk: Desk) -> None:
    for number in range(7):
        desk.read(f"case {number % 3}", f"finding {number}")
        desk.sync()
    page = desk.server.pull(Cursor(PROJECT))
    assert [entry.index for entry in page.entries] == list(range(7))
    assert page.checkpoint == central.store.recomputed(PROJECT)
    assert (page.next.index, page.next.root) == (7, page.checkpoint.root) and not page.more


def test_the_second_reader_never_receives_what_the_first_one_said(tmp_path: Path, central: Central, desk: Desk) -> None:
    first = desk.read("shared", "a very rare finding")
    desk.sync()
    other = Desk(tmp_path / "other", central, name="Reader Two")
    other.read("shared", "normal")
    other.sync()
    heard: list[bytes] = []
    inner = central.wire.handle_request

    def listening(request: httpx.Request) -> httpx.Response:
        answer = inner(request)
        heard.append(answer.content)
        return answer

    central.wire.handle_request = listening
    other.sync()
    central.wire.handle_request = inner
    page = other.server.pull(Cursor(PROJECT))
    assert [entry.index for entry in page.entries] == [1] and page.checkpoint.size == 2
    said = b"".join(heard)
    payload = desk.store.labels._revisions.header(first).payload
    for secret in (first, payload, desk.store.log.device_id, desk.store.reader.id):
        assert secret.encode() not in said
    assert {row.reader_name for row in other.server.fleet()} == {"Reader One", "Reader Two"}
    assert {row.drafts for row in other.server.fleet()} == {1}
    other.close()


def test_assignments_come_and_are_counted_once(central: Central, desk: Desk) -> None:
    desk.sync()
    reader, protocol = desk.store.reader.id, desk.store.protocols.current()[0]
    central.store.assign(
        [Assignment(PROJECT, protocol, a_case(name).id, reader, 1, "reader", order) for order, name in enumerate("ab")]
    )
    central.store.assign([Assignment(PROJECT, protocol, a_case("c").id, "another reader", 1, "reader", 0)])
    assert desk.sync().pulled == 2
    assert desk.sync().pulled == 0
    assert [item.case_id for item in desk.store.assignments.all()] == [a_case("a").id, a_case("b").id]


def test_a_read_of_a_revoked_assignment_is_kept_and_marked_late(central: Central, desk: Desk) -> None:
    desk.sync()
    given = Assignment(PROJECT, desk.store.protocols.current()[0], a_case("one").id, desk.store.reader.id)
    central.store.assign([given])
    desk.sync()
    central.store.assign([given], is_open=False)
    desk.read("one", "too late")
    assert desk.sync().accepted == 1
    assert [entry.state for entry in desk.server.pull(Cursor(PROJECT)).entries] == ["late"]
    assert central.store.assignments(desk.store.reader.id, PROJECT) == []


def test_a_cursor_from_another_past_is_reset(desk: Desk) -> None:
    desk.read("one", "normal")
    desk.sync()
    with pytest.raises(Reset):
        desk.server.pull(Cursor(PROJECT, 1, "ab" * 32))


def test_offline_is_a_sentence_and_loses_nothing(central: Central, desk: Desk) -> None:
    class Nobody(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            raise httpx.ConnectError("no route", request=request)

    desk.read("one", "normal")
    desk.connect(Nobody())
    with pytest.raises(GraticuleError, match="cannot be reached"):
        desk.sync()
    assert desk.store.sync_state.load().trouble.startswith("The server cannot be reached")
    desk.connect()
    assert desk.sync().accepted == 1
    assert desk.store.sync_state.load().trouble == ""


def test_data_the_server_will_not_take_does_not_hold_up_what_follows(tmp_path: Path) -> None:
    central = Central(tmp_path / "small", limits=Limits(inline_bytes=100, blob_bytes=500, part_bytes=300, upload_bytes=1000))
    desk = Desk(tmp_path / "writer", central)
    desk.read("one", secrets.token_hex(5000))
    desk.read("two", "normal")
    report = desk.sync()
    assert (report.accepted, report.waiting, report.incomplete) == (2, 0, 1)
    assert desk.sync().incomplete == 1
    desk.close()
    central.close()


def test_a_line_that_was_damaged_here_leads_to_a_new_name_and_the_rest_arrives(central: Central, desk: Desk) -> None:
    class Damaged:
        """The store's log, one line of which went bad on the disk; what is entered again is sound."""

        def __init__(self, log: DeviceLog, damage: bytes) -> None:
            self._log, self._bad, self._damage = log, log.device_id, damage

        def __getattr__(self, name: str) -> Any:
            return getattr(self._log, name)

        def entries_after(self, seq: int, limit: int) -> list[bytes]:
            lines = self._log.entries_after(seq, limit)
            bad = 1 - seq if self._log.device_id == self._bad else -1
            return [self._damage if number == bad else line for number, line in enumerate(lines)]

    for case in ("one", "two", "three"):
        desk.read(case, "normal")
    sound = desk.store.log
    for damage in (b"\n", b"\xff\xfe", sound.entries_after(1, 1)[0].replace(b"put", b"PUT", 1)):
        desk.store.log = Damaged(sound, damage)  # the server never sees the difference between disk and program
        assert desk.sync().waiting == 0
        desk.store.log = sound
    assert central.store.recomputed(PROJECT).size == 3


def test_a_wrong_clock_is_no_obstacle(desk: Desk) -> None:
    desk.clock.now_ms += 400 * 24 * 3600 * 1000
    desk.read("one", "normal")
    assert desk.sync().accepted == 1
    assert desk.store.sync_state.load().offset_ms == -400 * 24 * 3600 * 1000
    desk.clock.now_ms -= 800 * 24 * 3600 * 1000
    desk.read("two", "normal")
    assert desk.sync().accepted == 1


def test_another_server_at_the_same_address_gets_nothing(tmp_path: Path, desk: Desk) -> None:
    desk.read("one", "normal")
    desk.sync()
    stranger = Central(tmp_path / "stranger")
    desk.read("two", "normal")
    desk.connect(stranger.wire)
    with pytest.raises(GraticuleError, match="not the server"):
        desk.sync()
    assert stranger.store.fleet() == []
    stranger.close()


def test_a_copied_store_goes_on_under_a_new_name_and_nothing_is_lost_or_doubled(
    tmp_path: Path, central: Central, desk: Desk
) -> None:
    desk.read("one", "before the copy")
    desk.sync()
    twin = Desk(desk.snapshot(tmp_path / "twin"), central, create=False)
    desk.read("two", "on the original")
    twin.read("three", "on the copy")
    desk.sync()
    report = twin.sync()
    assert report.duplicate == 1 and report.waiting == 0
    assert twin.store.log.parent == desk.store.log.device_id != twin.store.log.device_id
    assert central.store.recomputed(PROJECT).size == 3
    assert desk.sync().sent == 0 and twin.sync().sent == 0
    twin.close()


def test_a_store_rolled_back_to_an_older_copy_goes_on_under_a_new_name(tmp_path: Path, central: Central, desk: Desk) -> None:
    desk.read("one", "early")
    old = desk.snapshot(tmp_path / "old")
    desk.read("two", "later")
    desk.sync()
    desk.reopen(old)
    desk.read("three", "after the roll-back")
    report = desk.sync()
    assert (report.duplicate, report.waiting) == (1, 0)
    assert central.store.recomputed(PROJECT).size == 3
