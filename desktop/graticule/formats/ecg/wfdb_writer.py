"""Write a recording as a WFDB record: one signal file in format 16 (or 32 when a value needs it), digital values unchanged."""

import math
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.recording import Lead, Recording
from graticule.formats.ecg.samples import FORMATS

_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9_-]+")


def record_name(text: str) -> str:
    """A name that every WFDB program takes: letters, digits, "-" and "_"."""
    return _NOT_IN_A_NAME.sub("_", text).strip("_") or "record"


def write_record(recording: Recording, folder: Path, name: str, comments: Sequence[str] = ()) -> tuple[Path, Path]:
    """(header, signal file). "No signal" becomes the format's own invalid value; every other sample is stored as it is.

    Leads of lower rate take fewer samples per frame. GraticuleError when the leads do not share whole frames.
    """
    per_frame = _per_frame(recording)
    frames = recording.ticks // max(per_frame)
    kind = 16 if all(_fits_16(lead) for lead in recording.leads) else 32
    columns = [_stored(lead, kind) for lead in recording.leads]
    if any(column.size != frames * count for column, count in zip(columns, per_frame, strict=True)):
        raise GraticuleError("A lead is shorter than the record, so it cannot be written as WFDB.")
    table = np.concatenate([c.reshape(frames, n) for c, n in zip(columns, per_frame, strict=True)], axis=1)
    signal, header = folder / f"{name}.dat", folder / f"{name}.hea"
    signal.write_bytes(table.astype("<i2" if kind == 16 else "<i4").tobytes())
    lines = [f"{name} {len(columns)} {_rate(recording, max(per_frame))} {frames}"]
    lines += [_signal_line(signal.name, kind, lead, column, count)
              for lead, column, count in zip(recording.leads, columns, per_frame, strict=True)]
    comments = [*comments, "SYNTHETIC: computed, no heart made this."] if recording.synthetic else comments
    lines += [f"# {comment}" for comment in comments]
    header.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    return header, signal


def ticks_per_frame(recording: Recording) -> int:
    """Ticks in one frame of the written record: the least common multiple of the leads' steps."""
    return math.lcm(*(lead.step for lead in recording.leads))


def _per_frame(recording: Recording) -> list[int]:
    frame = ticks_per_frame(recording)
    if recording.ticks % frame:
        raise GraticuleError("The leads do not end together, so the record cannot be written as WFDB.")
    return [frame // lead.step for lead in recording.leads]


def _fits_16(lead: Lead) -> bool:
    """Format 16 keeps −32768 for "no signal"."""
    if lead.digital.size == 0:
        return True
    values = lead.digital if lead.invalid is None else lead.digital[lead.digital != lead.invalid]
    return values.size == 0 or bool(values.min() > FORMATS[16].invalid and values.max() <= 32767)


def _stored(lead: Lead, kind: int) -> Array:
    values: Array = np.asarray(lead.digital).astype(np.int64)
    if lead.invalid is not None:
        values = np.where(np.asarray(lead.digital) == lead.invalid, FORMATS[kind].invalid or 0, values)
    return values


def _rate(recording: Recording, ticks: int) -> str:
    rate = recording.rate / ticks
    return str(rate.numerator) if rate.denominator == 1 else repr(float(rate))


def _signal_line(file: str, kind: int, lead: Lead, column: Array, per_frame: int) -> str:
    layout = f"{kind}x{per_frame}" if per_frame > 1 else str(kind)
    unit = re.sub(r"\s+", "_", lead.unit) or "NU"
    checksum = (int(column.sum()) + 32768) % 65536 - 32768
    first = int(column[0]) if column.size else 0
    return f"{file} {layout} {lead.gain!r}({round(lead.baseline)})/{unit} {kind} 0 {first} {checksum} 0 {lead.name}"
