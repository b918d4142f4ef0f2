"""A version says what was known of the image it was made on, and on uneven slices keeps their places."""

from dataclasses import replace

import numpy as np

from graticule.domain.geometry import Grid
from graticule.domain.viewing import Effort
from graticule.records.payload import payload_grid
from graticule.records.revision import ATTEST, PUT, check_attestation
from graticule.store.store import Store
from graticule.store.verify import verify_store
from store.making import GRID, OBJECTS, PASSWORD, SHAPE, act, answer, case, headers, save, stroke

DOUBTS = [["missing-slices", "1 slice missing: a gap of 5.0 mm, where 2.50 mm is usual."]]
SIGNS = [["Missing slices", "1, between slices 3 and 4", "bad"]]
UNEVEN = Grid(SHAPE, GRID.affine, levels=np.array([0, 1, 2, 4, 5, 6.0]))


def doubted(store: Store) -> str:
    wanted = case("doubted")
    store.cases.add(replace(wanted, facts={"doubts": DOUBTS, "signs": SIGNS, "interpretation": "time 1 of 2"}))
    opened = store.labels.open(wanted.id, SHAPE)
    act(opened, answer(opened.labels, "q", True))
    edit = stroke(opened.labels, (3, 5, 5), 2)
    assert edit is not None
    act(opened, edit)
    return wanted.id


def save_uneven(store: Store, case_id: str) -> str | None:
    return store.labels.save(case_id, store.labels.open(case_id, SHAPE).labels, UNEVEN, Effort(), OBJECTS)


def test_the_doubts_about_the_image_are_signed_with_the_labels(signing_store: Store) -> None:
    case_id = doubted(signing_store)
    save_uneven(signing_store, case_id)
    signing_store.labels.sign([case_id], PASSWORD, "Independent read")
    put, attest = headers(signing_store)
    assert (put.op, attest.op) == (PUT, ATTEST)
    for header in (put, attest):
        assert header.extra["image"] == {"doubts": DOUBTS, "signs": SIGNS, "interpretation": "time 1 of 2"}
    assert check_attestation(attest) is None
    changed = replace(attest, extra={"image": {"doubts": []}})
    assert check_attestation(changed) == "It was changed after it was signed."
    assert list(verify_store(signing_store.path)) == []


def test_a_version_without_doubts_says_nothing_of_them(store: Store) -> None:
    wanted = case("plain")
    store.cases.add(replace(wanted, facts={}))
    opened = store.labels.open(wanted.id, SHAPE)
    act(opened, answer(opened.labels, "q", True))
    save(store, wanted.id)
    header, = headers(store)
    assert dict(header.extra) == {}


def test_uneven_slices_keep_their_places_when_a_read_is_signed_without_its_image(signing_store: Store) -> None:
    case_id = doubted(signing_store)
    save_uneven(signing_store, case_id)
    opened = signing_store.labels.open(case_id, SHAPE)
    act(opened, answer(opened.labels, "q", False))
    signing_store.labels.sign([case_id], PASSWORD, "Independent read")
    for header in headers(signing_store):
        grid = payload_grid(signing_store.blobs.get(header.payload))
        assert grid is not None and grid.same_as(UNEVEN, 1e-6)
