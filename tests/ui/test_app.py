"""The composition root: a display is asked for in words, and the real program opens, works and closes on a real store."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from graticule.app import refuse_without_display
from graticule.domain.errors import GraticuleError
from graticule.formats.door import scan
from graticule.resources import read_json, resource
from graticule.store.store import create_store, open_store
from graticule.store.unlock import Unlock

# Runs the program as a person would start it; a few seconds later the window is closed.
DRIVER = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
import graticule.app as app

begin = app.Desktop.start

def start(self, *given):
    begin(self, *given)

    def look():
        desk = self.window.session.desk if self.window.session else None
        if desk is None or desk.opened is None or self.window.stage.page is None:
            return
        answers = desk.form.questions
        desk.form.digit(answers[0].id, 1)
        print("opened", desk.opened.case.kind, type(self.window.stage.page).__name__, flush=True)
        timer.stop()
        self.window.close()

    timer = QTimer(self.window)
    timer.timeout.connect(look)
    timer.start(50)
    QTimer.singleShot(60000, lambda: sys.exit("nothing was opened"))

app.Desktop.start = start
sys.exit(app.run_desk(Path(sys.argv[1]), password_hint="demo"))
"""


def test_without_a_display_a_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(GraticuleError, match="no display"):
        refuse_without_display()
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    refuse_without_display()


def test_the_program_opens_the_first_case_keeps_an_answer_and_ends(tmp_path: Path) -> None:
    with create_store(tmp_path / "store", "Reader", Unlock.key_file(), password="long enough") as store:
        store.protocols.put(read_json("protocols", "demo.json"))
        for outcome in scan([resource("samples", "dermoscopy")]):
            if outcome.case is not None:
                store.cases.add(outcome.case)
    places = {name: str(tmp_path / name) for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME")}
    done = subprocess.run([sys.executable, "-c", DRIVER, str(tmp_path / "store")], env={**os.environ, **places, "LC_ALL": "C"},
                          capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "opened image PicturePage"), done.stderr
    with open_store(tmp_path / "store") as store:
        case, = store.cases.all()
        assert [row.op for row in store.labels.revisions(case.id)] == ["put"]
