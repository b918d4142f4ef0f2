"""The smaller things a store keeps: cases, files, protocols, assignments, looks, view state, what is known of the server."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from graticule.domain.errors import GraticuleError
from graticule.domain.viewing import Effort, Look
from graticule.store.store import Store, create_store, open_store
from graticule.store.sync_state import SyncStatus
from graticule.store.unlock import Unlock
from graticule.study.assignment import Assignment
from store.making import PROTOCOL, SHAPE, act, answer, case, headers


def test_cases_come_back_whole_and_in_order(store: Store) -> None:
    cases = [case(name) for name in "abc"]
    assert [store.cases.add(item) for item in cases] == [False, False, False]
    assert store.cases.all() == cases
    store.cases.add(case("first"), order=0)
    assert store.cases.all() == [case("first"), *cases]
    assert store.cases.get(cases[1].id) == cases[1]


def test_a_known_case_is_told_and_its_files_noted_anew(store: Store) -> None:
    store.cases.add(case("a"))
    moved = case("a", paths=("/elsewhere/a.nii",))
    assert store.cases.add(moved) is True
    assert store.cases.all() == [moved]


def test_a_case_is_found_by_its_first_characters(store: Store) -> None:
    cases = [case(str(number)) for number in range(40)]
    for item in cases:
        store.cases.add(item)
    assert store.cases.find(cases[7].id) == cases[7]
    assert store.cases.find(cases[7].id[:15]) == store.cases.find(cases[7].id[3:15]) == cases[7]
    with pytest.raises(GraticuleError, match="Several cases begin"):
        store.cases.find("c1:")
    for nothing in ("c1:zz", "%", "c1:____"):
        with pytest.raises(GraticuleError, match="No case of this store"):
            store.cases.find(nothing)


def test_copied_files_move_with_the_store(store: Store, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "IM1").write_text(folder)
    original = case("copied", paths=(str(tmp_path / "one" / "IM1"), str(tmp_path / "two" / "IM1")))
    copied = store.files_in(original)
    store.cases.add(copied)
    assert store.files_in(original) == copied
    store.close()
    shutil.rmtree(tmp_path / "one")
    store.path.rename(tmp_path / "moved")
    with open_store(tmp_path / "moved") as again:
        (found,) = again.cases.all()
        assert [Path(source.path).read_text() for source in found.sources] == ["one", "two"]
        assert all(Path(source.path).is_relative_to(tmp_path / "moved") for source in found.sources)
        again.cases.require_files(found.id)


def test_protocols_by_content_and_the_latest_is_read_under(store: Store) -> None:
    first, document = store.protocols.current()
    assert document == PROTOCOL
    second = store.protocols.put({**PROTOCOL, "version": "2"})
    assert store.protocols.current() == (second, {**PROTOCOL, "version": "2"})
    assert store.protocols.get(first) == PROTOCOL
    assert store.protocols.put(PROTOCOL) == first == store.protocols.current()[0]
    with pytest.raises(GraticuleError, match="not in the store"):
        store.protocols.get("p1:0")


def test_the_round_and_role_of_an_assignment_stand_in_the_version(store: Store) -> None:
    wanted, protocol = case("assigned"), store.protocols.current()[0]
    store.cases.add(wanted)
    given = [Assignment("test-project", protocol, wanted.id, store.reader.id, number, role, 3)
             for number, role in ((1, "reader"), (2, "adjudicator"))]
    store.assignments.put(given)
    store.assignments.put(given)
    assert [(item.round, item.role, item.order) for item in store.assignments.all()] == [(1, "reader", 3), (2, "adjudicator", 3)]
    opened = store.labels.open(wanted.id, None)
    act(opened, answer(opened.labels, "q", True))
    store.labels.save(wanted.id, opened.labels, None, Effort(), ())
    (header,) = headers(store)
    assert (header.slot.round, header.slot.role) == (2, "adjudicator")


def test_looks_and_view_state_come_back(store: Store) -> None:
    wanted = case("seen")
    store.cases.add(wanted)
    looks = [Look("axial", number, (0, 1, 2, 3), 1000, ("400.0", "40.0"), 250) for number in range(3)]
    store.looks.add(wanted.id, looks[:2])
    store.looks.add(wanted.id, looks[2:])
    assert store.looks.of(wanted.id) == looks and store.looks.of("other") == []
    assert store.view_state.load("desk") == {}
    store.view_state.save("desk", {"case": wanted.id, "zoom": 1.5})
    store.view_state.save("desk", {"zoom": 2.5})
    assert store.view_state.load("desk") == {"zoom": 2.5}


def test_what_waits_is_the_log_after_the_servers_head(store: Store) -> None:
    assert (store.sync_state.load(), store.sync_state.waiting()) == (SyncStatus(), 0)
    for _ in range(3):
        store.log.append_event("open", {})
    status = SyncStatus("server", "timeline", 2, store.log.hash_at(2) or "", 1, "2026-01-01T00:00:00Z", -250, "", {"held": 1})
    store.sync_state.save(status)
    assert store.sync_state.load() == status
    assert (store.sync_state.waiting(), store.sync_state.revisions_waiting()) == (1, 0)
    store.sync_state.save(replace(status, trouble="The server does not answer."))
    path = store.path
    store.close()
    with open_store(path) as again:
        assert again.sync_state.load().trouble == "The server does not answer."


def test_the_server_can_be_set_later(store: Store) -> None:
    assert store.server_url == "http://server.test"
    store.set_server("https://labels.clinic.test")
    assert store.server_url == "https://labels.clinic.test"


def test_nothing_is_saved_before_there_is_a_protocol(tmp_path: Path) -> None:
    with create_store(tmp_path / "new", "Ann", Unlock.key_file(), password=None) as store:
        wanted = case("early")
        store.cases.add(wanted)
        opened = store.labels.open(wanted.id, SHAPE)
        act(opened, answer(opened.labels, "q", True))
        with pytest.raises(GraticuleError, match="no protocol yet"):
            store.labels.save(wanted.id, opened.labels, None, Effort(), ())
        assert len(store.labels.open(wanted.id, SHAPE).journal.rows()) == 1
