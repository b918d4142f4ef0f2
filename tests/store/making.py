"""Stores, cases and acts for the tests of the store."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np

from graticule.domain.acts import Act
from graticule.domain.case import Case, Kind, Source
from graticule.domain.codes import Code
from graticule.domain.edits import Edit, ElementChange, apply, voxel_change
from graticule.domain.elements import Answer, Segment
from graticule.domain.geometry import Grid
from graticule.domain.labels import Labels
from graticule.domain.viewing import Effort
from graticule.records.entry import read_entry
from graticule.records.ids import case_id
from graticule.records.revision import Header
from graticule.store.clock import wall_ms
from graticule.store.label_store import OpenedLabels
from graticule.store.store import NewStore, Store, open_store
from graticule.store.unlock import Unlock

PASSWORD = "correct horse"
PROTOCOL = {"title": "Test", "version": "1", "project": "test-project", "questions": [], "ontology": "test"}
SHAPE = (6, 12, 10)
OBJECTS = [{"role": "file", "sha256": "ab" * 32}]
GRID = Grid(SHAPE, np.array([[0.5, 0, 0, -10.1], [0, 0.5, 0, 3.3], [0, 0, 2.5, 7], [0, 0, 0, 1.0]]))


def new_store(folder: Path, *, password: str | None = None, now_ms: Callable[[], int] = wall_ms) -> Store:
    """A store with a protocol. Without a password, since wrapping the signing key takes a third of a second."""
    new = NewStore("Reader One", "http://server.test", password)
    store = open_store(folder, Unlock.key_file(), create=new, now_ms=now_ms)
    store.protocols.put(PROTOCOL)
    return store


def case(name: str, *, kind: Kind = Kind.VOLUME, paths: tuple[str, ...] = ()) -> Case:
    hashed = "sha256:" + hashlib.sha256(name.encode()).hexdigest()
    sources = tuple(Source(path, hashed) for path in paths or (f"/images/{name}.nii",))
    return Case(case_id(str(kind), [hashed]), kind, "CT", name, "nifti", sources, ("a doubt",), {"spacing": 1.25})


def answer(labels: Labels, question: str, value: object) -> Edit:
    before = labels.element("answer", question)
    return Edit(f"Answer {question}", (ElementChange("answer", question, before, Answer(id=question, value=value)),))


def segment(number: int = 1) -> Segment:
    return Segment(id=f"s{number}", group="main", value=number, colour="#ff0000",
                   category=Code("graticule", "tissue", "1"), type=Code("graticule", f"kind-{number}", "1"))


def stroke(labels: Labels, centre: tuple[int, int, int], radius: int, value: int = 1) -> Edit | None:
    """A ball of voxels, as a brush makes it."""
    shape = labels.grid_shape
    assert shape is not None
    k, j, i = np.ogrid[: shape[0], : shape[1], : shape[2]]
    inside = (k - centre[0]) ** 2 + (j - centre[1]) ** 2 + (i - centre[2]) ** 2 <= radius**2
    change = voxel_change("main", labels.group("main"), np.flatnonzero(inside), value, 1)
    return Edit("Paint", (change,)) if change else None


def act(opened: OpenedLabels, edit: Edit) -> int:
    """Apply and journal, as a workspace does; the act's number."""
    apply(opened.labels, edit)
    return opened.journal.append(edit, Act.DO, 0).seq


def headers(store: Store) -> list[Header]:
    """Of the versions in the device log, oldest first."""
    entries = [read_entry(line) for line in store.log.entries_after(0, 100)]
    return [entry.header() for entry in entries if entry.kind == "revision"]


def worked(store: Store, name: str = "worked") -> str:
    """A case with an answer and a stroke, not saved."""
    wanted = case(name)
    store.cases.add(wanted)
    opened = store.labels.open(wanted.id, SHAPE)
    act(opened, answer(opened.labels, "q", True))
    edit = stroke(opened.labels, (3, 5, 5), 2)
    assert edit is not None
    act(opened, edit)
    return wanted.id


def save(store: Store, case_id: str, effort: Effort = Effort()) -> str | None:  # noqa: B008 - frozen value
    return store.labels.save(case_id, store.labels.open(case_id, SHAPE).labels, GRID, effort, OBJECTS)
