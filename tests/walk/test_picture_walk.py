"""A photograph's mask goes the same way as a volume's: painted, taken up again, signed, sent, and seen by nobody else."""

from itertools import count
from pathlib import Path

import numpy as np
import pytest

from fakes.sync_world import Central, Desk
from graticule.commands.import_command import bring_in
from graticule.domain.case import State
from graticule.domain.codes import Code
from graticule.domain.elements import Answer, Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.picture import Picture
from graticule.domain.progress import Silent
from graticule.domain.viewing import Effort
from graticule.editing.canvas import canvas_of
from graticule.editing.events import Bus
from graticule.editing.tools.brush import BrushTool
from graticule.editing.tools.tool import Bench, Plane, Pointer
from graticule.editing.workspace import Workspace
from graticule.formats.door import open_case
from graticule.formats.export import export
from graticule.resources import load_ontology, read_json, resource
from graticule.store.store import Store
from graticule.store.verify import verify_store

PASSWORD = "correct horse"


@pytest.fixture
def central(tmp_path: Path) -> Central:
    return Central(tmp_path / "server")


def desk_at(folder: Path, central: Central, name: str) -> Desk:
    made = Desk(folder, central, name=name, password=PASSWORD)
    made.store.protocols.put(read_json("protocols", "demo.json"))
    return made


def picture_in(store: Store) -> str:
    cases = {found.case.id for found in bring_in(store, [resource("samples", "dermoscopy")], Silent(), copy=False) if found.case}
    assert len(cases) == 1
    return cases.pop()


def content_of(store: Store, case: str) -> Picture:
    content = open_case(store.cases.get(case)).content
    assert isinstance(content, Picture)
    return content


def workspace_of(store: Store, case: str) -> Workspace:
    opened = store.labels.open(case, canvas_of(content_of(store, case)).grid.shape)
    workspace = Workspace(case, opened.labels, opened.journal, Bus())
    if opened.locked:
        workspace.lock()
    return workspace


def paint(store: Store, case: str) -> np.ndarray:
    """One stroke across the middle, undone and redone after the store was opened again; its voxels."""
    picture, workspace = content_of(store, case), workspace_of(store, case)
    code = Code("graticule", "naevus", "1")
    workspace.set("Add segment", Segment(id="s1", group="main", value=1, colour="#e69f00", category=code, type=code))
    ids = count(1)
    bench = Bench(workspace, picture, load_ontology("anatomy"), lambda: f"e{next(ids)}", active_segment="s1")
    grid = bench.canvas.grid
    middle, (i, j, k) = grid.to_patient([picture.columns / 2, picture.rows / 2, 0]), grid.direction.T
    brush, plane = BrushTool(), Plane("picture", i, j, k, 1.0)
    for gesture, along in ((brush.press, 0.0), (brush.drag, 40.0), (brush.release, 40.0)):
        gesture(bench, Pointer(tuple(middle + i * along), plane))
    painted = workspace.labels.group("main").values.copy()
    assert painted.shape == (1, picture.rows, picture.columns) and painted.any()

    workspace = workspace_of(store, case)
    assert np.array_equal(workspace.labels.group("main").values, painted), "what was committed is there after a restart"
    workspace.undo()
    assert not workspace.labels.group("main").values.any()
    workspace.redo()
    assert np.array_equal(workspace.labels.group("main").values, painted)
    workspace.set("Answer", Answer(id="image_adequate", value=True))
    store.labels.save(case, workspace.labels, grid, Effort(), ())
    return painted


def test_the_mask_of_a_picture_is_signed_and_sent(tmp_path: Path, central: Central) -> None:
    desk = desk_at(tmp_path / "first", central, "Reader One")
    case = picture_in(desk.store)
    painted = paint(desk.store, case)
    desk.store.labels.sign([case], PASSWORD, "This is my independent read.")
    signed = workspace_of(desk.store, case)
    assert np.array_equal(signed.labels.group("main").values, painted)
    with pytest.raises(GraticuleError):
        signed.set("Answer", Answer(id="image_adequate", value=False))

    report = desk.sync()
    assert (report.waiting, report.quarantined) == (0, 0)
    assert desk.store.labels.states()[case] == State.SYNCED

    other = desk_at(tmp_path / "second", central, "Reader Two")
    other.sync()
    assert picture_in(other.store) == case, "two workstations name the same picture alike"
    assert workspace_of(other.store, case).labels.empty and other.versions() == set()
    other.close()

    labels, out = workspace_of(desk.store, case).labels, tmp_path / "out"
    out.mkdir()
    made = export(desk.store.cases.get(case), content_of(desk.store, case), labels, load_ontology(), "coco", out)
    assert made and all(check.result.startswith("equal") or check.by == "Graticule" for file in made for check in file.checks)
    desk.close()
    assert list(verify_store(tmp_path / "first")) == []
