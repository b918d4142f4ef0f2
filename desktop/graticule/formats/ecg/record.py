"""A WFDB record: header and signal files become a `Recording`."""

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby
from pathlib import Path

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.recording import Lead, Recording
from graticule.domain.volume import Doubt
from graticule.formats.ecg.header import Header, Signal, parse_header
from graticule.formats.ecg.leads import distinct, spelled
from graticule.formats.ecg.samples import decode, format_of


@dataclass(frozen=True, slots=True)
class SignalFile:
    """One file and the consecutive signals in it, which share format and offset."""

    path: Path
    signals: tuple[Signal, ...]

    @property
    def samples_per_frame(self) -> int:
        return sum(signal.per_frame for signal in self.signals)


def read_header(path: Path) -> Header:
    """The parsed header; GraticuleError when it is none or describes something that is not read."""
    try:
        text = path.read_bytes().decode("utf-8", errors="replace")
    except OSError as fault:
        raise GraticuleError(f"{path.name} cannot be opened.", "Check that the file is still there.") from fault
    return parse_header(text)


def signal_files(path: Path, header: Header) -> list[SignalFile]:
    """The signal files of a record, in the header's order. They need not exist."""
    groups = [SignalFile(path.parent / name, tuple(signals)) for name, signals in groupby(header.signals, lambda s: s.file)]
    for file in groups:
        if len({(s.format, s.offset) for s in file.signals}) > 1:
            raise GraticuleError(f"The header gives {file.path.name} several formats at once.")
    return groups


def frames_of(header: Header, files: list[SignalFile]) -> int:
    """The record's length in frames, once every file is found to be there and long enough. GraticuleError otherwise."""
    lengths = []
    for file in files:
        layout = format_of(file.signals[0].format)
        if not file.path.is_file():
            raise GraticuleError(f"The signal file {file.path.name} is missing.", "Put it beside its header and import again.")
        size = file.path.stat().st_size - file.signals[0].offset
        there = layout.holds(max(0, size)) // file.samples_per_frame
        if size < layout.size(header.frames * file.samples_per_frame):
            raise GraticuleError(f"The signal file {file.path.name} is cut short: {_seconds(there, header)} of the "
                                 f"{_seconds(header.frames, header)} that its header promises.", "Copy the file again.")
        lengths.append(header.frames or there)
    if min(lengths) == 0:
        raise GraticuleError("The record holds no samples.")
    return min(lengths)


def read_record(path: Path) -> Recording:
    """The whole record at `path` (its .hea). Time is that of the fastest lead; digital values are as stored."""
    header = read_header(path)
    files = signal_files(path, header)
    frames, clock = frames_of(header, files), header.ticks_per_frame
    doubts: list[Doubt] = []
    leads: list[Lead] = []
    for file in files:
        leads += _leads_of(file, frames, clock, doubts)
    if any(clock % signal.per_frame for signal in header.signals):
        raise GraticuleError("The leads' sampling rates do not divide one another.",
                             "Resample the record with the WFDB tool “xform”.")
    names = distinct(spelled(lead.name) for lead in leads)
    named = tuple(replace(lead, name=name) for name, lead in zip(names, leads, strict=True))
    doubts += _doubts_about(header, named, header.rate * clock)
    facts = {"record": header.record, "age": header.age, "sex": header.sex}
    return Recording(named, header.rate * clock, frames * clock, "", header.synthetic, tuple(doubts), facts)


def _leads_of(file: SignalFile, frames: int, clock: int, doubts: list[Doubt]) -> list[Lead]:
    first, total = file.signals[0], frames * file.samples_per_frame
    data = file.path.read_bytes()[first.offset:]
    table = decode(data, first.format, total).reshape(frames, file.samples_per_frame)
    invalid = format_of(first.format).invalid
    leads, column, wrong = [], 0, []
    for signal in file.signals:
        digital = np.ascontiguousarray(table[:, column: column + signal.per_frame]).reshape(-1)
        column += signal.per_frame
        if signal.checksum is not None and (int(digital.sum(dtype=np.int64)) - signal.checksum) % 65536:
            wrong.append(spelled(signal.name))
        digital = _deskewed(digital, signal, invalid)
        step = clock // signal.per_frame
        leads.append(Lead(signal.name, digital, signal.gain, signal.baseline, step, invalid, unit=signal.unit))
    if wrong:
        doubts.append(Doubt("checksum", f"The header's checksum does not fit the samples of {_list(wrong)}: "
                                        "the file or its header was changed."))
    return leads


def _deskewed(digital: Array, signal: Signal, invalid: int) -> Array:
    """A lead that was stored `skew` frames late, moved back to its time."""
    late = signal.skew * signal.per_frame
    if not late:
        return digital
    return np.concatenate([digital[late:], np.full(min(late, digital.size), invalid, digital.dtype)])


def _doubts_about(header: Header, leads: tuple[Lead, ...], rate: Fraction) -> list[Doubt]:
    doubts = []
    loose = [lead.name for lead, signal in zip(leads, header.signals, strict=True) if not signal.calibrated]
    if loose:
        doubts.append(Doubt("calibration", f"No gain is given for {_list(loose)}; 200 digits per mV are assumed. "
                                           "Amplitudes may be wrong."))
    skewed = [lead.name for lead, signal in zip(leads, header.signals, strict=True) if signal.skew]
    if skewed:
        doubts.append(Doubt("skew", f"{_list(skewed)} were stored late and have been moved back as the header says."))
    for lead in leads:
        lost = int((lead.digital == lead.invalid).sum())
        if lost:
            doubts.append(Doubt("no-signal", f"{lead.name}: {lost * lead.step / float(rate):.2f} s without signal."))
    return doubts


def _seconds(frames: int, header: Header) -> str:
    return f"{float(frames / header.rate):.1f} s"


def _list(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
