"""A signal file read in blocks of frames: a day of ECG opens without being read, and each part is decoded once while it is used.

The file is read, never mapped: a mapped file that another program cuts short ends the whole program.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.stored_samples import StoredSamples

# What is shorter is decoded at once: everybody then holds a plain array.
AT_ONCE = 1 << 22
_BLOCK_SAMPLES = 1 << 19
_KEPT = 24

Decode = Callable[[int, int], Array]


class Frames:
    """frames × width samples behind `decode(first, last)`, which answers with a (last − first, width) array."""

    def __init__(self, frames: int, width: int, decode: Decode) -> None:
        self.frames, self.width = frames, width
        self._decode = decode
        self._block = max(1, _BLOCK_SAMPLES // max(1, width))
        self._kept: OrderedDict[int, Array] = OrderedDict()
        self._lock = threading.Lock()

    def column(self, first: int, count: int, dtype: type[np.generic]) -> Array | StoredSamples:
        """The samples of the channel that takes columns [first, first + count): an array, or what reads it bit by bit."""
        if self.frames * self.width <= AT_ONCE:
            return self._read(first, count, dtype, 0, self.frames * count)
        return StoredSamples(self.frames * count, dtype, partial(self._read, first, count, dtype))

    def _read(self, first: int, count: int, dtype: type[np.generic], start: int, end: int) -> Array:
        out = np.empty(max(0, end - start), dtype)
        frame, last = start // count, -(-end // count)
        while frame < last:
            number = frame // self._block
            block = self._at(number)
            until = min(last, (number + 1) * self._block)
            part = block[frame - number * self._block: until - number * self._block, first: first + count].reshape(-1)
            a, b = max(start, frame * count), min(end, until * count)
            out[a - start: b - start] = part[a - frame * count: b - frame * count]
            frame = until
        return out

    def _at(self, number: int) -> Array:
        with self._lock:
            block = self._kept.get(number)
            if block is None:
                block = self._decode(number * self._block, min(self.frames, (number + 1) * self._block))
                self._kept[number] = block
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(number)
            return block


def settled(samples: StoredSamples) -> Array | StoredSamples:
    """The samples as a plain array when they are few."""
    return np.asarray(samples) if samples.size <= AT_ONCE else samples


def bytes_of(path: Path, start: int, end: int) -> bytes:
    """Bytes [start, end) of a file; GraticuleError when they are not there any more."""
    try:
        with path.open("rb") as file:
            file.seek(start)
            data = file.read(end - start)
    except OSError as fault:
        raise GraticuleError(f"{path.name} cannot be read.", "Check that it is still there and that you may open it.") from fault
    if len(data) < end - start:
        raise GraticuleError(f"{path.name} was cut short while it was open.", "Copy the file again.")
    return data
