"""Row 15: 512×512×1000 with 20 segments in a real window: memory at each step against image + masks, and what saving costs.

The image and the masks are counted as they must lie in memory: two bytes a voxel of the image; two bytes (value and author) of
every page of a group that a segment touches.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figure import Figure, Timing

SHAPE = (1000, 512, 512)
GROUPS, SEGMENTS = 4, 20
GOAL = 2.5


def run() -> Iterator[Figure]:
    """In a process of its own: nothing another benchmark loaded is counted."""
    done = subprocess.run([sys.executable, "-m", "benchmarks.memory"], capture_output=True, text=True, check=False,
                          env={**os.environ, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")})
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    told = json.loads(done.stdout.splitlines()[-1])
    for step, gb in told["steps"].items():
        yield Figure("15", f"memory, GB: {step}", Timing(gb, gb), f"{GOAL} × (image + masks)", _flat(GOAL * told["content"]))
    for what, ms in told["ms"].items():
        yield Figure("15b", what, Timing(ms, ms), "saving all of it the first time", _flat(told["ms"]["save, first"]))


def _flat(value: float) -> Timing:
    return Timing(value, value)


def rss_gb() -> float:
    """Of this process, without the pages that a file mapping could give back."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) / 1e6
    return float("nan")


def measure() -> dict[str, object]:
    import numpy as np
    from PySide6.QtCore import QEvent
    from PySide6.QtTest import QTest

    from benchmarks.room import application, mouse, painted, wheel
    from fakes.images import opened_with
    from graticule.domain.case import Case, Kind
    from graticule.domain.geometry import Grid
    from graticule.domain.viewing import Effort
    from graticule.domain.volume import Volume, Window
    from graticule.editing.events import Bus
    from graticule.editing.workspace import Workspace
    from graticule.jobs import ThreadRunner
    from graticule.store.store import create_store, open_store
    from graticule.store.unlock import Unlock
    from graticule.ui.home import Home
    from graticule.ui.volume_page import VolumePage

    steps: dict[str, float] = {}
    took: dict[str, float] = {}

    def timed(what: str, act):  # type: ignore[no-untyped-def]
        start = time.perf_counter()
        found = act()
        took[what] = (time.perf_counter() - start) * 1000
        return found

    application()
    steps["window without a case"] = rss_gb()
    affine = np.array([[0.8, 0, 0, -204.4], [0, 0.8, 0, -204.4], [0, 0, 1.0, -499.5], [0, 0, 0, 1]])
    grid = Grid(SHAPE, affine)
    base = np.random.default_rng(0).integers(-200, 300, SHAPE[1:]).astype(np.int16)
    voxels = np.empty(SHAPE, dtype=np.int16)
    for k in range(SHAPE[0]):
        voxels[k] = np.roll(base, k, 0)
    with tempfile.TemporaryDirectory() as folder:
        case = Case("c1:" + "0" * 64, Kind.VOLUME, "CT", "Bench", "bench", ())
        store = create_store(Path(folder) / "store", "Bench", Unlock.key_file(), password="bench")
        store.protocols.put({"title": "Bench", "version": "1", "project": "bench", "questions": [], "ontology": []})
        store.cases.add(case)
        found = store.labels.open(case.id, SHAPE)
        workspace = Workspace(case.id, found.labels, found.journal, Bus())
        home = Home()
        runner = ThreadRunner(home.post)
        volume = Volume(voxels, grid, "CT", "HU", (Window(400, 40),))
        opened = opened_with(volume, runner=runner, workspace=workspace)
        opened.bus = workspace.bus
        opened.case = case
        page = VolumePage(opened)
        page.resize(1200, 900)
        page.show()
        QTest.qWait(4000)
        steps["image open, four views"] = rss_gb()
        _fill(workspace)
        steps[f"{SEGMENTS} segments in {GROUPS} groups"] = rss_gb()
        masks_gb = _touched_gb(workspace)
        page.segments.labels_changed()
        page.segments_panel.refresh()
        page.segments.select("s1")
        page.presenter.set_layout("axial")
        QTest.qWait(4000)
        steps["all surfaces made"] = rss_gb()
        view = page.views["axial"]
        view.grab()
        QTest.qWait(1000)
        scroll = painted(view, lambda n: wheel(view, -1), count=60)
        took["scroll, event → painted"] = scroll.p50
        steps["scrolled"] = rss_gb()
        page.set_tool("brush")
        timed("save, first", lambda: store.labels.save(case.id, workspace.labels, grid, Effort(), ()))
        steps["saved"] = rss_gb()
        mouse(view, QEvent.Type.MouseButtonPress, 250, 260)
        brush = painted(view, lambda n: mouse(view, QEvent.Type.MouseMove, 252 + n * 2, 260 + n % 20 * 3), count=40)
        mouse(view, QEvent.Type.MouseButtonRelease, 390, 270)
        took["brush move → painted"] = brush.p50
        timed("save, after one stroke", lambda: store.labels.save(case.id, workspace.labels, grid, Effort(), ()))
        timed("undo of the stroke", workspace.undo)
        timed("save, after undoing it", lambda: store.labels.save(case.id, workspace.labels, grid, Effort(), ()))
        QTest.qWait(1000)
        steps["painted, undone, saved"] = rss_gb()
        page.shutdown()
        runner.close()
        store.close()
        page.close()
        store = timed("store opened", lambda: open_store(Path(folder) / "store"))
        timed("labels opened again", lambda: store.labels.open(case.id, SHAPE))
        store.close()
    return {"steps": steps, "ms": took, "content": voxels.nbytes / 1e9 + masks_gb}


def _fill(workspace) -> None:  # type: ignore[no-untyped-def]
    """Twenty solid bodies, five in each group, that together reach through most of the volume."""
    import numpy as np

    from graticule.domain.codes import Code
    from graticule.domain.edits import ElementChange, voxel_change
    from graticule.domain.elements import Segment
    from graticule.domain.labels import AUTHOR_HAND

    code = Code("graticule", "liver", "1")
    j, i = np.ogrid[:SHAPE[1], :SHAPE[2]]
    for number in range(SEGMENTS):
        name, value = f"group {number % GROUPS}", number // GROUPS + 1
        workspace.do(f"Add {number}", ElementChange.make(Segment(
            id=f"s{number}", group=name, value=value, colour="#e69f00", category=code, type=code, name=f"Organ {number}")))
        middle, reach = 90 + number * 42, 90
        parts = []
        for k in range(max(0, middle - reach), min(SHAPE[0], middle + reach)):
            radius = 70 * (1 - ((k - middle) / reach) ** 2) ** 0.5
            flat = np.flatnonzero((j - 256 - 90 * np.sin(number)) ** 2 + (i - 256 - 90 * np.cos(number)) ** 2 <= radius**2)
            parts.append(flat + k * SHAPE[1] * SHAPE[2])
        change = voxel_change(name, workspace.labels.group(name), np.concatenate(parts), value, AUTHOR_HAND)
        workspace.do(f"Draw {number}", change)


def _touched_gb(workspace) -> float:  # type: ignore[no-untyped-def]
    import numpy as np

    pages = 0
    for group in workspace.labels.groups.values():
        for plane in (group.values, group.authors):
            pages += sum(int(np.count_nonzero(part.reshape(-1, 4096).any(axis=1))) for part in plane)
    return pages * 4096 / 1e9


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    print(json.dumps(measure()))
