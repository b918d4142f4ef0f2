"""The desk's runner: one thread a lane, results posted home to the main thread."""

import logging
import queue
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from graticule.domain.errors import Cancelled, GraticuleError
from graticule.domain.progress import Progress
from graticule.jobs.handle import Handle
from graticule.jobs.runner import READ

T = TypeVar("T")
log = logging.getLogger("graticule.jobs")


class ThreadRunner:
    """Runs jobs in threads.

    post: takes a function and calls it later on the main thread (a queued Qt signal in the desk).
    Threads are daemons: a decoder that does not look at its progress must not keep the program from ending.
    """

    def __init__(self, post: Callable[[Callable[[], None]], None]) -> None:
        self._post = post
        self._lanes: dict[str, queue.SimpleQueue[Callable[[], None] | None]] = {}
        self._threads: list[threading.Thread] = []
        self._handles: list[Handle] = []
        self._closed = False

    def start(self, job: Callable[[Progress], T], *, done: Callable[[T], None], failed: Callable[[GraticuleError], None],
              lane: str = READ, title: str = "") -> Handle:
        handle = Handle(title, lane)
        if self._closed:
            handle.cancel()
            handle.close()
            return handle
        self._handles = [*self.running(), handle]
        self._lane(lane).put(lambda: self._run(handle, job, done, failed))
        return handle

    def running(self) -> tuple[Handle, ...]:
        return tuple(handle for handle in self._handles if not handle.finished)

    def close(self, timeout_s: float = 2.0) -> None:
        """Cancel what runs, take no more, and wait a little for the threads to end."""
        self._closed = True
        for handle in self.running():
            handle.cancel()
        for lane in self._lanes.values():
            lane.put(None)
        until = time.monotonic() + timeout_s
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _lane(self, name: str) -> "queue.SimpleQueue[Callable[[], None] | None]":
        if name not in self._lanes:
            lane: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
            self._lanes[name] = lane
            thread = threading.Thread(target=_work, args=(lane,), name=f"graticule-{name}", daemon=True)
            self._threads.append(thread)
            thread.start()
        return self._lanes[name]

    def _run(self, handle: Handle, job: Callable[[Progress], T], done: Callable[[T], None],
             failed: Callable[[GraticuleError], None]) -> None:
        try:
            handle.step(0, 0)
            result = job(handle)
        except Cancelled:
            return
        except GraticuleError as error:
            self._home(handle, failed, error)
        except Exception as bug:  # noqa: BLE001 - the one place where a bug changes threads on its way to the excepthook
            log.error("a job in lane %s ended with %s", handle.lane, type(bug).__name__)
            self._home(handle, _reraise, bug)
        else:
            self._home(handle, done, result)
        finally:
            handle.close()

    def _home(self, handle: Handle, then: Callable[[T], None], value: T) -> None:
        def arrive() -> None:
            if not handle.cancelled:
                then(value)

        self._post(arrive)


def _reraise(bug: Exception) -> None:
    raise bug


def _work(lane: "queue.SimpleQueue[Callable[[], None] | None]") -> None:
    while (task := lane.get()) is not None:
        task()
