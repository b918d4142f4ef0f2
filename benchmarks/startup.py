"""Row 14: process start → first paint of the desk, beside a bare PySide6 window."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figure import Figure, timed

BARE = """
from PySide6.QtWidgets import QApplication, QMainWindow, QLabel
app = QApplication([])
window = QMainWindow(); window.setCentralWidget(QLabel("x")); window.show(); app.processEvents()
"""


def run() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "graticule", "demo", "--out", folder], check=True, capture_output=True)
        store = Path(folder) / "store"
        ours = [sys.executable, "-m", "graticule", "desk", str(store), "--quit-after-first-paint"]
        yield Figure("14", "process start → worklist painted and usable", timed(lambda _: _run(ours), 7, 1),
                     "bare PySide6 window", timed(lambda _: _run([sys.executable, "-c", BARE]), 7, 1))


def _run(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start
