"""Help → Pull the plug: ends the program as a power cut would, to show that nothing committed is lost."""

import os
import signal

from PySide6.QtCore import QTimer

DELAY_MS = 1_500


def pull_the_plug() -> None:
    """In a moment, so that the hand can be in the middle of a stroke. Nothing is saved, closed or told on the way."""
    QTimer.singleShot(DELAY_MS, die)


def die() -> None:
    # Windows has no SIGKILL; there SIGTERM is TerminateProcess, which is as hard.
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
