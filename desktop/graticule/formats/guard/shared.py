"""A piece of memory that this program and its worker both see, so that pixels are not sent through a pipe."""

import itertools
import mmap
import os
import sys
import tempfile
from typing import NamedTuple

_WINDOWS = sys.platform == "win32"
_numbers = itertools.count()


class Placed(NamedTuple):
    """An argument that lies in the room instead of going through the pipe."""

    start: int
    size: int


class SharedRoom:
    """The program's side: grows to what the next answer may need, and is given back after a large one."""

    def __init__(self) -> None:
        self._map: mmap.mmap | None = None
        self._name = f"graticule-{os.getpid()}-{next(_numbers)}"
        self._fd = -1 if _WINDOWS else _anonymous_file()

    @property
    def fds(self) -> tuple[int, ...]:
        """What the worker must inherit."""
        return () if _WINDOWS else (self._fd,)

    @property
    def address(self) -> str:
        """How the worker finds it."""
        return self._name if _WINDOWS else str(self._fd)

    def fit(self, size: int) -> int:
        """Make room for `size` bytes; the size it has now, which the worker must be told."""
        have = len(self._map) if self._map is not None else 0
        if have < size or have > max(4 * size, 64 << 20):
            self.release()
            have = max(mmap.ALLOCATIONGRANULARITY, -(-size // mmap.ALLOCATIONGRANULARITY) * mmap.ALLOCATIONGRANULARITY)
            if not _WINDOWS:
                os.ftruncate(self._fd, have)
            self._map = _mapped(self.address, have)
        return have

    def read(self, size: int) -> bytearray:
        """A copy of the first `size` bytes."""
        assert self._map is not None and size <= len(self._map)
        with memoryview(self._map) as view:
            return bytearray(view[:size])

    def place(self, start: int, data: bytes) -> Placed:
        """Put `data` at `start`; what the worker is told instead of it."""
        assert self._map is not None
        self._map[start:start + len(data)] = data
        return Placed(start, len(data))

    def release(self) -> None:
        if self._map is not None:
            self._map.close()
            self._map = None
            if not _WINDOWS:
                os.ftruncate(self._fd, 0)

    def close(self) -> None:
        self.release()
        if not _WINDOWS and self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


class WorkersView:
    """The worker's side: maps anew when the program has changed the size."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._map: mmap.mmap | None = None

    def write(self, size: int, data: memoryview) -> None:
        """Put `data` at the start of the room, which has `size` bytes now."""
        self._of(size)[:data.nbytes] = data

    def read(self, size: int, placed: Placed) -> bytes:
        """An argument that was placed in the room, which has `size` bytes now."""
        return self._of(size)[placed.start:placed.start + placed.size]

    def _of(self, size: int) -> mmap.mmap:
        if self._map is None or len(self._map) != size:
            if self._map is not None:
                self._map.close()
            self._map = _mapped(self._address, size)
        return self._map


def _mapped(address: str, size: int) -> mmap.mmap:
    if sys.platform == "win32":
        return mmap.mmap(-1, size, tagname=f"{address}-{size}")
    return mmap.mmap(int(address), size)


def _anonymous_file() -> int:
    """A file in memory where the system has such (Linux), elsewhere one without a name, gone when both sides close it."""
    if hasattr(os, "memfd_create"):
        return int(os.memfd_create("graticule-frames"))
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())
