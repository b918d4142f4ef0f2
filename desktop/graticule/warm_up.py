"""Machine code made ready beside the desk: a quiet child process compiles every loop, this one then only reads the results."""

import os
import subprocess
import sys
import time

from graticule.domain.errors import Cancelled
from graticule.domain.progress import Progress

FLAG = "--compile-loops"
LANE = "warm"
# The first moments after the start belong to the reader, who opens a case.
_WAIT_S = 4.0
_LOOK_EVERY_S = 0.2
_NO_CONSOLE, _LOW = 0x08000000, 0x00004000  # CREATE_NO_WINDOW, BELOW_NORMAL_PRIORITY_CLASS
_KEPT, _LOST = 0, 3


def warm_up(progress: Progress) -> None:
    """In a job: compile in a child, then read the machine code into this process, so that no tool's first use waits for it.

    Nothing depends on it: when the child cannot run or nothing can be kept on disk, each loop is compiled where it is first
    used, which is in a job, too.
    """
    _pause(progress, _WAIT_S)
    try:
        child = subprocess.Popen(_command(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                 env=_environment(), creationflags=_NO_CONSOLE | _LOW if sys.platform == "win32" else 0)
    except OSError:
        return
    try:
        while child.poll() is None:
            _pause(progress, _LOOK_EVERY_S)
    except Cancelled:
        child.kill()
        child.wait()
        raise
    if child.returncode == _KEPT:
        from graticule.imaging.warm import warm

        warm(progress)


def main() -> int:
    """The child: compile everything once; the exit status says whether it is kept on disk."""
    if sys.platform != "win32":
        os.nice(10)
    from graticule.imaging.kernels.compiled import KEPT
    from graticule.imaging.warm import warm

    warm()
    return _KEPT if KEPT else _LOST


def _pause(progress: Progress, seconds: float) -> None:
    """Wait, and stop as soon as nobody waits for it any more."""
    until = time.monotonic() + seconds
    while (rest := until - time.monotonic()) > 0:
        progress.step(0, 0)
        time.sleep(min(rest, _LOOK_EVERY_S))


def _command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, FLAG]
    return [sys.executable, "-P", "-m", "graticule.warm_up"]  # -P: no module out of the current folder


def _environment() -> dict[str, str]:
    paths = {} if getattr(sys, "frozen", False) else {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    return {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", **paths}


if __name__ == "__main__":
    sys.exit(main())
