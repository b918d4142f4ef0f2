"""An EDF or BDF file as a recording: its ECG leads, each at its own rate, with the gaps of EDF+D on the clock."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.recording import Recording
from graticule.domain.stored_samples import StoredSamples, laid
from graticule.domain.volume import Doubt
from graticule.formats.ecg.block_file import Frames, bytes_of, settled
from graticule.formats.ecg.channels import Channel, listed, millivolts, on_one_clock
from graticule.formats.ecg.edf import EdfHeader, EdfSignal, read_edf_header
from graticule.formats.ecg.edf_events import EdfNotes, read_notes
from graticule.formats.ecg.leads import is_known
from graticule.formats.ecg.stated import Stated

_ECG = re.compile(r"\b(ecg|ekg|electrocardiogram|elektrokardiogramm)", re.IGNORECASE)
_OTHER = re.compile(r"\b(eeg|eog|emg|erg|meg|mcg|ep|resp\w*|airflow|flow|sao2|spo2|pulse|temp\w*|pos\w*|body|thor\w*|abdo\w*|"
                    r"chin|leg|arm|snore\w*|sound|light|event\w*|status|trigger|marker|accel\w*|acc|gyro\w*|mag|dc\d*|cpap|co2|press\w*|fp[12z]|"
                    r"c[3-6z]|o[12z]|p[3-8z]|f[3-8z]|t[3-8]|a[12]|m[12]|loc|roc|hr|rr|plethysm\w*|batt\w*)\b", re.IGNORECASE)
_BAND = re.compile(r"(HP|LP|N):\s*([\d.]+)\s*k?Hz", re.IGNORECASE)
_MOST_CLOCK_S = Fraction(400 * 86400)


@dataclass(frozen=True, eq=False)
class EdfFile:
    """An EDF file whose header and annotations have been read. records: whole data records that are there."""

    path: Path
    header: EdfHeader
    records: int
    notes: EdfNotes

    @property
    def start(self) -> Fraction:
        """When the first sample was taken, in seconds of the file's clock: below a second for EDF+C."""
        return self.notes.starts[0] if self.notes.starts else Fraction(0)


def open_edf(path: Path) -> tuple[EdfFile, list[Doubt]]:
    header = read_edf_header(path)
    if header.record_size == 0:
        raise GraticuleError("The EDF file holds no samples.")
    there = (path.stat().st_size - header.size) // header.record_size
    doubts = []
    if header.records is None:
        doubts.append(Doubt("length", "The recorder did not write how long the recording is; what the file holds is shown."))
    elif there < header.records:
        raise GraticuleError(f"The file is cut short: {there} of the {header.records} blocks that its header promises.",
                             "Copy the file again.")
    records = there if header.records is None else header.records
    if records == 0:
        raise GraticuleError("The EDF file holds no samples.")
    return EdfFile(path, header, records, read_notes(path, header, records)), doubts


def read_edf(path: Path, stated: Stated) -> Recording:
    """The ECG of the file; GraticuleError when it holds none."""
    file, doubts = open_edf(path)
    chosen, others = ecg_signals(file.header)
    if not chosen:
        named = listed([signal.label or "without a name" for signal in others[:6]]) if others else ""
        raise GraticuleError(f"There is no ECG among the signals of this file{f': {named}' if named else ''}.")
    if file.header.seconds <= 0:
        raise GraticuleError("The EDF file does not say how fast it was sampled.", "Ask for the file again.")
    if others:
        doubts.append(Doubt("left-out", f"The file also holds {len(others)} signals that are no ECG ({listed(_labels(others))}). "
                                        "They are not shown."))
    gaps, total = _gaps(file)
    if gaps:
        doubts.append(Doubt("pauses", f"The recording pauses {gaps} times, for {float(total):.1f} s in all; "
                                      "the pauses stay on the clock."))
    channels = [_channel(file, signal) for signal in chosen]
    leads, rate, ticks, about = on_one_clock(channels, stated)
    filters, differ = _filters(chosen)
    if differ:
        doubts.append(Doubt("filters", "The leads were filtered differently; the caption shows the filter of the first."))
    facts = {"age": file.header.age, "sex": file.header.sex}
    return Recording(leads, rate, ticks, filters, False, (*doubts, *about), facts)


def ecg_signals(header: EdfHeader) -> tuple[list[EdfSignal], list[EdfSignal]]:
    """(the ECG leads, every other signal). By label first; where no label says ECG, every voltage that is not named otherwise."""
    signals = [signal for signal in header.signals if not signal.is_annotations and signal.samples]
    electric = [signal for signal in signals if not signal.unit or millivolts(signal.unit) is not None]
    labelled = [signal for signal in electric if _ECG.search(signal.label)]
    standard = [signal for signal in electric if is_known(signal.label) and not _OTHER.search(signal.label)]
    chosen = [s for s in electric if s in labelled or s in standard] or [s for s in electric if not _OTHER.search(s.label)]
    return chosen, [signal for signal in signals if signal not in chosen]


def _labels(signals: Sequence[EdfSignal]) -> list[str]:
    return [signal.label or "no name" for signal in signals[:6]] + (["…"] if len(signals) > 6 else [])


def _channel(file: EdfFile, signal: EdfSignal) -> Channel:
    rate = signal.samples / file.header.seconds
    gain, baseline = _scale(signal)
    digital = _samples(file, signal)
    name = _ECG.sub("", signal.label).strip(" :-_") if is_known(_ECG.sub("", signal.label).strip(" :-_")) else signal.label
    runs = _runs(file, rate)
    if len(runs) == 1:
        return Channel(name or "ECG", digital, rate, gain, baseline, signal.unit)
    return Channel(name or "ECG", _with_gaps(digital, runs, signal.samples), rate, gain, baseline, signal.unit, _NONE)


_NONE = int(np.iinfo(np.int32).min)


def _with_gaps(digital: Array | StoredSamples, runs: list[tuple[int, int, int]], per_record: int) -> Array | StoredSamples:
    """The records at their times; runs: (first record, end, first sample on the clock)."""
    pieces = [(at, digital[first * per_record: end * per_record] if not isinstance(digital, StoredSamples) else
               _part(digital, first * per_record, end * per_record)) for first, end, at in runs]
    size = runs[-1][2] + (runs[-1][1] - runs[-1][0]) * per_record
    whole = laid(size, np.dtype(np.int32), _NONE, pieces)
    return settled(whole)


def _part(digital: StoredSamples, first: int, end: int) -> StoredSamples:
    return StoredSamples(end - first, digital.dtype, lambda a, b: digital[first + a: first + b])


def _runs(file: EdfFile, rate: Fraction) -> list[tuple[int, int, int]]:
    """Stretches of records without a gap: (first record, end, the sample of this signal at which it begins)."""
    starts, seconds = file.notes.starts, file.header.seconds
    if file.header.plus != "D" or not starts:
        return [(0, file.records, 0)]
    runs, first = [], 0
    for number in range(1, file.records + 1):
        if number == file.records or abs(starts[number] - starts[number - 1] - seconds) * rate >= Fraction(1, 2):
            runs.append((first, number, round((starts[first] - starts[0]) * rate)))
            first = number
    return runs


def _gaps(file: EdfFile) -> tuple[int, Fraction]:
    """(how many, seconds). GraticuleError when records overlap or lie absurdly far apart."""
    starts, seconds = file.notes.starts, file.header.seconds
    if file.header.plus != "D" or len(starts) < 2:
        return 0, Fraction(0)
    pauses = [b - a - seconds for a, b in pairwise(starts)]
    if min(pauses) < -seconds / 1000 or starts[-1] - starts[0] > _MOST_CLOCK_S:
        raise GraticuleError("The blocks of this EDF+ file overlap in time or lie too far apart to be one recording.")
    real = [pause for pause in pauses if pause > seconds / 1000]
    return len(real), sum(real, Fraction(0))


def _scale(signal: EdfSignal) -> tuple[float | None, float]:
    """(steps per unit, step of zero); None when the limits make no scale or the signal has no unit."""
    (low, high), (first, last) = signal.physical, signal.digital
    if low is None or high is None or first is None or last is None or low == high or first == last or not signal.unit:
        return None, 0.0
    gain = Fraction(last - first) / (high - low)
    return float(gain), float(first - low * gain)


def _samples(file: EdfFile, signal: EdfSignal) -> Array | StoredSamples:
    size, width = file.header.record_size, file.header.width

    def read(first: int, last: int) -> Array:
        """Only this signal's bytes of each record are looked at; the records between are read, as disks like it."""
        data = np.frombuffer(bytes_of(file.path, file.header.size + first * size, file.header.size + last * size), np.uint8)
        part = np.ascontiguousarray(data.reshape(-1, size)[:, signal.at: signal.at + signal.samples * width])
        if width == 2:
            return part.view("<i2").astype(np.int16)
        packed = part.reshape(part.shape[0], -1, 3).astype(np.int32)
        values: Array = (packed[..., 0] << 8 | packed[..., 1] << 16 | packed[..., 2] << 24) >> 8
        return values

    return Frames(file.records, signal.samples, read).column(0, signal.samples, np.int16 if width == 2 else np.int32)


def _filters(signals: Sequence[EdfSignal]) -> tuple[str, bool]:
    texts = [_filter_text(signal.filters) for signal in signals]
    return texts[0], len({*texts}) > 1


def _filter_text(text: str) -> str:
    """"HP:0.05Hz LP:150Hz N:50Hz" as the caption says it; "" when it is written otherwise."""
    found = {kind.upper(): value for kind, value in _BAND.findall(text)}
    low, high, notch = found.get("HP", ""), found.get("LP", ""), found.get("N", "")
    band = f"{low}–{high} Hz" if low and high else f"from {low} Hz" if low else f"up to {high} Hz" if high else ""
    return ", ".join(part for part in (band, f"notch {notch} Hz" if notch else "") if part)
