"""The Huffman codes of SCP-ECG: the default table and tables of the file's own. Source: EN 1064, section 2 and annex C."""

import struct
from dataclasses import dataclass

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array

DEFAULT = 19999
_LONGEST_PREFIX = 16


@dataclass(frozen=True, slots=True)
class Word:
    """A code word. prefix: its bits. extra: bits of the value that follow it. switch: `value` is the next table's number."""

    prefix: int
    extra: int
    value: int
    switch: bool


Table = dict[tuple[int, int], Word]


def default_table() -> Table:
    """0 is "0"; ±n up to 8 is n ones, a zero, a sign; ten bits announce eight or sixteen bits as they are."""
    table: Table = {(1, 0): Word(1, 0, 0, False)}
    for n in range(1, 9):
        ones = ((1 << n) - 1) << 2
        table[(n + 2, ones)] = Word(n + 2, 0, n, False)
        table[(n + 2, ones | 1)] = Word(n + 2, 0, -n, False)
    table[(10, 0b1111111110)] = Word(10, 8, 0, False)
    table[(10, 0b1111111111)] = Word(10, 16, 0, False)
    return table


def tables_of(body: bytes) -> list[Table]:
    """The tables of a section 2. GraticuleError when it is damaged."""
    if len(body) < 2:
        raise _damaged()
    (count,), at, tables = struct.unpack_from("<H", body), 2, []
    if count == DEFAULT:
        return [default_table()]
    for _ in range(count):
        if at + 2 > len(body):
            raise _damaged()
        (words,) = struct.unpack_from("<H", body, at)
        at += 2
        if at + 9 * words > len(body):
            raise _damaged()
        tables.append(dict(_word(body, at + 9 * n) for n in range(words)))
        at += 9 * words
    if not tables or not all(tables):
        raise _damaged()
    return tables


def _word(body: bytes, at: int) -> tuple[tuple[int, int], Word]:
    """bits of the prefix, bits of all, mode (0: go to another table), value, prefix with its first bit lowest."""
    prefix, total, mode, value, code = struct.unpack_from("<BBBhI", body, at)
    if not 1 <= prefix <= _LONGEST_PREFIX or not prefix <= total <= prefix + 32:
        raise _damaged()
    turned = int(f"{code & (1 << prefix) - 1:0{prefix}b}"[::-1], 2)
    return (prefix, turned), Word(prefix, total - prefix, value, mode == 0)


def unpacked(data: bytes, count: int, tables: list[Table]) -> Array:
    """(count,) int32 values out of a stream of bits, the highest of each byte first. GraticuleError when it ends early."""
    if count > 8 * len(data):  # no word is shorter than a bit
        raise _damaged()
    bits = np.unpackbits(np.frombuffer(data, np.uint8)).tolist()
    out: list[int] = []
    table, at, end = tables[0], 0, len(bits)
    while len(out) < count:
        code, length, word = 0, 0, None
        while word is None:
            if at >= end or length >= _LONGEST_PREFIX:
                raise _damaged()
            code, length, at = code << 1 | bits[at], length + 1, at + 1
            word = table.get((length, code))
        if word.switch:
            if not 1 <= word.value <= len(tables):
                raise _damaged()
            table = tables[word.value - 1]
            continue
        value = word.value
        if word.extra:
            if at + word.extra > end:
                raise _damaged()
            raw = 0
            for bit in bits[at: at + word.extra]:
                raw = raw << 1 | bit
            at += word.extra
            value += raw - (1 << word.extra) if raw >> (word.extra - 1) else raw
        out.append(value)
    return np.array(out, np.int64).astype(np.int32)


def _damaged() -> GraticuleError:
    return GraticuleError("The compressed samples of this SCP-ECG file are damaged.", "Copy the file again.")
