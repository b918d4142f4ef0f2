"""The canonical chunk: one slice of a label map as (value, run) pairs of LEB128 numbers, row by row.

A slice has exactly one chunk: runs are as long as they can be, numbers as short as they can be, and together they fill the
slice. So the hash of a chunk names a mask, and a server can check the hash without expanding a run.
"""

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array

# A slice of 8,192 × 8,192 is the largest that is decoded; a LEB128 number below that takes at most four bytes.
LARGEST_SLICE = 1 << 26
_LONGEST_NUMBER = 4


def encode_slice(a: Array) -> bytes:
    """The chunk of a (j, i) uint8 slice."""
    if a.ndim != 2 or a.dtype != np.uint8 or not 0 < a.size <= LARGEST_SLICE:
        raise GraticuleError("This is not a slice of a label map.", "Its rows, columns or values are out of range.")
    flat = np.ascontiguousarray(a).reshape(-1)
    starts = np.concatenate(([0], np.flatnonzero(flat[1:] != flat[:-1]) + 1))
    numbers = np.empty(2 * starts.size, dtype=np.uint32)
    numbers[0::2] = flat[starts]
    numbers[1::2] = np.diff(starts, append=flat.size)
    return _encode_numbers(numbers)


def decode_slice(data: bytes, shape: tuple[int, int]) -> Array:
    """The (j, i) uint8 slice of a chunk; GraticuleError unless `data` is the one chunk of a slice of this shape.

    Allocates no more than some 40 bytes per byte of `data`, and the slice itself once its runs are known to fill it.
    """
    size = shape[0] * shape[1]
    if not (min(shape) > 0 and size <= LARGEST_SLICE):
        raise _damaged("its size is out of range")
    if len(data) > size * (2 + _LONGEST_NUMBER):
        raise _damaged("it is longer than any slice needs")
    numbers = _decode_numbers(data)
    if numbers.size == 0 or numbers.size % 2:
        raise _damaged("it ends inside a run")
    values, runs = numbers[0::2], numbers[1::2]
    if int(values.max()) > 255 or int(runs.min()) < 1 or bool((values[1:] == values[:-1]).any()):
        raise _damaged("its runs are not canonical")
    if int(runs.sum()) != size:
        raise _damaged("its runs do not fill the slice")
    return np.repeat(values.astype(np.uint8), runs).reshape(shape)


def _encode_numbers(numbers: Array) -> bytes:
    # One row a number, seven bits a column; a byte is written when it or a later one is needed.
    columns = max(1, -(-int(numbers.max()).bit_length() // 7))
    octets = np.empty((numbers.size, columns), dtype=np.uint8)
    written = np.ones((numbers.size, columns), dtype=bool)
    for n in range(columns):
        rest = numbers >> np.uint32(7 * n)
        octets[:, n] = rest & 0x7F
        if n:
            written[:, n] = rest > 0
            octets[:, n - 1] |= written[:, n].astype(np.uint8) << 7
    return octets[written].tobytes()


def _decode_numbers(data: bytes) -> Array:
    raw = np.frombuffer(data, dtype=np.uint8)
    ends = np.flatnonzero(raw < 0x80)
    if ends.size == 0 or int(ends[-1]) != raw.size - 1:
        raise _damaged("it ends inside a number")
    starts = np.concatenate(([0], ends[:-1] + 1))
    lengths = ends - starts + 1
    if int(lengths.max()) > _LONGEST_NUMBER or bool(((raw[ends] == 0) & (lengths > 1)).any()):
        raise _damaged("a number in it is not canonical")
    numbers = np.zeros(ends.size, dtype=np.int64)
    for n in range(int(lengths.max())):
        has = lengths > n
        numbers[has] |= (raw[starts[has] + n].astype(np.int64) & 0x7F) << 7 * n
    return numbers


def _damaged(why: str) -> GraticuleError:
    return GraticuleError(f"A stored mask is damaged: {why}.", "Run “graticule verify” on this store.")
