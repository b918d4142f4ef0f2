"""The child process that compiles ahead: it says whether the machine code is kept, and ends with the desk."""

import subprocess
import sys

import pytest

from graticule.domain.errors import Cancelled
from graticule.domain.progress import Stoppable
from graticule.warm_up import _command, _environment, warm_up


def test_the_child_compiles_and_says_that_it_is_kept() -> None:
    done = subprocess.run(_command(), env=_environment(), capture_output=True, timeout=300, check=False)
    assert done.returncode == 0 and not done.stderr


def test_it_stops_at_once_when_the_window_is_closed() -> None:
    progress = Stoppable()
    progress.stop()
    with pytest.raises(Cancelled):
        warm_up(progress)


def test_a_frozen_program_starts_itself(monkeypatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert _command() == [sys.executable, "--compile-loops"]
