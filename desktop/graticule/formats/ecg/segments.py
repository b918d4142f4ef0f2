"""A WFDB record made of several records: each segment stands at its place on the clock, pauses stay pauses.

Fixed layout: every segment has the same leads. Variable layout: a first segment of no length lists all leads that occur, and a
segment may lack some of them. Source: header(5) of the WFDB Applications Guide.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from math import gcd, lcm
from pathlib import Path
from typing import Any

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.recording import Lead, Recording
from graticule.domain.stored_samples import StoredSamples, laid
from graticule.domain.volume import Doubt
from graticule.formats.ecg.block_file import settled
from graticule.formats.ecg.channels import gaps_in, listed, looked_through, named, uncalibrated
from graticule.formats.ecg.header import Header
from graticule.formats.ecg.leads import spelled
from graticule.formats.ecg.record import leads_of, read_header, signal_files
from graticule.formats.ecg.stated import Stated

PAUSE = "~"
_INVALID = int(np.iinfo(np.int32).min)
# Steps per unit where segments share no finer common step: a nanovolt.
_FINE = Fraction(1_000_000)
_MOST_FACTOR = 1 << 16


@dataclass(frozen=True, eq=False)
class _Piece:
    """A lead of a segment. start: its first sample, in samples of the lead."""

    start: int
    lead: Lead


def segment_headers(path: Path, header: Header) -> list[tuple[Path, int]]:
    """(header file, frames) of every segment that holds samples, each once."""
    return [(path.parent / f"{name}.hea", frames) for name, frames in dict.fromkeys(header.segments)
            if name != PAUSE and frames]


def files_of(path: Path, header: Header) -> list[Path]:
    """Every file of the record but its own header."""
    layout = [path.parent / f"{name}.hea" for name, frames in header.segments[:1] if not frames and name != PAUSE]
    files = [file for file in layout if file.is_file()]
    for segment, _ in segment_headers(path, header):
        files += [segment, *(file.path for file in signal_files(segment, _segment(segment)))]
    return list(dict.fromkeys(files))


def read_segments(path: Path, header: Header, stated: Stated, thorough: bool) -> Recording:
    """The whole record; GraticuleError when a segment is missing or does not fit the others."""
    parts = {segment: _segment(segment) for segment, _ in segment_headers(path, header)}
    if not parts:
        raise GraticuleError("No segment of this record holds samples.")
    ticks_per_frame = lcm(*(part.ticks_per_frame for part in parts.values()))
    variable = header.segments[0][1] == 0
    order = _order(path, header) if variable else []
    found: dict[Any, list[_Piece]] = {}
    frame = 0
    for name, frames in header.segments:
        if name != PAUSE and frames:
            segment = path.parent / f"{name}.hea"
            leads = _leads(segment, parts[segment], frames, header)
            for number, lead in enumerate(leads):
                lead = replace(lead, step=lead.step * (ticks_per_frame // parts[segment].ticks_per_frame))
                key = spelled(lead.name).lower() if variable else number
                found.setdefault(key, []).append(_Piece(frame * (ticks_per_frame // lead.step), lead))
        frame += frames
    ticks = frame * ticks_per_frame
    keys = list(found)
    if variable:
        keys.sort(key=lambda key: (order.index(key) if key in order else len(order), str(key)))
    leads = tuple(_joined(found[key], ticks, stated) for key in keys)
    rate = header.rate * ticks_per_frame
    doubts = _doubts(header, frame, found.values(), stated) + gaps_in(leads, looked_through(leads, thorough), rate)
    facts = {"record": header.record, "age": header.age, "sex": header.sex}
    synthetic = header.synthetic or any(part.synthetic for part in parts.values())
    return Recording(named(leads), rate, ticks, "", synthetic, tuple(doubts), facts)


def _segment(path: Path) -> Header:
    if not path.is_file():
        raise GraticuleError(f"The segment {path.name} of this record is missing.", "Put all its segments into one folder.")
    header = read_header(path)
    if header.segments:
        raise GraticuleError("A segment of this record is itself made of segments, which WFDB does not allow.")
    return header


def _order(path: Path, header: Header) -> list[str]:
    """The leads' names in the order of the layout segment."""
    layout = path.parent / f"{header.segments[0][0]}.hea"
    return [spelled(signal.name).lower() for signal in read_header(layout).signals] if layout.is_file() else []


def _leads(path: Path, part: Header, frames: int, header: Header) -> tuple[Lead, ...]:
    if part.rate != header.rate:
        raise GraticuleError(f"The segment {path.name} has another sampling rate than the record.")
    leads, there = leads_of(path, part if part.frames else replace(part, frames=frames))
    if there < frames:
        raise GraticuleError(f"The segment {path.name} is shorter than the record says.")
    return tuple(_cut(lead, frames * part.ticks_per_frame // lead.step) for lead in leads)


def _cut(lead: Lead, size: int) -> Lead:
    if lead.digital.size == size:
        return lead
    if isinstance(lead.digital, StoredSamples):
        return replace(lead, digital=laid(size, lead.digital.dtype, 0, [(0, lead.digital)]))
    return replace(lead, digital=lead.digital[:size])


def _joined(pieces: list[_Piece], ticks: int, stated: Stated) -> Lead:
    """One lead out of its pieces. Where their scales differ, the samples are brought to the finest common step: exactly, or
    to a nanovolt where there is no common step."""
    first = pieces[0].lead
    if len({(piece.lead.step, piece.lead.unit) for piece in pieces}) > 1:
        raise GraticuleError(f"{spelled(first.name)} changes its sampling rate or its unit within the record.")
    scales = [_scale(piece.lead) for piece in pieces]
    gain, baseline = first.gain, first.baseline
    dtype: np.dtype[Any] = np.dtype(np.int32)
    if len(set(scales)) > 1:
        finest = Fraction(lcm(*(s[0].numerator for s in scales)), gcd(*(s[0].denominator for s in scales)))
        if max(abs(finest / s[0]) for s in scales) > _MOST_FACTOR:
            finest = _FINE
        gain, baseline, dtype = float(finest), 0.0, np.dtype(np.int64)
        pieces = [replace(piece, lead=_rescaled(piece.lead, finest / scale[0], int(scale[1]), dtype))
                  for piece, scale in zip(pieces, scales, strict=True)]
    else:
        pieces = [replace(piece, lead=_rescaled(piece.lead, Fraction(1), 0, dtype)) for piece in pieces]
    size = ticks // first.step
    digital = laid(size, dtype, _INVALID, [(piece.start, piece.lead.digital) for piece in pieces])
    unit, per_millivolt = first.unit, stated.per_millivolt
    if unit == "adu" and per_millivolt is not None:
        gain, unit = float(per_millivolt), "mV"
    return Lead(first.name, settled(digital), gain, baseline, first.step, _INVALID, unit=unit)


def _scale(lead: Lead) -> tuple[Fraction, float]:
    return Fraction(repr(lead.gain)), lead.baseline


def _rescaled(lead: Lead, factor: Fraction, baseline: int, dtype: np.dtype[Any]) -> Lead:
    """The lead with samples (digital − baseline) × factor; its "no signal" becomes that of the joined lead."""
    digital, invalid = lead.digital, lead.invalid

    def read(start: int, end: int) -> Array:
        part = digital[start:end]
        values = part.astype(dtype) - baseline
        values = values * factor.numerator if factor.denominator == 1 else np.rint(values * float(factor)).astype(dtype)
        if invalid is not None:
            values[part == invalid] = _INVALID
        return values

    return replace(lead, digital=StoredSamples(digital.size, dtype, partial(read)))


def _doubts(header: Header, frames: int, found: Any, stated: Stated) -> list[Doubt]:
    doubts = []
    if header.frames and header.frames != frames:
        promised, there = float(header.frames / header.rate), float(frames / header.rate)
        doubts.append(Doubt("length", f"The header promises {promised:.1f} s; its segments together last {there:.1f} s."))
    pauses = [length for name, length in header.segments if name == PAUSE]
    if pauses:
        seconds = float(sum(pauses) / header.rate)
        doubts.append(Doubt("pauses", f"The recording pauses {len(pauses)} times, for {seconds:.0f} s in all; "
                                      "the pauses stay on the clock."))
    loose = list(dict.fromkeys(spelled(p.lead.name) for pieces in found for p in pieces if p.lead.unit == "adu"))
    if loose and not stated.unit:
        doubts.append(uncalibrated(loose))
    changed = [spelled(pieces[0].lead.name) for pieces in found if len({_scale(p.lead) for p in pieces}) > 1]
    if changed:
        doubts.append(Doubt("gain", f"The gain of {listed(changed)} changes within the record; "
                                    "the traces are drawn true to scale."))
    return doubts
