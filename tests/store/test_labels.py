"""Saving, signing and correcting: what becomes a version, what locks, what state a case is in."""

from dataclasses import replace

import numpy as np
import pytest

from graticule.domain.case import Kind, State
from graticule.domain.edits import apply
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Grid
from graticule.domain.viewing import Effort, Look
from graticule.records.entry import read_entry
from graticule.records.looks import decode_looks
from graticule.records.revision import ATTEST, JOURNAL_ROLE, LOOKS_ROLE, PUT, check_attestation
from graticule.store.segment import decode_segment
from graticule.store.store import Store, open_store
from graticule.store.verify import verify_store
from store.making import GRID, OBJECTS, PASSWORD, SHAPE, act, answer, case, headers, save, stroke, worked

LOOK = Look("axial", 3, (0, 0, 100, 100), 1500, ("400.0", "40.0"), 1200)


def test_a_saved_version_carries_everything_and_comes_back(store: Store) -> None:
    case_id = worked(store)
    name = save(store, case_id, Effort("2026-01-02T03:04:05+00:00", 61_000, (LOOK,)))
    assert name is not None
    assert store.labels.load(name) == store.labels.open(case_id, SHAPE).labels
    (header,) = headers(store)
    assert (header.id, header.op, header.case, header.parents) == (name, PUT, case_id, ())
    assert header.project == "test-project" and header.protocol == store.protocols.current()[0]
    assert (header.slot.reader, header.slot.round, header.slot.role) == (store.reader.id, 1, "reader")
    assert [(item.role, item.sha256) for item in header.objects] == [("file", "ab" * 32)]
    assert (header.effort.opened, header.effort.active_ms) == ("2026-01-02T03:04:05+00:00", 61_000)
    assert decode_looks(store.blobs.get(header.effort.looks)) == (LOOK,)
    assert {blob.role for blob in header.blobs} == {"mask", LOOKS_ROLE}
    assert store.blobs.missing(blob.id for blob in header.blobs) == []


def test_saving_without_a_change_makes_no_version(store: Store) -> None:
    case_id = worked(store)
    assert save(store, case_id) is not None
    assert save(store, case_id) is None
    opened = store.labels.open(case_id, SHAPE)
    edit = answer(opened.labels, "q2", "mild")
    act(opened, edit)
    act(opened, edit.inverse())
    assert save(store, case_id) is None
    assert len(store.labels.revisions(case_id)) == 1


def test_an_untouched_case_is_not_saved(store: Store) -> None:
    wanted = case("untouched")
    store.cases.add(wanted)
    assert save(store, wanted.id) is None
    assert store.labels.states() == {wanted.id: State.NEW}


def test_each_version_is_the_child_of_the_one_before(store: Store) -> None:
    case_id = worked(store)
    first = save(store, case_id)
    opened = store.labels.open(case_id, SHAPE)
    act(opened, answer(opened.labels, "q", False))
    second = save(store, case_id)
    assert [header.parents for header in headers(store)] == [(), (first,)]
    assert [row.id for row in store.labels.revisions(case_id)] == [first, second]
    assert first is not None and store.labels.load(first).element("answer", "q").value is True  # type: ignore[union-attr]


def test_the_state_of_a_case_follows_its_reader(signing_store: Store) -> None:
    store = signing_store
    wanted = case("new")
    store.cases.add(wanted)
    case_id = worked(store)

    def states() -> list[State]:
        return [store.labels.states()[name] for name in (wanted.id, case_id)]

    assert states() == [State.NEW, State.IN_PROGRESS]
    store.labels.finish(case_id, True)
    assert states() == [State.NEW, State.FINISHED]
    store.labels.finish(case_id, False)
    save(store, case_id)
    store.labels.sign([case_id], PASSWORD, "my read")
    assert states() == [State.NEW, State.SEALED]
    seq, known = store.log.head()
    status = store.sync_state.load()
    store.sync_state.save(replace(status, acknowledged=seq - 1, acknowledged_hash=store.log.hash_at(seq - 1) or ""))
    assert states() == [State.NEW, State.SEALED]
    store.sync_state.save(replace(status, acknowledged=seq, acknowledged_hash=known))
    assert states() == [State.NEW, State.SYNCED]
    store.labels.correct(case_id, "slip")
    assert states() == [State.NEW, State.IN_PROGRESS]


def test_signing_locks_the_case_and_carries_its_acts_as_evidence(signing_store: Store) -> None:
    store = signing_store
    case_id = worked(store)
    save(store, case_id)
    before = store.labels.open(case_id, SHAPE).labels
    (name,) = store.labels.sign([case_id], PASSWORD, "I read it myself.")
    put, attest = headers(store)
    assert (attest.id, attest.op, attest.parents, attest.payload) == (name, ATTEST, (put.id,), put.payload)
    assert check_attestation(attest, store.reader.public_key) is None
    assert attest.signature is not None
    assert (attest.signature.name, attest.signature.meaning) == ("Reader One", "I read it myself.")
    assert set(put.blobs) < set(attest.blobs) and attest.effort == put.effort
    pieces = [store.blobs.get(blob.id) for blob in attest.blobs if blob.role == JOURNAL_ROLE]
    assert len([row for piece in pieces for row in decode_segment(piece)]) == 2
    opened = store.labels.open(case_id, SHAPE)
    assert opened.locked and opened.labels == before and opened.journal.rows() == []
    with pytest.raises(GraticuleError, match="signed and locked"):
        act(opened, answer(opened.labels, "q2", True))
    with pytest.raises(GraticuleError, match="signed and locked"):
        store.labels.finish(case_id, False)
    assert save(store, case_id) is None
    assert list(verify_store(store.path)) == []


def test_signing_saves_first_what_was_not_saved(signing_store: Store) -> None:
    store = signing_store
    case_id = worked(store)
    save(store, case_id)
    opened = store.labels.open(case_id, SHAPE)
    act(opened, answer(opened.labels, "late", True))
    (name,) = store.labels.sign([case_id], PASSWORD, "my read")
    assert [header.op for header in headers(store)] == [PUT, PUT, ATTEST]
    assert store.labels.load(name) == opened.labels


def test_voxels_whose_place_is_unknown_are_not_signed(signing_store: Store) -> None:
    case_id = worked(signing_store)
    with pytest.raises(GraticuleError, match="is not known here"):
        signing_store.labels.sign([case_id], PASSWORD, "my read")
    assert signing_store.labels.states()[case_id] is State.IN_PROGRESS


def test_a_wrong_password_signs_nothing(signing_store: Store) -> None:
    store = signing_store
    ids = [worked(store, "one"), worked(store, "two")]
    for case_id in ids:
        save(store, case_id)
    head = store.log.head()
    with pytest.raises(GraticuleError, match="The password is not right"):
        store.labels.sign(ids, "Correct horse", "my read")
    assert store.log.head() == head
    assert set(store.labels.states().values()) == {State.IN_PROGRESS}


def test_all_or_none_are_signed(signing_store: Store) -> None:
    store = signing_store
    one, two = worked(store, "one"), worked(store, "two")
    for case_id in (one, two):
        save(store, case_id)
    store.labels.sign([one], PASSWORD, "my read")
    with pytest.raises(GraticuleError, match="signed already"):
        store.labels.sign([two, one], PASSWORD, "my read")
    assert store.labels.states()[two] is State.IN_PROGRESS
    assert len(store.labels.sign([two, two], PASSWORD, "my read")) == 1


def test_a_reader_without_a_password_chooses_one_before_signing(store: Store) -> None:
    case_id = worked(store)
    save(store, case_id)
    with pytest.raises(GraticuleError, match="no password for signing yet"):
        store.labels.sign([case_id], "", "my read")
    store.set_password("first")
    with pytest.raises(GraticuleError, match="not right"):
        store.set_password("second", old="wrong")
    store.set_password("second", old="first")
    assert len(store.labels.sign([case_id], "second", "my read")) == 1


def test_a_correction_is_a_new_version_that_names_the_signed_one_and_why(signing_store: Store) -> None:
    store = signing_store
    case_id = worked(store)
    save(store, case_id)
    (signed,) = store.labels.sign([case_id], PASSWORD, "my read")
    with pytest.raises(GraticuleError, match="needs a reason"):
        store.labels.correct(case_id, " ")
    store.labels.correct(case_id, "overlooked")
    with pytest.raises(GraticuleError, match="not signed"):
        store.labels.correct(case_id, "again")
    opened = store.labels.open(case_id, SHAPE)
    assert (opened.locked, opened.version, opened.journal.rows()) == (False, 2, [])
    assert save(store, case_id) is None
    act(opened, answer(opened.labels, "q", False))
    name = save(store, case_id)
    correction = headers(store)[-1]
    assert (correction.id, correction.parents, correction.reason) == (name, (signed,), "overlooked")
    (again,) = store.labels.sign([case_id], PASSWORD, "my second read")
    assert [row.version for row in store.labels.revisions(case_id)] == [1, 1, 2, 2]
    assert [row.signed for row in store.labels.revisions(case_id)] == [False, True, False, True]
    assert headers(store)[-1].id == again and headers(store)[-1].reason == ""
    assert list(verify_store(store.path)) == []


def test_imported_labels_are_kept_apart_and_never_sent(store: Store) -> None:
    wanted = case("imported")
    store.cases.add(wanted)
    labels = store.labels.open(wanted.id, SHAPE).labels
    edit = stroke(labels, (2, 4, 4), 2)
    assert edit is not None
    apply(labels, edit)
    name = store.labels.import_labels(wanted.id, labels, GRID, "dicom-seg")
    assert name is not None and store.labels.load(name) == labels
    assert store.labels.import_labels(wanted.id, labels, GRID, "dicom-seg") is None
    assert [(row.id, row.author) for row in store.labels.imported(wanted.id)] == [(name, "dicom-seg")]
    assert store.labels.revisions(wanted.id) == [] and headers(store) == []
    assert store.labels.states()[wanted.id] is State.NEW
    assert store.labels.open(wanted.id, SHAPE).labels.empty
    event = read_entry(store.log.entries_after(0, 1)[0]).event()
    assert (event.event, event.data) == ("import", {"case": wanted.id, "revision": name})
    assert list(verify_store(store.path)) == []


def test_an_image_of_another_size_is_refused(store: Store) -> None:
    case_id = worked(store)
    with pytest.raises(GraticuleError, match="another size"):
        store.labels.open(case_id, (6, 12, 11))
    with pytest.raises(GraticuleError, match="another size"):
        store.labels.save(case_id, store.labels.open(case_id, SHAPE).labels, Grid((6, 12, 11), np.eye(4)), Effort(), OBJECTS)
    assert store.labels.revisions(case_id) == []


def test_a_case_without_voxels_goes_the_same_way(signing_store: Store) -> None:
    store = signing_store
    wanted = case("ecg", kind=Kind.ECG)
    store.cases.add(wanted)
    opened = store.labels.open(wanted.id, None)
    act(opened, answer(opened.labels, "rhythm", "af"))
    assert store.labels.save(wanted.id, opened.labels, None, Effort(), ()) is not None
    store.labels.sign([wanted.id], PASSWORD, "my read")
    assert store.labels.open(wanted.id, None).labels == opened.labels
    assert list(verify_store(store.path)) == []


def test_an_unlisted_case_is_said_in_words(store: Store) -> None:
    with pytest.raises(GraticuleError, match="No case of this store"):
        store.labels.open(case("nowhere").id, SHAPE)


def test_a_damaged_checkpoint_costs_time_and_nothing_else(store: Store) -> None:
    case_id = worked(store)
    store._checkpoints.make(case_id)
    expected = store.labels.open(case_id, SHAPE).labels
    store._database.write("UPDATE checkpoints SET state = substr(state, 1, length(state) - 9)")
    assert store.labels.open(case_id, SHAPE).labels == expected


def test_fields_of_a_newer_version_outlive_this_one(store: Store) -> None:
    case_id = worked(store)
    labels = store.labels.open(case_id, SHAPE).labels
    labels.extra = {"hologram": {"v": 7}}
    store.labels.save(case_id, labels, GRID, Effort(), OBJECTS)
    opened = store.labels.open(case_id, SHAPE)
    assert opened.labels.extra == {"hologram": {"v": 7}}
    act(opened, answer(opened.labels, "q", False))
    name = save(store, case_id)
    assert name is not None and store.labels.load(name).extra == {"hologram": {"v": 7}}
    assert list(verify_store(store.path)) == []


def test_everything_is_there_after_a_restart(signing_store: Store) -> None:
    case_id = worked(signing_store)
    save(signing_store, case_id)
    signing_store.labels.sign([case_id], PASSWORD, "my read")
    rows, states, head = signing_store.labels.revisions(case_id), signing_store.labels.states(), signing_store.log.head()
    path = signing_store.path
    signing_store.close()
    with open_store(path) as again:
        assert (again.labels.revisions(case_id), again.labels.states(), again.log.head()) == (rows, states, head)
        assert again.reader == signing_store.reader and again.server_url == "http://server.test"
