"""A WFDB record: header and signal files become a `Recording`."""

from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.recording import Lead, Recording
from graticule.domain.stored_samples import StoredSamples, laid
from graticule.domain.volume import Doubt
from graticule.formats.ecg.block_file import Frames, bytes_of
from graticule.formats.ecg.channels import FASTEST_CLOCK, Seen, gaps_in, listed, looked_through, name_doubts, named, uncalibrated
from graticule.formats.ecg.flac import FlacFile
from graticule.formats.ecg.header import Header, Signal, parse_header
from graticule.formats.ecg.leads import spelled
from graticule.formats.ecg.samples import DIFFERENCES, FLAC, decode, format_of, kind_of
from graticule.formats.ecg.stated import Stated

MOST_HEADER = 1 << 24


@dataclass(frozen=True, slots=True)
class SignalFile:
    """One file and the consecutive signals in it, which share format and offset."""

    path: Path
    signals: tuple[Signal, ...]

    @property
    def width(self) -> int:
        """Samples in a frame."""
        return sum(signal.per_frame for signal in self.signals)

    @property
    def bits(self) -> int | None:
        """Of a FLAC file; None for the others."""
        return FLAC.get(self.signals[0].format)


def read_header(path: Path) -> Header:
    """The parsed header; GraticuleError when it is none or describes something that is not read."""
    try:
        with path.open("rb") as file:
            text = file.read(MOST_HEADER).decode("utf-8", errors="replace")
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
        format_of(file.signals[0].format)
        if not file.path.is_file():
            raise GraticuleError(f"The signal file {file.path.name} is missing.", "Put it beside its header and import again.")
        there = _frames_in(file)
        if there < header.frames:
            raise GraticuleError(f"The signal file {file.path.name} is cut short: {_seconds(there, header)} of the "
                                 f"{_seconds(header.frames, header)} that its header promises.", "Copy the file again.")
        lengths.append(header.frames or there)
    if min(lengths) == 0:
        raise GraticuleError("The record holds no samples.")
    return min(lengths)


def _frames_in(file: SignalFile) -> int:
    first = file.signals[0]
    if file.bits is not None:
        per_frame = _flac_per_frame(file)
        return FlacFile(file.path, file.bits, len(file.signals)).frames // per_frame
    return format_of(first.format).holds(max(0, file.path.stat().st_size - first.offset)) // file.width


def _flac_per_frame(file: SignalFile) -> int:
    counts = {signal.per_frame for signal in file.signals}
    if len(counts) > 1:
        raise GraticuleError(f"{file.path.name} is FLAC, which cannot hold leads of several rates.")
    return counts.pop()


def read_record(path: Path, stated: Stated | None = None, *, thorough: bool = False) -> Recording:
    """The record at `path` (its .hea). Time is that of the fastest lead; digital values are as stored.

    A long record's samples stay in its files (`StoredSamples`); what only their reading shows (checksums, gaps) is among the
    doubts when `thorough`.
    """
    stated = stated or Stated()
    header = read_header(path)
    if header.segments:
        from graticule.formats.ecg.segments import read_segments
        return read_segments(path, header, stated, thorough)
    if stated.rate is not None and not header.rate_given:
        header = replace(header, rate=stated.rate, rate_given=True)
    leads, frames = leads_of(path, header)
    ticks_per_frame = header.ticks_per_frame
    doubts = doubts_about(header, leads, thorough)
    leads = tuple(_with_gain(lead, signal, stated) for lead, signal in zip(leads, header.signals, strict=True))
    facts = {"record": header.record, "age": header.age, "sex": header.sex}
    return Recording(named(leads), header.rate * ticks_per_frame, frames * ticks_per_frame, "", header.synthetic,
                     tuple(doubts), facts)


def leads_of(path: Path, header: Header) -> tuple[tuple[Lead, ...], int]:
    """(the leads under the names of the header, frames) of a record of one segment."""
    files = signal_files(path, header)
    frames, ticks = frames_of(header, files), header.ticks_per_frame
    if ticks > max(s.per_frame for s in header.signals) and header.rate * ticks > FASTEST_CLOCK:
        raise GraticuleError("The leads' sampling rates do not divide one another.",
                             "Resample the record with the WFDB tool “xform”.")
    return tuple(lead for file in files for lead in _leads_in(file, frames, ticks)), frames


def _with_gain(lead: Lead, signal: Signal, stated: Stated) -> Lead:
    per_millivolt = stated.per_millivolt
    if signal.calibrated or per_millivolt is None:
        return lead
    return replace(lead, gain=float(per_millivolt), unit="mV")


def _leads_in(file: SignalFile, frames: int, ticks_per_frame: int) -> list[Lead]:
    table = _frames(file, frames)
    kind, invalid = kind_of(file.signals[0].format), format_of(file.signals[0].format).invalid
    leads, column = [], 0
    for signal in file.signals:
        digital = table.column(column, signal.per_frame, kind)
        column += signal.per_frame
        digital, gap = _deskewed(digital, signal, invalid)
        leads.append(Lead(signal.name, digital, signal.gain, signal.baseline, ticks_per_frame // signal.per_frame, gap,
                          unit=signal.unit))
    return leads


def _frames(file: SignalFile, frames: int) -> Frames:
    first, width = file.signals[0], file.width
    layout = format_of(first.format)
    if file.bits is not None:
        return Frames(frames, width, _Flac(file).read)
    if first.format == DIFFERENCES:
        return Frames(frames, width, _Sums(file, frames).read)

    def read(start: int, end: int) -> Array:
        whole = start - start % layout.aligned(width)
        skipped = (start - whole) * width
        at = first.offset + layout.size(whole * width)
        samples = (end - whole) * width
        return decode(bytes_of(file.path, at, at + layout.size(samples)), first.format, samples)[skipped:].reshape(-1, width)

    return Frames(frames, width, read)


class _Flac:
    """A FLAC file's frames: a channel with several samples per frame has them in a row."""

    def __init__(self, file: SignalFile) -> None:
        self._file = FlacFile(file.path, file.bits or 16, len(file.signals))
        self._per_frame = _flac_per_frame(file)
        self._kind = kind_of(file.signals[0].format)

    def read(self, start: int, end: int) -> Array:
        data = self._file.read(start * self._per_frame, end * self._per_frame)
        return data.reshape(end - start, self._per_frame, -1).transpose(0, 2, 1).reshape(end - start, -1).astype(self._kind)


class _Sums:
    """Format 8 keeps differences: no sample is known before all that stand before it."""

    def __init__(self, file: SignalFile, frames: int) -> None:
        self._file, self._frames = file, frames
        self._whole: Array | None = None

    def read(self, start: int, end: int) -> Array:
        if self._whole is None:
            first, width = self._file.signals[0], self._file.width
            data = bytes_of(self._file.path, first.offset, first.offset + self._frames * width)
            steps, column = decode(data, first.format, self._frames * width).reshape(-1, width), 0
            self._whole = np.empty(steps.shape, np.int32)
            for signal in self._file.signals:
                part = slice(column, column := column + signal.per_frame)
                sums = np.cumsum(steps[:, part].reshape(-1), dtype=np.int64) + signal.initial
                self._whole[:, part] = sums.reshape(-1, signal.per_frame)
        return self._whole[start:end]


def _deskewed(digital: Array | StoredSamples, signal: Signal, invalid: int | None) -> tuple[Array | StoredSamples, int | None]:
    """A lead that was stored `skew` frames late, moved back to its time; and the value that stands where nothing is left."""
    late = signal.skew * signal.per_frame
    if not late:
        return digital, invalid
    invalid = int(np.iinfo(digital.dtype).min) if invalid is None else invalid
    if isinstance(digital, StoredSamples):
        return laid(digital.size, digital.dtype, invalid, [(-late, digital)]), invalid
    return np.concatenate([digital[late:], np.full(min(late, digital.size), invalid, digital.dtype)]), invalid


def doubts_about(header: Header, leads: tuple[Lead, ...], thorough: bool) -> list[Doubt]:
    doubts = []
    seen = looked_through(leads, thorough)
    wrong = [spelled(signal.name) for one, signal in zip(seen, header.signals, strict=True) if _is_wrong(one, signal)]
    if wrong:
        doubts.append(Doubt("checksum", f"The header's checksum does not fit the samples of {listed(wrong)}: "
                                        "the file or its header was changed."))
    if not header.rate_given:
        doubts.append(Doubt("rate", "The header gives no sampling rate; WFDB's default of 250 Hz is taken. "
                                    "Times may be wrong."))
    loose = [spelled(signal.name) for signal in header.signals if not signal.calibrated]
    if loose:
        doubts.append(uncalibrated(loose))
    inverted = [spelled(signal.name) for signal in header.signals if signal.gain < 0]
    if inverted:
        doubts.append(Doubt("polarity", f"The header turns {listed(inverted)} upside down (a gain below zero); "
                                        "the traces follow it."))
    skewed = [spelled(signal.name) for signal in header.signals if signal.skew]
    if skewed:
        doubts.append(Doubt("skew", f"The header says that {listed(skewed)} came late; moved back to the others."))
    doubts += [doubt for doubt in name_doubts([signal.name for signal in header.signals]) if doubt.what == "twins"]
    return [*doubts, *gaps_in(leads, seen, header.rate * header.ticks_per_frame)]


def _is_wrong(seen: Seen | None, signal: Signal) -> bool:
    """Whether the checksum contradicts the samples. It is that of the file, before any skew was taken out."""
    return seen is not None and signal.checksum is not None and not signal.skew and (seen.total - signal.checksum) % 65536 != 0


def _seconds(frames: int, header: Header) -> str:
    return f"{float(frames / header.rate):.1f} s"
