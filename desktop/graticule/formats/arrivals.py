"""Several threads bring in what is wanted, first things first; the caller's thread hears of each as it arrives."""

import os
import threading
from collections.abc import Callable, Generator, Sequence
from queue import SimpleQueue

from graticule.domain.errors import GraticuleError

Arrival = tuple[int, BaseException | None]


def arrivals(wanted: Sequence[int], bring: Callable[[int], None]) -> Generator[tuple[int, GraticuleError | None], None, None]:
    """Run `bring(k)` for each of `wanted`; (k, its GraticuleError or None) in that order, each as soon as those before it.

    Any other exception of `bring` is raised here. Closing the iterator stops the threads after what they are at.
    """
    told: SimpleQueue[Arrival] = SimpleQueue()
    stopped = threading.Event()
    order = _Shared(wanted)
    crew = [threading.Thread(target=_work, args=(order, bring, told, stopped), name=f"decode-{n}", daemon=True)
            for n in range(min(os.cpu_count() or 1, len(wanted)))]
    for member in crew:
        member.start()
    try:
        early: dict[int, BaseException | None] = {}
        for k in wanted:
            while k not in early:
                early.update([told.get()])
            fault = early.pop(k)
            if fault is not None and not isinstance(fault, GraticuleError):
                raise fault
            yield k, fault
    finally:
        stopped.set()
        for member in crew:
            member.join()


class _Shared:
    """One order of work that several threads take from."""

    def __init__(self, wanted: Sequence[int]) -> None:
        self._rest = iter(wanted)
        self._lock = threading.Lock()

    def next(self) -> int | None:
        with self._lock:
            return next(self._rest, None)


def _work(order: _Shared, bring: Callable[[int], None], told: "SimpleQueue[Arrival]", stopped: threading.Event) -> None:
    while not stopped.is_set() and (k := order.next()) is not None:
        try:
            bring(k)
        except BaseException as fault:  # noqa: BLE001 - handed to the caller's thread, which raises it
            told.put((k, fault))
        else:
            told.put((k, None))
