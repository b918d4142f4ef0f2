"""Where leads lie in the multiplex groups of a DICOM waveform, and how ticks of the record are said there.

Samples are counted from 1 in DICOM (PS3.3 C.10.10, C.18.7), from 0 here; a segment names its first and its last sample.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.recording import Recording

_MOST_SAMPLE = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Group:
    """number: in the file, from 1. start: tick of its first sample; step: ticks a sample. leads: by their names, in order of
    the channels."""

    number: int
    start: int
    step: int
    samples: int
    leads: tuple[str, ...]

    def covers(self, recording: Recording) -> bool:
        return self.start == 0 and self.step == 1 and self.samples >= recording.ticks


@dataclass(frozen=True, eq=False, slots=True)
class Said:
    """channels: pairs (group, channel), channel 0 for all of a group. samples: counted from 1; [] when only seconds can say it.

    seconds: after the start of the record, as decimal strings of at most 16 characters.
    """

    channels: tuple[int, ...]
    samples: tuple[int, ...] = ()
    seconds: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Places:
    groups: tuple[Group, ...]
    recording: Recording

    def points(self, ticks: Array, lead: str | None) -> Said:
        """GraticuleError when the record is longer than sample numbers reach."""
        return self._said(ticks, ticks, lead)

    def span(self, start: int, end: int, lead: str | None) -> Said:
        """[start, end): the first and the last sample that belong to it."""
        ends = np.array([start, end], np.int64)
        return self._said(ends, np.array([start, end - 1], np.int64), lead)

    def _said(self, ticks: Array, within: Array, lead: str | None) -> Said:
        """within: the same, as ticks that lie inside. Seconds say where an interval ends, samples which is its last."""
        group, channels = self._at(lead)
        if group is not None:
            from_start = within - group.start
            if group.step == 1 and bool((from_start >= 0).all()) and bool((from_start < group.samples).all()):
                if from_start.size and int(from_start.max()) + 1 > _MOST_SAMPLE:
                    raise GraticuleError("The record is too long for the sample numbers of DICOM.", "Export it as WFDB.")
                return Said(channels, tuple((from_start + 1).tolist()))
        return Said(channels, seconds=tuple(seconds_text(int(tick), self.recording.rate) for tick in ticks.tolist()))

    def _at(self, lead: str | None) -> tuple[Group | None, tuple[int, ...]]:
        if lead is not None:
            for group in self.groups:
                if lead in group.leads:
                    return group, (group.number, group.leads.index(lead) + 1)
        whole = next((group for group in self.groups if group.covers(self.recording)), None)
        if whole is not None:
            return whole, (whole.number, 0)
        return None, tuple(number for group in self.groups for number in (group.number, 0))


def seconds_text(tick: int, rate: Fraction) -> str:
    """Seconds after the start in at most 16 characters, exact to far less than half a tick."""
    seconds = Fraction(tick) / rate
    whole = len(str(int(seconds)))
    text = f"{round(seconds * 10 ** (14 - whole)):d}".rjust(15 - whole, "0")
    point = len(text) - (14 - whole)
    return f"{text[:point] or '0'}.{text[point:]}".rstrip("0").rstrip(".") or "0"


def tick_of(text: str, rate: Fraction) -> int:
    return round(Fraction(text.strip()) * rate)


def groups_of(recording: Recording, channels_each: int) -> list[tuple[int, Sequence[int]]]:
    """(ticks a sample, numbers of the leads) of the groups to be written: the fastest first, leads in their order."""
    by_step: dict[int, list[int]] = {}
    for number, lead in enumerate(recording.leads):
        by_step.setdefault(lead.step, []).append(number)
    return [(step, numbers[first: first + channels_each]) for step, numbers in sorted(by_step.items())
            for first in range(0, len(numbers), channels_each)]
