"""Samples that stay where they are stored: an array to whoever slices it, read block by block when it is asked."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from graticule.domain.geometry import Array

BLOCK = 1 << 18


class StoredSamples(NDArrayOperatorsMixin):
    """(size,) integers behind `read(start, end)`, which answers with a contiguous array of [start, end).

    Slices are read alone; whatever else an ndarray can do (compare, sum, copy …) first reads all of it, so work on long records
    goes through `blocks`.
    """

    ndim = 1

    def __init__(self, size: int, dtype: Any, read: Callable[[int, int], Array]) -> None:
        self.size: int = size
        self.dtype = np.dtype(dtype)
        self._read = read

    @property
    def shape(self) -> tuple[int]:
        return (self.size,)

    @property
    def nbytes(self) -> int:
        return int(self.size * self.dtype.itemsize)

    def __len__(self) -> int:
        return int(self.size)

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, slice):
            start, end, step = key.indices(self.size)
            return self._strided(start, end, step) if step > 0 else np.asarray(self)[key]
        if isinstance(key, int | np.integer):
            at = int(key) + (self.size if key < 0 else 0)
            if not 0 <= at < self.size:
                raise IndexError(f"sample {key} of {self.size}")
            return self._read(at, at + 1)[0]
        return self._picked(np.asarray(key))

    def blocks(self, size: int = BLOCK) -> Iterator[tuple[int, Array]]:
        """(start, samples) from the beginning to the end, `size` at a time."""
        for start in range(0, self.size, size):
            yield start, self._read(start, min(self.size, start + size))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        whole = np.empty(self.size, self.dtype)
        for start, part in self.blocks():
            whole[start: start + part.size] = part
        return whole if dtype is None else whole.astype(dtype, copy=False)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        plain = [np.asarray(value) if isinstance(value, StoredSamples) else value for value in inputs]
        return getattr(ufunc, method)(*plain, **options)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(np.asarray(self), name)

    def _strided(self, start: int, end: int, step: int) -> Array:
        if end <= start:
            return np.empty(0, self.dtype)
        if step == 1:
            return self._read(start, end)
        if step * 64 < BLOCK:
            span = BLOCK // step * step
            return np.concatenate([self._read(at, min(end, at + span))[::step] for at in range(start, end, span)])
        return np.array([self._read(at, at + 1)[0] for at in range(start, end, step)], self.dtype)

    def _picked(self, key: Array) -> Array:
        """Samples by number, in any order and shape; those that lie near to each other are read together."""
        if key.dtype == bool:
            return np.asarray(np.asarray(self)[key])
        places = np.where(key < 0, key + self.size, key).astype(np.int64).reshape(-1)
        if places.size and not 0 <= places.min() <= places.max() < self.size:
            raise IndexError(f"samples beyond the {self.size} there are")
        out, blocks = np.empty(places.size, self.dtype), places // BLOCK
        for block in np.unique(blocks):
            mine = blocks == block
            first, last = int(places[mine].min()), int(places[mine].max())
            out[mine] = self._read(first, last + 1)[places[mine] - first]
        return out.reshape(key.shape)


def laid(size: int, dtype: Any, invalid: int, pieces: list[tuple[int, Any]]) -> StoredSamples:
    """Pieces (start, samples) on one line of `size` samples; between and after them stands `invalid`. Later pieces win."""
    def read(start: int, end: int) -> Array:
        out = np.full(end - start, invalid, dtype)
        for at, samples in pieces:
            a, b = max(start, at), min(end, at + len(samples))
            if a < b:
                out[a - start: b - start] = samples[a - at: b - at]
        return out

    return StoredSamples(size, dtype, read)
