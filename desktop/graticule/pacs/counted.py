"""Progress that several threads report to, and that can be asked again whether the user has cancelled."""

import threading

from graticule.domain.progress import Progress


class Counted:
    def __init__(self, progress: Progress, total: int, text: str = "") -> None:
        self._progress, self._total, self._text = progress, total, text
        self._done = 0
        self._lock = threading.Lock()

    def one(self, count: int = 1) -> None:
        with self._lock:
            self._done += count
        self.again()

    def step(self, done: int, total: int, text: str = "") -> None:
        with self._lock:
            self._done, self._total, self._text = done, total, text or self._text
        self.again()

    def again(self) -> None:
        """The last step once more. Raises Cancelled when the user has asked to stop."""
        self._progress.step(self._done, self._total, self._text)
