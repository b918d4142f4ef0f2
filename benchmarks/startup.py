"""Row 14: process start → first paint, and → the worklist of an open store painted, beside a bare PySide6 window.

Without a display both sides draw with Qt's offscreen platform. What is imported before the first paint is printed when it is one
of the heavy libraries (`HEAVY`), which belong after it.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figure import Figure, timed
from graticule.domain.progress import Silent
from graticule.formats.door import scan
from graticule.resources import read_json, resource
from graticule.store.store import create_store
from graticule.store.unlock import Unlock

RUNS = 15
HEAVY = "numpy vtkmodules pydicom pyqtgraph highdicom scipy numba SimpleITK sqlcipher3 imagecodecs httpx"
BARE = """
import os
from PySide6.QtWidgets import QApplication, QMainWindow, QLabel
app = QApplication([])
window = QMainWindow(); window.setCentralWidget(QLabel("x")); window.show(); app.processEvents()
os._exit(0)
"""
DESK = """
import os, sys
from pathlib import Path
from graticule.settings import load_settings
from graticule.settings.folders import settings_path
settings, complaints = load_settings(settings_path())
from PySide6.QtWidgets import QApplication
from graticule.ui import theme
app = QApplication([])
theme.apply(app)
from graticule.app import Desktop
desktop = Desktop(app, settings, complaints)
if len(sys.argv) > 2:
    heavy = [name for name in sys.argv[2].split() if name in sys.modules]
    desktop.window.first_painted.connect(lambda: (print(*heavy, flush=True), os._exit(0)))
desktop.start(Path(sys.argv[1]), None, "", "")
while desktop.window.session is None:
    app.processEvents()
desktop.window.repaint(); app.processEvents()
os._exit(0)
"""


def run() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        store = create_store(Path(folder) / "store", "Bench", Unlock.key_file(), password="bench")
        store.protocols.put(read_json("protocols", "demo.json"))
        for outcome in scan([resource("samples")], Silent()):
            if outcome.case is not None:
                store.cases.add(outcome.case)
        store.close()
        own = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"), folder)
        desk = [sys.executable, "-c", DESK, str(store.path)]
        bare = timed(lambda _: _run([sys.executable, "-c", BARE], own), RUNS, 2)
        heavy = _run([*desk, HEAVY], own)
        first = timed(lambda _: _run([*desk, HEAVY], own), RUNS, 1)
        worklist = timed(lambda _: _run(desk, own), RUNS, 1)
        yield Figure("14", f"process start → first paint{f' ({heavy})' if heavy else ''}", first, "bare PySide6 window", bare)
        yield Figure("14", "process start → worklist painted", worklist, "bare PySide6 window", bare)


def _run(command: list[str], own: dict[str, str]) -> str:
    display = {} if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") else {"QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60, env={**os.environ, **display, **own})
    return done.stdout.strip()
