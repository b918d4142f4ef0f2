"""The Waveform Annotation Sequence of a DICOM ECG as labels: coded beats and rhythms; measurements and statements as a note.

DICOM PS3.3 C.10.10. Sample positions are counted from 1 there, from 0 here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from graticule.domain.elements import Element
from graticule.domain.errors import GraticuleError
from graticule.domain.recording import Recording
from graticule.formats.damage import DAMAGE
from graticule.formats.ecg.dicom_groups import MultiplexGroup, places, rhythm
from graticule.formats.ecg.events import PRIVATE_SCHEME, Event, elements_of
from graticule.formats.ecg.leads import spelled

_SOURCE = "Imported from the annotations of a DICOM ECG."
_SEGMENTS = ("SEGMENT", "MULTISEGMENT")
_ONES = {"1": "", "{1}": "", "NORM": ""}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a multiplex group lies: its first tick, ticks a sample, the number of its first lead in the recording."""

    start: int
    step: int
    first_lead: int
    channels: int


def dicom_elements(dataset: Any, recording: Recording, new_id: Callable[[], str]) -> list[Element]:
    """GraticuleError when the annotations are damaged."""
    try:
        found = _places(dataset)
        events: list[Event] = []
        lines: list[str] = []
        for item in dataset.get("WaveformAnnotationSequence") or ():
            _read(item, recording, found, events, lines)
    except DAMAGE as fault:
        raise GraticuleError("The annotations in this file are damaged; the ECG itself can be read.") from fault
    return elements_of(events, recording, new_id, _SOURCE, lines)


def _places(dataset: Any) -> dict[int, _Place]:
    """By the number of the group in the file, from 1: of those that are shown."""
    groups = [MultiplexGroup.of(item) for item in dataset.WaveformSequence]
    chosen, _ = rhythm(groups)
    _, starts, steps = places(chosen)
    found, lead = {}, 0
    for group, start, step in zip(chosen, starts, steps, strict=True):
        channels = len(group.item.ChannelDefinitionSequence)
        found[groups.index(group) + 1] = _Place(start, step, lead, channels)
        lead += channels
    return found


def _read(item: Any, recording: Recording, found: dict[int, _Place], events: list[Event], lines: list[str]) -> None:
    channels = [int(n) for n in _list(item.get("ReferencedWaveformChannels"))]
    groups = set(channels[::2])
    place = found.get(next(iter(groups), 1)) if len(groups) <= 1 else _whole(item, recording)
    text, code = _said(item)
    if not text:
        return
    spans = _spans(item, place, recording) if place is not None else []
    if not spans:
        beside = " (on the averaged beat)" if place is None and len(groups) == 1 else ""
        lines.append(text + beside)
        return
    exact = code is not None and code[0] == PRIVATE_SCHEME
    leads = _leads(channels, place, recording, exact) if place is not None else [None]
    events += [Event(start, end, text, lead, code) for start, end in spans for lead in leads]


def _whole(item: Any, recording: Recording) -> _Place | None:
    """For what is said of several groups, in seconds: sample numbers hold for one group alone."""
    return _Place(0, 1, 0, len(recording.leads)) if item.get("ReferencedTimeOffsets") else None


def _leads(channels: list[int], place: _Place, recording: Recording, exact: bool) -> list[str | None]:
    """The leads an annotation stands on; [None] when it holds for the whole group (channel 0) or for every lead of it.

    exact: it is one of ours, where only channel 0 means all.
    """
    numbers = sorted({n for n in channels[1::2] if 0 < n <= place.channels})
    if not numbers or 0 in channels[1::2] or (len(numbers) == place.channels and not exact):
        return [None]
    return [recording.leads[place.first_lead + n - 1].name for n in numbers]


def _spans(item: Any, place: _Place, recording: Recording) -> list[tuple[int, int | None]]:
    positions = [place.start + (int(n) - 1) * place.step for n in _list(item.get("ReferencedSamplePositions"))]
    last = place.step  # a sample that ends a segment belongs to it, a moment that ends it does not
    if not positions:
        # Seconds after the start of the data (PS3.3 C.10.10, C.18.7), of whatever group.
        positions, last = [round(Fraction(str(n)) * recording.rate) for n in _list(item.get("ReferencedTimeOffsets"))], 0
    kind = str(item.get("TemporalRangeType", "")).strip().upper()
    if kind in _SEGMENTS:
        return [(a, b + last) for a, b in zip(positions[::2], positions[1::2], strict=False)]
    if kind == "BEGIN":
        return [(at, recording.ticks) for at in positions[:1]]
    if kind == "END":
        return [(0, at + last) for at in positions[:1]]
    return [(at, None) for at in positions]


def _said(item: Any) -> tuple[str, tuple[str, str] | None]:
    """(the annotation in words, (scheme, code) when it is a plain code)"""
    free = str(item.get("UnformattedTextValue", "") or "").strip()
    name, value = _coded(item.get("ConceptNameCodeSequence")), _coded(item.get("ConceptCodeSequence"))
    numbers = ", ".join(_number(number) for number in _list(item.get("NumericValue")))
    if numbers:
        unit = _coded(item.get("MeasurementUnitsCodeSequence"))
        unit_text = _ONES.get(unit[1], unit[1]) if unit else ""
        return f"{name[2] if name else 'Value'}: {numbers} {unit_text}".strip(), None
    if free:
        return f"{name[2]}: {free}" if name else free, None
    if value:
        return (f"{name[2]}: {value[2]}" if name else value[2]), (value[0], value[1])
    return (name[2], (name[0], name[1])) if name else ("", None)


def _coded(sequence: Any) -> tuple[str, str, str] | None:
    """(scheme, code, meaning)"""
    if not sequence:
        return None
    item = next((own for own in sequence[0].get("EquivalentCodeSequence") or ()
                 if str(own.get("CodingSchemeDesignator", "")) == PRIVATE_SCHEME), sequence[0])
    code = str(item.get("CodeValue", "") or item.get("LongCodeValue", "") or "")
    meaning = str(item.get("CodeMeaning", "") or code)
    return str(item.get("CodingSchemeDesignator", "")), code, spelled(meaning)


def _number(value: Any) -> str:
    return f"{float(value):g}"


def _list(value: Any) -> list[Any]:
    if value is None or value == "":
        return []
    several = hasattr(value, "__iter__") and not isinstance(value, str | bytes)
    return list(value) if several else [value]


def dicom_file_elements(path: Path, recording: Recording, new_id: Callable[[], str]) -> list[Element]:
    from graticule.formats.ecg.dicom_waveform import read_dicom

    return dicom_elements(read_dicom(path), recording, new_id)
