"""The file's own graphics: overlay planes 60xx, stand-alone or in unused bits of the pixels (PS3.3 C.9.2)."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from graticule.domain.geometry import Array

_GROUPS = range(0x6000, 0x6020, 2)
_ROWS, _COLUMNS, _FRAMES, _ORIGIN = 0x0010, 0x0011, 0x0015, 0x0050
_FIRST_FRAME, _ALLOCATED, _BIT, _DATA = 0x0051, 0x0100, 0x0102, 0x3000


@dataclass(frozen=True, eq=False, slots=True)
class OverlayPlane:
    """One overlay group. origin: (row, column) of its first bit in the image, from 0. first_frame: of the image, from 0.

    bits: (frame, row, column) bool, or None when it lies in bit `bit` of the pixels.
    """

    origin: tuple[int, int]
    first_frame: int
    bits: Array | None
    bit: int = 0


def overlay_planes(dataset: Any) -> list[OverlayPlane]:
    """The overlays of a file that can be read; a broken one is left out. dataset: a pydicom Dataset up to its pixels."""
    planes = (_plane(dataset, group) for group in _GROUPS if (group, _ROWS) in dataset or (group, _BIT) in dataset)
    return [plane for plane in planes if plane is not None]


def overlay_on(shape: tuple[int, int], planes: list[OverlayPlane], frame: int = 0, raw: Array | None = None) -> Array | None:
    """(row, column) bool: all graphics on one frame of the image; None when there are none.

    raw: (row, column) numbers as stored, with all their bits; needed for overlays in unused bits.
    """
    drawn: Array | None = None
    for plane in planes:
        bits = _bits_of(plane, frame, raw)
        if bits is not None:
            drawn = np.zeros(shape, dtype=bool) if drawn is None else drawn
            _draw(drawn, bits, plane.origin)
    return drawn


def in_unused_bits(planes: list[OverlayPlane]) -> bool:
    return any(plane.bits is None for plane in planes)


def _plane(dataset: Any, group: int) -> OverlayPlane | None:
    try:
        rows, columns = int(_value(dataset, group, _ROWS, 0)), int(_value(dataset, group, _COLUMNS, 0))
        frames = int(_value(dataset, group, _FRAMES, 1))
        down, right = (int(part) for part in _value(dataset, group, _ORIGIN, (1, 1)))
        first_frame = int(_value(dataset, group, _FIRST_FRAME, 1)) - 1
        data = _value(dataset, group, _DATA, None)
        allocated = int(_value(dataset, group, _ALLOCATED, 1))
        bit = int(_value(dataset, group, _BIT, 0))
    except (TypeError, ValueError):
        return None
    if data is None:
        hidden = allocated > 1 and bit in range(1, 32)
        return OverlayPlane((down - 1, right - 1), max(0, first_frame), None, bit) if hidden else None
    if not (0 < rows <= 65535 and 0 < columns <= 65535 and frames > 0):
        return None
    bits = _unpacked(bytes(data), frames, rows, columns)
    return None if bits is None else OverlayPlane((down - 1, right - 1), max(0, first_frame), bits)


def _value(dataset: Any, group: int, element: int, otherwise: Any) -> Any:
    found = dataset.get((group, element))
    return otherwise if found is None or found.value is None or found.value == "" else found.value


def _unpacked(data: bytes, frames: int, rows: int, columns: int) -> Array | None:
    """(frame, row, column) bool; frames follow each other bit by bit, without a gap."""
    bits = frames * rows * columns
    if len(data) * 8 < bits:
        return None
    unpacked = np.unpackbits(np.frombuffer(data, np.uint8, (bits + 7) // 8), bitorder="little")
    return unpacked[:bits].reshape(frames, rows, columns).astype(bool)


def _bits_of(plane: OverlayPlane, frame: int, raw: Array | None) -> Array | None:
    if plane.bits is None:
        return None if raw is None else (raw.astype(np.int64) >> plane.bit & 1).astype(bool)
    if len(plane.bits) == 1:
        return np.asarray(plane.bits[0])  # one overlay belongs to every frame of a cine
    number = frame - plane.first_frame
    return np.asarray(plane.bits[number]) if 0 <= number < len(plane.bits) else None


def _draw(onto: Array, bits: Array, origin: tuple[int, int]) -> None:
    """Only what lies on the image."""
    top, left = origin
    rows = slice(max(0, top), max(0, min(onto.shape[0], top + bits.shape[0])))
    columns = slice(max(0, left), max(0, min(onto.shape[1], left + bits.shape[1])))
    onto[rows, columns] |= bits[rows.start - top:rows.stop - top, columns.start - left:columns.stop - left]
