"""Where each frame of encapsulated pixels lies in its file: by offset table, by extended table, or by looking (PS3.5 A.4)."""

from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pydicom

Span = tuple[int, int]
"""(first byte in the file, length)"""

_ITEM = b"\xfe\xff\x00\xe0"
_MOST_FRAGMENTS = 1_000_000
# How a JPEG, a JPEG 2000 stream and a JP2 file begin: the start of a frame where no table tells.
_STARTS = (b"\xff\xd8\xff", b"\xff\x4f\xff\x51", b"\x00\x00\x00\x0cjP")


def encoded_frame(path: Path, offset: int, of: int, frame: int) -> bytes:
    """The bytes of one frame, its fragments put together; ValueError when the file has not that many frames.

    offset: of the pixel data's value. The table of a file is read once, its frames each when they are asked for.
    """
    spans = _frames(path, offset, of, path.stat().st_mtime_ns)[frame]
    with path.open("rb") as file:
        return b"".join(_read(file, span) for span in spans)


def _read(file: BinaryIO, span: Span) -> bytes:
    file.seek(span[0])
    data = file.read(span[1])
    if len(data) < span[1]:
        raise EOFError
    return data


@lru_cache(maxsize=64)
def _frames(path: Path, offset: int, of: int, changed_ns: int) -> tuple[tuple[Span, ...], ...]:
    with path.open("rb") as file:
        table, fragments = _items(file, offset)
        starts = [offset + 8 + table[1] + int(way) for way in np.frombuffer(_read(file, table), "<u4")]
        if of == 1:
            return (tuple(fragments),)
        if len(fragments) == of:
            return tuple((fragment,) for fragment in fragments)
        groups = _by_starts(fragments, starts) or _by_starts(fragments, _extended(path, offset + 8 + table[1]))
        if len(groups) != of:
            groups = _by_starts(fragments, [start - 8 for start, length in fragments if _begins(file, start)])
    if len(groups) != of:
        raise ValueError("another number of frames than the header says")
    return tuple(groups)


def _items(file: BinaryIO, offset: int) -> tuple[Span, list[Span]]:
    """The basic offset table, and the fragments behind it."""
    spans: list[Span] = []
    place = offset
    while len(spans) < _MOST_FRAGMENTS:
        file.seek(place)
        head = file.read(8)
        if head[:4] != _ITEM:
            break
        length = int.from_bytes(head[4:], "little")
        spans.append((place + 8, length))
        place += 8 + length
    if not spans:
        raise ValueError("pixel data moved")
    return spans[0], spans[1:]


def _extended(path: Path, first: int) -> list[int]:
    """Item starts by the Extended Offset Table (PS3.3 C.7.6.3.1.8), which counts from the first fragment's item."""
    header = pydicom.dcmread(path, stop_before_pixels=True, force=True, specific_tags=["ExtendedOffsetTable"])
    table = header.get("ExtendedOffsetTable")
    return [first + int(way) for way in np.frombuffer(bytes(table), "<u8")] if table else []


def _by_starts(fragments: list[Span], starts: list[int]) -> list[tuple[Span, ...]]:
    """Fragments grouped by the item at which each frame starts; none when a start is no item."""
    items = {start - 8: index for index, (start, _) in enumerate(fragments)}
    if not starts or any(start not in items for start in starts) or starts != sorted(set(starts)):
        return []
    numbers = [*(items[start] for start in starts), len(fragments)]
    return [tuple(fragments[one:two]) for one, two in pairwise(numbers)]


def _begins(file: BinaryIO, start: int) -> bool:
    file.seek(start)
    return file.read(8).startswith(_STARTS)
