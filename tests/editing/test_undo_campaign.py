"""Thousands of random acts with every tool and operation, undone to the empty mask and redone to the end, on the real store.

GRATICULE_EDITS sets how many acts (a campaign: 10000); GRATICULE_SEED where chance begins.
"""

import os
from pathlib import Path

import numpy as np

from editing.any_edit import GRID, SHAPE, Reader
from graticule.domain.acts import Act
from graticule.domain.labels import Labels
from graticule.domain.viewing import Effort
from graticule.editing.events import Bus
from graticule.editing.workspace import Workspace
from graticule.records.payload import encode_labels
from graticule.store.store import Store, open_store
from graticule.store.verify import verify_store
from store.making import case, new_store

EDITS = int(os.environ.get("GRATICULE_EDITS", "250"))
SEED = int(os.environ.get("GRATICULE_SEED", "1"))
RESTARTS = 5
CASE = case("campaign")


def opened(store: Store) -> Workspace:
    found = store.labels.open(CASE.id, SHAPE)
    return Workspace(CASE.id, found.labels, found.journal, Bus())


def again(store: Store, folder: Path) -> tuple[Store, Workspace]:
    store.close()
    store = open_store(folder)
    return store, opened(store)


def assert_counts(labels: Labels) -> None:
    """What every change keeps up to date is what is there."""
    for group in labels.groups.values():
        assert np.array_equal(group.counts, np.bincount(group.values.reshape(-1), minlength=256))
        held = np.argwhere((group.values != 0) | (group.authors != 0))
        if held.size:
            assert group.extent is not None
            assert all(side.start <= low and high < side.stop for side, low, high in
                       zip(group.extent, held.min(axis=0), held.max(axis=0), strict=True))


def test_everything_can_be_undone_to_nothing_and_redone(tmp_path: Path) -> None:
    folder, random = tmp_path / "store", np.random.default_rng(SEED)
    store = new_store(folder)
    store.cases.add(CASE)
    workspace, done, at = opened(store), dict[str, int](), 0
    while at < EDITS:
        reader, until = Reader(workspace, random), at + EDITS // RESTARTS
        while at < until:
            at += reader.act()
        for name, count in reader.done.items():
            done[name] = done.get(name, 0) + count
        assert_counts(workspace.labels)
        if random.random() < 0.5:
            store.labels.save(CASE.id, workspace.labels, GRID, Effort(), ())
        store, reopened = again(store, folder)
        assert reopened.labels == workspace.labels
        workspace = reopened
    while workspace.redo() is not None:
        pass  # what chance had undone last
    end = encode_labels(workspace.labels, GRID)
    back(workspace)
    assert_empty(workspace.labels)
    store, workspace = again(store, folder)
    assert_empty(workspace.labels)
    while workspace.redo() is not None:
        pass
    store, workspace = again(store, folder)
    now = encode_labels(workspace.labels, GRID)
    assert (now.payload, now.blobs) == (end.payload, end.blobs), "redone to the end, to the byte"
    named(workspace)
    store.close()
    assert list(verify_store(folder)) == []
    if EDITS >= 200:
        assert len(done) >= 15, f"chance met only {done}"
    print(f"{at} acts: {dict(sorted(done.items()))}")


def back(workspace: Workspace) -> None:
    depth = workspace.history.depth
    for _ in range(depth):
        assert workspace.undo() is not None
    assert workspace.undo() is None and workspace.history.depth == 0


def assert_empty(labels: Labels) -> None:
    """No element, no voxel, no author: bytes as before the first act."""
    assert labels == Labels(SHAPE) and encode_labels(labels, GRID).payload == encode_labels(Labels(SHAPE), GRID).payload
    assert not any(group.values.any() or group.authors.any() for group in labels.groups.values())


def named(workspace: Workspace) -> None:
    """Every act says what it did."""
    rows = [one.row for one in workspace.journal.told()]
    assert all(row.title.strip() for row in rows)
    assert {row.act for row in rows} == set(Act)
