"""What a caller holds of a job that was started."""

import threading
from dataclasses import dataclass

from graticule.domain.errors import Cancelled


@dataclass(frozen=True, slots=True)
class Step:
    """Where a job is: `done` of `total` units (total 0: unknown) of what `text` names."""

    done: int = 0
    total: int = 0
    text: str = ""


class Handle:
    """One started job. It is also the Progress given to the job, so that cancel raises inside it.

    title: what the user reads ("Importing files"); "" for work nobody needs to see.
    """

    def __init__(self, title: str = "", lane: str = "read") -> None:
        self.title = title
        self.lane = lane
        self._step = Step()
        self._cancelled = threading.Event()
        self._finished = threading.Event()

    @property
    def progress(self) -> Step:
        return self._step

    @property
    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    @property
    def finished(self) -> bool:
        return self._finished.is_set()

    def cancel(self) -> None:
        """Ask the job to stop at its next step. Neither `done` nor `failed` is called any more."""
        self._cancelled.set()

    def step(self, done: int, total: int, text: str = "") -> None:
        self._step = Step(done, total, text)
        if self._cancelled.is_set():
            raise Cancelled

    def rest(self, seconds: float) -> None:
        """In the job: wait so long before going on; Cancelled as soon as nobody wants the result any more."""
        if self._cancelled.wait(seconds):
            raise Cancelled

    def close(self) -> None:
        """For runners: the work is over, one way or another; its result may still be on the way home."""
        self._finished.set()

    def wait(self, timeout_s: float) -> bool:
        """Block until the work is over; whether it was in time."""
        return self._finished.wait(timeout_s)
