"""The canonical chunk of beats: the rows of one lead's table within 2^20 ticks (about an hour), as columns.

For n rows, little-endian: gaps (n) uint32, from the chunk's first tick and then from row to row · symbols (n) uint8 ·
authors (n) uint8. Rows have exactly one such spelling, so a chunk's hash names them, and an edit of one beat in fourteen days
makes one new chunk.
"""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from graticule.domain.beats import LAST_TICK, BeatTable, sound_rows
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array

CHUNK_TICKS = 1 << 20
LAST_CHUNK = LAST_TICK // CHUNK_TICKS
_ROW_BYTES = 4 + 1 + 1

Rows = tuple[Array, Array, Array]


def encode_table(table: BeatTable) -> Iterator[tuple[int, bytes]]:
    """(number, chunk) of every stretch of 2^20 ticks that holds a row, rising."""
    numbers = table.ticks // CHUNK_TICKS
    starts = np.flatnonzero(np.diff(numbers, prepend=-1))
    for start, end in pairwise([*starts.tolist(), len(table)]):
        number = int(numbers[start])
        gaps = np.diff(table.ticks[start:end], prepend=number * CHUNK_TICKS).astype("<u4")
        yield number, gaps.tobytes() + table.symbols[start:end].tobytes() + table.authors[start:end].tobytes()


def decode_chunk(number: int, data: bytes) -> Rows:
    """(ticks, symbols, authors) of a chunk; GraticuleError unless it is the one spelling of rows that lie in it."""
    rows = len(data) // _ROW_BYTES
    if rows == 0 or len(data) != rows * _ROW_BYTES or rows > CHUNK_TICKS:
        raise _damaged()
    gaps = np.frombuffer(data, "<u4", rows).astype(np.int64)
    symbols, authors = (np.frombuffer(data, np.uint8, rows, (4 + n) * rows).copy() for n in (0, 1))
    if int(gaps.sum()) >= CHUNK_TICKS or bool((gaps[1:] < 1).any()) or not sound_rows(symbols, authors):
        raise _damaged()
    return number * CHUNK_TICKS + np.cumsum(gaps), symbols, authors


def fill_table(table: BeatTable, parts: list[Rows]) -> None:
    """Give an empty table the rows of its chunks, which come in rising order."""
    table.fill(*(np.concatenate([part[n] for part in parts]) for n in range(3)))


def _damaged() -> GraticuleError:
    return GraticuleError("The stored labels are damaged: their beats are not canonical.",
                          "Run “graticule verify” on this store.")
