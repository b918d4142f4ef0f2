"""One story: a stroke and a rhythm tag go from real files to the central server, and nobody else sees them."""

import io
import logging
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from fakes.sync_world import Central, Desk
from graticule.commands.import_command import bring_in
from graticule.domain.case import State
from graticule.domain.codes import Code
from graticule.domain.edits import ElementChange
from graticule.domain.elements import Answer, Episode, Segment
from graticule.domain.labels import Labels
from graticule.domain.progress import Silent
from graticule.domain.recording import Recording
from graticule.domain.viewing import Effort
from graticule.domain.volume import Volume
from graticule.editing.events import Bus
from graticule.editing.tools.brush import BrushTool
from graticule.editing.tools.tool import Bench, Plane, Pointer
from graticule.editing.workspace import Workspace
from graticule.formats.door import open_case
from graticule.formats.export import export
from graticule.resources import load_ontology, read_json, resource
from graticule.store.store import Store
from graticule.store.verify import verify_store

SENTINEL = "Wilhelmina-Sentinel"
PASSWORD = "correct horse"


@pytest.fixture
def central(tmp_path: Path) -> Central:
    return Central(tmp_path / "server")


@pytest.fixture
def desk(tmp_path: Path, central: Central) -> Desk:
    made = Desk(tmp_path / SENTINEL, central, name=SENTINEL, password=PASSWORD)
    made.store.protocols.put(read_json("protocols", "demo.json"))
    return made


def test_a_stroke_and_a_rhythm_tag_reach_the_server_and_nobody_else(tmp_path: Path, central: Central, desk: Desk) -> None:
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    logging.getLogger("graticule").addHandler(handler)
    logging.getLogger("graticule").setLevel(logging.DEBUG)
    try:
        liver, ecg = (import_one(desk.store, name) for name in ("liver_ct", "ecg_synthetic_2to1"))
        painted = paint(desk.store, liver)
        tag(desk.store, ecg)
        desk.store.labels.sign([liver, ecg], PASSWORD, "This is my independent read.")
        assert {desk.store.labels.states()[case] for case in (liver, ecg)} == {State.SEALED}
        report = desk.sync()
        assert (report.waiting, report.quarantined) == (0, 0)
        assert {desk.store.labels.states()[case] for case in (liver, ecg)} == {State.SYNCED}
        again = desk.sync()
        assert (again.sent, again.accepted) == (0, 0), "nothing is sent twice"

        other = Desk(tmp_path / "second", central, name="Second reader", password=PASSWORD)
        other.store.protocols.put(read_json("protocols", "demo.json"))
        other.sync()
        same = import_one(other.store, "liver_ct")
        assert same == liver, "two workstations name the same images alike"
        assert other.store.labels.open(liver, shape(other.store, liver)).labels.empty
        assert other.versions() == set()
        other.close()

        exported_equals(desk.store, liver, painted, tmp_path / "out")
        path = desk.folder
        desk.close()
        assert list(verify_store(path)) == []
    finally:
        logging.getLogger("graticule").removeHandler(handler)
    said = lines.getvalue()
    assert SENTINEL not in said and "liver_ct" not in said and "1-07" not in said, "the log holds ids and counts only"


def import_one(store: Store, sample: str) -> str:
    cases = {outcome.case.id for outcome in bring_in(store, [resource("samples", sample)], Silent(), copy=False) if outcome.case}
    assert len(cases) == 1
    return cases.pop()


def shape(store: Store, case: str) -> tuple[int, int, int]:
    content = open_case(store.cases.get(case)).content
    assert isinstance(content, Volume)
    return content.grid.shape


def paint(store: Store, case: str) -> np.ndarray:
    """One brush stroke on the middle slice, undone and redone after the store was left and opened again; its voxels."""
    opening = open_case(store.cases.get(case))
    volume = opening.content
    assert isinstance(volume, Volume)
    opened = store.labels.open(case, volume.grid.shape)
    workspace = Workspace(case, opened.labels, opened.journal, Bus())
    code = Code("graticule", "liver", "1")
    workspace.set("Add segment", Segment(id="s1", group="main", value=1, colour="#e69f00", category=code, type=code))
    ids = count(1)
    bench = Bench(workspace, volume, load_ontology("anatomy"), lambda: f"e{next(ids)}", active_segment="s1")
    centre = volume.grid.to_patient([256, 256, 9])
    i, j, k = volume.grid.direction.T
    plane = Plane("axial", i, j, k, 1.0)
    brush = BrushTool()
    for gesture, x_mm in ((brush.press, 0.0), (brush.drag, 12.0), (brush.release, 12.0)):
        gesture(bench, Pointer(tuple(centre + i * x_mm), plane))
    painted = workspace.labels.group("main").values.copy()
    assert painted[9].any() and painted[:9].sum() == 0, "a disc stays on its slice"

    reopened = store.labels.open(case, volume.grid.shape)
    assert reopened.labels == workspace.labels, "what was committed is there after a restart"
    workspace = Workspace(case, reopened.labels, reopened.journal, Bus())
    workspace.undo()
    assert not workspace.labels.group("main").values.any()
    workspace.redo()
    assert np.array_equal(workspace.labels.group("main").values, painted)
    workspace.set("Answer", Answer(id="image_adequate", value=True))
    store.labels.save(case, workspace.labels, volume.grid, Effort(), ())
    return painted


def tag(store: Store, case: str) -> None:
    """A conduction episode on the same workspace, journal and revisions as voxels."""
    recording = open_case(store.cases.get(case)).content
    assert isinstance(recording, Recording) and recording.synthetic
    opened = store.labels.open(case, None)
    workspace = Workspace(case, opened.labels, opened.journal, Bus())
    code = load_ontology("rhythm").search("2:1")[0].code
    episode = Episode(id="e1", track="conduction", start=recording.tick(1), end=recording.tick(9), code=code)
    workspace.do("Tag 2:1 block", ElementChange.make(episode))
    store.labels.save(case, workspace.labels, None, Effort(), ())


def exported_equals(store: Store, case: str, painted: np.ndarray, out: Path) -> None:
    """The signed labels as DICOM SEG, read back by the library's own checks, hold as many voxels as were painted."""
    opening = open_case(store.cases.get(case))
    opening.fill(Silent(), lambda _slice: None)
    labels: Labels = store.labels.open(case, shape(store, case)).labels
    out.mkdir()
    made = export(store.cases.get(case), opening.content, labels, load_ontology(), "dicom-seg", out)
    assert made and all(check.result.startswith(("equal", "no errors")) for item in made for check in item.checks)
    assert int(np.count_nonzero(labels.group("main").values)) == int(np.count_nonzero(painted))
