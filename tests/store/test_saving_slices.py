"""After one stroke only the slices it touched are encoded again, and what is saved is the same as if all had been."""

from pathlib import Path

import numpy as np

from graticule.domain.viewing import Effort
from graticule.editing.events import Bus
from graticule.editing.workspace import Workspace
from graticule.records.payload import encode_labels
from graticule.store.store import Store, open_store
from store.making import GRID, SHAPE, case, new_store, stroke


def test_a_stroke_is_saved_as_the_slices_it_touched(tmp_path: Path) -> None:
    store = new_store(tmp_path / "store")
    store.cases.add(case("slices"))
    opened = store.labels.open(case("slices").id, SHAPE)
    workspace = Workspace(case("slices").id, opened.labels, opened.journal, Bus())
    rng = np.random.default_rng(4)
    for n in range(12):
        place = tuple(int(rng.integers(size)) for size in SHAPE)
        edit = stroke(workspace.labels, (place[0], place[1], place[2]), int(rng.integers(0, 3)), int(rng.integers(4)))
        if edit is not None:
            workspace.do(f"Paint {n}", *edit.changes)
        if n % 4 == 3:
            workspace.undo()
        name = store.labels.save(case("slices").id, workspace.labels, GRID, Effort(), ())
        assert name is None or store.labels.load(name) == workspace.labels
    assert written(store, workspace) == 0
    for radius, slices in ((0, 1), (1, 3)):
        edit = stroke(workspace.labels, (3, 6, 5), radius, 7 + radius)
        assert edit is not None
        workspace.do("Paint", *edit.changes)
        assert 0 < written(store, workspace) <= 2 * slices, "values and authors of the slices it touched"
        name = store.labels.save(case("slices").id, workspace.labels, GRID, Effort(), ())
        assert name is not None and store.labels.load(name) == workspace.labels
    store.close()
    again = open_store(tmp_path / "store")
    assert again.labels.open(case("slices").id, SHAPE).labels == workspace.labels
    again.close()


def written(store: Store, workspace: Workspace) -> int:
    """How many slices would be encoded now."""
    known = store.labels._written_before(workspace.case_id, workspace.labels)
    return len(encode_labels(workspace.labels, GRID, known).blobs)
