"""The annotations of EDF+ and BDF+ (time-stamped lists, TAL): when each data record began, and what was noted.

Source: EDF+ specification, 2.2. A list is "+onset[\\x15duration]\\x14text\\x14…\\x14\\0", seconds after the file's start.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from graticule.domain.errors import GraticuleError
from graticule.formats.ecg.block_file import bytes_of
from graticule.formats.ecg.edf import EdfHeader, EdfSignal

_LIST = re.compile(rb"([+-]\d{1,15}(?:\.\d{0,15})?)(?:\x15(\d{1,15}(?:\.\d{0,15})?))?\x14([^\0]*)\x14\0")
_READ_AT_ONCE = 1 << 24


@dataclass(frozen=True, slots=True)
class EdfEvent:
    """seconds after the file's start; duration None when the file gives none."""

    onset: Fraction
    duration: Fraction | None
    text: str


@dataclass(frozen=True, slots=True)
class EdfNotes:
    """starts: of every data record, in seconds; empty when the file does not keep time. events: in the file's order."""

    starts: tuple[Fraction, ...]
    events: tuple[EdfEvent, ...]


def read_notes(path: Path, header: EdfHeader, records: int) -> EdfNotes:
    """GraticuleError when the lists of a file with gaps do not say when its records begin."""
    signals = [signal for signal in header.signals if signal.is_annotations]
    starts: list[Fraction | None] = []
    events: list[EdfEvent] = []
    if not signals:
        return EdfNotes((), ())
    step = max(1, _READ_AT_ONCE // max(1, header.record_size))
    for first in range(0, records, step):
        last = min(records, first + step)
        for texts in _texts(path, header, signals, first, last):
            start, found = _record(texts)
            starts.append(start)
            events += found
    if header.plus == "D" and any(start is None for start in starts):
        raise GraticuleError("This EDF+ file has gaps, but does not say where they are.", "Ask for the file again.")
    known = tuple(start for start in starts if start is not None)
    return EdfNotes(known if len(known) == records else (), tuple(events))


def _texts(path: Path, header: EdfHeader, signals: list[EdfSignal], first: int, last: int) -> list[list[bytes]]:
    """For each record of [first, last) what its annotation signals hold."""
    size = header.record_size
    data = bytes_of(path, header.size + first * size, header.size + last * size)
    return [[data[n * size + s.at: n * size + s.at + s.samples * header.width] for s in signals] for n in range(last - first)]


def _record(texts: list[bytes]) -> tuple[Fraction | None, list[EdfEvent]]:
    """(start of the record, events). The first list of the first signal keeps the time."""
    start: Fraction | None = None
    events = []
    for number, text in enumerate(texts):
        for found in _LIST.finditer(text):
            onset, duration = Fraction(found[1].decode()), Fraction(found[2].decode()) if found[2] else None
            if number == 0 and start is None:
                start = onset
            notes = (note.decode("utf-8", errors="replace") for note in found[3].split(b"\x14") if note)
            events += [EdfEvent(onset, duration, note) for note in notes]
    return start, events
