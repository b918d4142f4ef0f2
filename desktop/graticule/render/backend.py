"""Which OpenGL VTK shall use, and whether it works at all. Asked in a child process: a broken GL stack kills who asks."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import lru_cache

PROBE_SWITCH = "--probe-gl"
PROBE_SECONDS = 20
_SOFTWARE = ("llvmpipe", "softpipe", "swiftshader", "swrast", "software", "basic render")
_WINDOW = "VTK_DEFAULT_OPENGL_WINDOW"


@dataclass(frozen=True, slots=True)
class GlAnswer:
    """What this machine can draw in 3D. `detail` is a sentence when it cannot."""

    ok: bool
    renderer: str = ""
    window: str = ""
    detail: str = ""

    @property
    def software(self) -> bool:
        """Drawn by the processor: then ray casting without GL is an order of magnitude faster than the GPU mapper."""
        return any(word in self.renderer.lower() for word in _SOFTWARE)


def choose_backend() -> None:
    """Before the first render window: EGL on Linux, also under X (off-screen windows need no display)."""
    if sys.platform.startswith("linux"):
        os.environ.setdefault(_WINDOW, "vtkEGLRenderWindow")


@lru_cache(maxsize=1)
def probe_gl() -> GlAnswer:
    """Render one red tile in a child process (0.3–0.5 s; asked once a session, call it from a job)."""
    choose_backend()
    try:
        done = subprocess.run(_command(), capture_output=True, text=True, timeout=PROBE_SECONDS, check=False,
                              creationflags=_no_console())
    except (OSError, subprocess.TimeoutExpired):
        return GlAnswer(False, detail="3D view not available: the graphics check did not answer.")
    return read_answer(done.returncode, done.stdout)


def read_answer(code: int, output: str) -> GlAnswer:
    """What a probe's exit code and output mean."""
    lines = output.strip().splitlines()
    if code != 0 or not lines:
        return GlAnswer(False, detail="3D view not available: this computer's OpenGL does not work.")
    try:
        answer = json.loads(lines[-1])
    except json.JSONDecodeError:
        return GlAnswer(False, detail="3D view not available: the graphics check gave no clear answer.")
    if answer.get("pixel") != [255, 0, 0]:
        return GlAnswer(False, detail="3D view not available: this computer's OpenGL draws wrong colours.")
    return GlAnswer(True, str(answer.get("renderer", "")), str(answer.get("window", "")))


def _command() -> list[str]:
    """A frozen program cannot run `-m`; its own hidden switch does the same (probe.main)."""
    if getattr(sys, "frozen", False):
        return [sys.executable, PROBE_SWITCH]
    return [sys.executable, "-m", "graticule.render.probe"]


def _no_console() -> int:
    return int(getattr(subprocess, "CREATE_NO_WINDOW", 0))
