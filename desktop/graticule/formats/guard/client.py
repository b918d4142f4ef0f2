"""The program's side of the workers: `guarded` runs a function behind glass and brings its array home."""

import atexit
import json
import os
import pickle
import queue
import struct
import subprocess
import sys
import threading
import time
from contextlib import suppress
from typing import Any

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.formats.guard.shared import SharedRoom
from graticule.formats.guard.worker import FLAG

_MOST_WORKERS = 8
_LOOK_EVERY_S = 0.25
# Arguments above the first go by shared memory, whose size changes in steps of the second so that it seldom does.
_BITE, _STEP = 4096, 1 << 20
_NO_CONSOLE = 0x08000000  # CREATE_NO_WINDOW
_ASK = "Ask the sender for the original file."
_FAULTS = {
    "size": "gives more pixels than its header says",
    "memory": "would need far more memory than an image of its size",
    "damage": "is damaged",
    "crash": "makes the decoder fail",
    "hang": "keeps the decoder busy without end",
}


def guarded(task: str, *arguments: Any, largest: int, name: str = "image", seconds: float = 0.0) -> Array:
    """The array that `task` ("package.module:function") returns for `arguments`, run in a worker process.

    largest: bytes the array may have. name: what it is in the user's words, for the sentence when it fails ("JPEG 2000 image").
    seconds: the longest it may take; 0: 20 s, and one more for each 2 MB of `largest`. GraticuleError for every failure.
    """
    return _pool().run(task, arguments, largest, name, seconds or 20 + largest / 2e6)


def warm() -> None:
    """Start a worker, unless there is one, without waiting for it."""
    _pool().warm()


def _pool() -> "Pool":
    with _making:
        if not _pools:
            _pools.append(Pool(min(_MOST_WORKERS, os.cpu_count() or 1)))
            atexit.register(_pools[0].close)
        return _pools[0]


_making = threading.Lock()
_pools: list["Pool"] = []


class Pool:
    """At most `most` workers, made when they are first needed; each caller waits for one of its own."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._all: list[Worker] = []
        self._idle: queue.LifoQueue[Worker] = queue.LifoQueue()
        self._lock = threading.Lock()
        self._watching = False

    def run(self, task: str, arguments: tuple[Any, ...], largest: int, name: str, seconds: float) -> Array:
        worker = self._take()
        try:
            return worker.run(task, arguments, largest, name, seconds)
        finally:
            self._idle.put(worker)

    def warm(self) -> None:
        with self._lock:
            if not self._all:
                self._idle.put(self._add())

    def _take(self) -> "Worker":
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            pass
        with self._lock:
            if len(self._all) < self._most:
                return self._add()
        return self._idle.get()

    def _add(self) -> "Worker":
        if not self._watching:
            threading.Thread(target=self._watch, name="graticule-guard", daemon=True).start()
            self._watching = True
        worker = Worker()
        self._all.append(worker)
        return worker

    def _watch(self) -> None:
        while True:
            time.sleep(_LOOK_EVERY_S)
            for worker in tuple(self._all):
                worker.stop_if_late()

    def close(self) -> None:
        for worker in self._all:
            worker.close()


class Worker:
    """One worker process and the memory shared with it, for one thread at a time. A dead process is replaced on the next use."""

    def __init__(self) -> None:
        self._room = SharedRoom()
        self._late_at = float("inf")
        self._late = False
        self._process = self._started()

    def _started(self) -> "subprocess.Popen[bytes]":
        try:
            return subprocess.Popen([*_command(), self._room.address], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                    stderr=subprocess.DEVNULL, env=_environment(), pass_fds=self._room.fds,
                                    creationflags=_NO_CONSOLE if sys.platform == "win32" else 0)
        except OSError as error:
            raise GraticuleError("The decoder cannot be started on this machine.", "Start Graticule again.") from error

    def run(self, task: str, arguments: tuple[Any, ...], largest: int, name: str, seconds: float) -> Array:
        request = self._request(task, arguments, largest, seconds)
        answer = self._answer(request, seconds) or self._answer(request, seconds) or {"fault": "crash"}
        if "fault" in answer:
            raise _sentence(answer, name)
        return self._array(answer, largest, name)

    def _request(self, task: str, arguments: tuple[Any, ...], largest: int, seconds: float) -> bytes:
        """Encoded frames go by the shared room, behind the place of the answer: a pipe would take them in small bites."""
        large = [argument for argument in arguments if isinstance(argument, bytes) and len(argument) > _BITE]
        room = self._room.fit(largest + -(-sum(map(len, large)) // _STEP) * _STEP)
        start, placed = largest, list(arguments)
        for index, argument in enumerate(arguments):
            if isinstance(argument, bytes) and len(argument) > _BITE:
                placed[index] = self._room.place(start, argument)
                start += len(argument)
        return pickle.dumps((task, tuple(placed), largest, room, seconds), protocol=5)

    def _answer(self, request: bytes, seconds: float) -> dict[str, Any] | None:
        """What the worker says, or why it can say no more; None when it died for no known reason (perhaps not its own)."""
        if self._process.poll() is not None:
            self._restart()
        self._late, self._late_at = False, time.monotonic() + seconds
        try:
            answer = self._asked(request)
        finally:
            self._late_at = float("inf")
        if answer is None:
            self._end()
            return {"fault": "hang"} if self._late else None
        return answer

    def _restart(self) -> None:
        self._end()
        self._process = self._started()

    def _end(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):  # what was not sent yet
                    pipe.close()

    def _asked(self, request: bytes) -> dict[str, Any] | None:
        """The worker's answer; None when it died over the request."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None and stdout is not None
        try:
            stdin.write(struct.pack("<I", len(request)))
            stdin.write(request)
            stdin.flush()
            size, = struct.unpack("<I", stdout.read(4))
            answer = json.loads(stdout.read(size))
        except (OSError, ValueError, struct.error):
            return None
        return answer if isinstance(answer, dict) else None

    def _array(self, answer: dict[str, Any], largest: int, name: str) -> Array:
        """The answer is checked like any other input: a decoder that was taken over may have written it."""
        try:
            dtype, shape = np.dtype(str(answer["dtype"])), tuple(int(n) for n in answer["shape"])
            size = dtype.itemsize * int(np.prod(shape, dtype=object))
            if dtype.kind not in "iufb" or min(shape, default=1) < 0 or size > largest:
                raise ValueError
            return np.frombuffer(self._room.read(size), dtype).reshape(shape)
        except (KeyError, TypeError, ValueError) as error:
            raise _sentence({"fault": "size"}, name) from error

    def stop_if_late(self) -> None:
        """Called by the watch: end a worker that has used up its time; its caller then finds the pipe closed."""
        if time.monotonic() > self._late_at:
            self._late = True
            self._process.kill()

    def close(self) -> None:
        self._end()
        self._room.close()


def _sentence(answer: dict[str, Any], name: str) -> GraticuleError:
    if answer.get("fault") == "said":
        return GraticuleError(str(answer.get("message")), str(answer.get("hint")))
    return GraticuleError(f"The {name} cannot be decoded: it {_FAULTS[answer['fault']]}.", _ASK)


def _command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, FLAG]
    return [sys.executable, "-P", "-m", "graticule.formats.guard.worker"]  # -P: no module out of the current folder


def _environment() -> dict[str, str]:
    """One thread per worker: there are as many workers as processors. glibc keeps freed memory for the next frame instead of
    giving it back and asking for it again, which costs a tenth of a JPEG 2000 frame."""
    quiet = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1",
             "MALLOC_MMAP_THRESHOLD_": str(32 << 20), "MALLOC_TRIM_THRESHOLD_": str(128 << 20)}
    paths = {} if getattr(sys, "frozen", False) else {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    return {**os.environ, **quiet, **paths}
