"""The multiplex groups of a DICOM waveform: which are the recorded rhythm, and their channels as leads on one clock.

DICOM PS3.3 C.10.9 (Waveform Module). Positions inside DICOM annotations are 1-based; nothing here is, samples are counted from 0.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.recording import Lead
from graticule.domain.volume import Doubt
from graticule.formats.ecg.channels import clock, name_doubts, uncalibrated
from graticule.formats.ecg.header import UNCALIBRATED
from graticule.formats.ecg.leads import by_code, distinct, spelled

_TYPES = {("SB", 8): "i1", ("UB", 8): "u1", ("SS", 16): "i2", ("US", 16): "u2", ("SL", 32): "i4", ("UL", 32): "u4",
          ("SV", 64): "i8", ("UV", 64): "u8"}
# Three bytes a sample, which the standard allows and no library unpacks: whether they are signed.
_PACKED = {("SS", 24): True, ("SL", 24): True, ("US", 24): False, ("UL", 24): False}
# Groups recorded one after the other may have pauses between them; a damaged offset must not ask for hours of nothing.
MOST_SPREAD = 20
_PER_MILLIVOLT = {"mV": 1.0, "uV": 1e-3, "µV": 1e-3, "nV": 1e-6, "V": 1e3}


@dataclass(frozen=True, eq=False)
class MultiplexGroup:
    """One group. item: its DICOM dataset. offset_ms: its start on the record's clock."""

    item: Any
    rate: Fraction
    samples: int
    original: bool
    label: str
    offset_ms: Fraction

    @classmethod
    def of(cls, item: Any) -> "MultiplexGroup":
        rate = Fraction(str(item.SamplingFrequency))
        samples = int(item.NumberOfWaveformSamples)
        if rate <= 0 or samples <= 0:
            raise GraticuleError("A group of channels in this file has no samples or no sampling rate.")
        return cls(item, rate, samples, str(item.get("WaveformOriginality", "")).strip().upper() == "ORIGINAL",
                   str(item.get("MultiplexGroupLabel", "")).strip(), Fraction(str(item.get("MultiplexGroupTimeOffset") or 0)))

    @property
    def seconds(self) -> float:
        return float(self.samples / self.rate)

    @property
    def name(self) -> str:
        return f"“{self.label}”" if self.label else "without a label"


def rhythm(groups: list[MultiplexGroup]) -> tuple[list[MultiplexGroup], list[Doubt]]:
    """(the groups that hold what was recorded, doubts): averaged beats and other derived groups are named, never mixed in."""
    chosen = [group for group in groups if group.original] or [max(groups, key=lambda group: group.seconds)]
    doubts = []
    if not chosen[0].original:
        doubts.append(Doubt("derived", f"The file holds no original recording; the longest group, {chosen[0].name}, is shown."))
    for group in groups:
        if group not in chosen:
            what = f"{int(group.item.NumberOfWaveformChannels)} channels of {group.seconds:.1f} s"
            doubts.append(Doubt("left-out", f"The file also holds {group.name}: {what} that the machine derived "
                                            "(such as an averaged beat). They are not shown."))
    return chosen, doubts


def leads_on_clock(groups: list[MultiplexGroup], big_endian: bool, doubts: list[Doubt]) -> tuple[tuple[Lead, ...], Fraction, int]:
    """(leads, ticks a second, ticks): groups that begin later or end earlier are filled with "no signal"."""
    rate, starts, steps = places(groups)
    widest = int(np.lcm.reduce(steps))
    ticks = max(start + group.samples * step for start, group, step in zip(starts, groups, steps, strict=True))
    if ticks > MOST_SPREAD * sum(group.samples * step for group, step in zip(groups, steps, strict=True)):
        raise GraticuleError("The file places its groups of leads too far apart in time to be one recording.")
    ticks = -(-ticks // widest) * widest
    leads = [_on_clock(lead, start, step, ticks) for start, group, step in zip(starts, groups, steps, strict=True)
             for lead in _channels(group, big_endian, doubts)]
    if len({*starts}) > 1:
        doubts.append(Doubt("sequential", "Groups of leads were recorded one after the other, not at the same time."))
    names = distinct(lead.name for lead in leads)
    return tuple(replace(lead, name=name) for name, lead in zip(names, leads, strict=True)), rate, ticks


def places(groups: list[MultiplexGroup]) -> tuple[Fraction, list[int], list[int]]:
    """(ticks a second, the tick at which each group begins, ticks a sample of each group)"""
    rate = clock([group.rate for group in groups])
    first = min(group.offset_ms for group in groups)
    starts = [round((group.offset_ms - first) * rate / 1000) for group in groups]
    return rate, starts, [int(rate / group.rate) for group in groups]


def _on_clock(lead: Lead, start: int, step: int, ticks: int) -> Lead:
    before, total = start // step, ticks // step
    if before == 0 and lead.digital.size == total:
        return replace(lead, step=step)
    invalid, digital = lead.invalid, lead.digital
    if invalid is None:
        digital = digital.astype(np.int64 if digital.dtype.itemsize > 4 or digital.dtype == np.uint32 else np.int32)
        invalid = int(np.iinfo(digital.dtype).min)
    after = max(0, total - before - digital.size)
    digital = np.pad(digital, (before, after), constant_values=invalid)[:total]
    return replace(lead, digital=digital, step=step, invalid=invalid)


def _channels(group: MultiplexGroup, big_endian: bool, doubts: list[Doubt]) -> list[Lead]:
    item = group.item
    definitions = list(item.ChannelDefinitionSequence)
    table = _samples(group, len(definitions), big_endian)
    invalid = _padding(item, table.dtype)
    leads = [_lead(definition, np.ascontiguousarray(table[:, number]), invalid, number)
             for number, definition in enumerate(definitions)]
    skewed = [lead.name for lead, d in zip(leads, definitions, strict=True)
              if float(d.get("ChannelSampleSkew") or 0) or float(d.get("ChannelTimeSkew") or 0)]
    if skewed:
        doubts.append(Doubt("skew", f"The file says that {', '.join(skewed)} were sampled slightly apart from the others; "
                                    "the traces are shown as stored."))
    loose = [lead.name for lead in leads if lead.unit == UNCALIBRATED]
    if loose:
        doubts.append(uncalibrated(loose))
    doubts += name_doubts([lead.name for lead in leads])
    inverted = [lead.name for lead in leads if lead.gain < 0]
    if inverted:
        doubts.append(Doubt("polarity", f"The file's scale turns {', '.join(inverted)} upside down; the traces follow it."))
    return [replace(lead, digital=_as_stored(lead, np.asarray(lead.digital), definition, item, doubts))
            for lead, definition in zip(leads, definitions, strict=True)]


def _as_stored(lead: Lead, digital: Array, definition: Any, item: Any, doubts: list[Doubt]) -> Array:
    """The samples with the sign of their stored bits: some recorders put 12 bits into 16 without carrying the sign over."""
    bits = int(definition.get("WaveformBitsStored") or item.WaveformBitsAllocated)
    seen = digital if lead.invalid is None else digital[digital != lead.invalid]
    if not 1 < bits < 8 * digital.dtype.itemsize or seen.size == 0 or digital.dtype.kind == "u":
        return digital
    half = 1 << (bits - 1)
    low, high = int(seen.min()), int(seen.max())
    if low >= 0 and half <= high < 2 * half:
        doubts.append(Doubt("sign", f"{lead.name}: the file stores {bits} bits without their sign; values from {half} on are "
                                    "taken as negative."))
        return np.where(digital >= half, digital - 2 * half, digital).astype(digital.dtype)
    if low < -half or high >= half:
        doubts.append(Doubt("bits", f"{lead.name} holds values beyond the {bits} bits that the file says it stores."))
    return digital


def _unpacked(data: bytes, signed: bool) -> Array:
    """Three bytes a sample, lowest first."""
    parts = np.frombuffer(data, np.uint8).reshape(-1, 3).astype(np.int32)
    values: Array = (parts[:, 0] << 8 | parts[:, 1] << 16 | parts[:, 2] << 24) >> 8
    return values if signed else values & 0xFFFFFF

def _samples(group: MultiplexGroup, channels: int, big_endian: bool) -> Array:
    """(samples, channels) integers as stored."""
    item = group.item
    kind = (str(item.WaveformSampleInterpretation), int(item.WaveformBitsAllocated))
    if kind in _PACKED and not big_endian:
        data = _whole(group, channels, bytes(item.WaveformData), 3)
        return _unpacked(data, _PACKED[kind]).reshape(group.samples, channels)
    if kind not in _TYPES:
        raise GraticuleError(f"The samples are stored as {kind[0]} in {kind[1]} bits, which no ECG uses and is not read.")
    dtype = np.dtype((">" if big_endian else "<") + _TYPES[kind])
    data = _whole(group, channels, bytes(item.WaveformData), dtype.itemsize)
    native = np.frombuffer(data, dtype).astype(dtype.newbyteorder("="))
    if native.dtype == np.uint64:
        if native.size and native.max() > np.iinfo(np.int64).max:
            raise GraticuleError("The samples of this file are larger than any ECG's.")
        native = native.astype(np.int64)
    return native.reshape(group.samples, channels)


def _whole(group: MultiplexGroup, channels: int, data: bytes, size: int) -> bytes:
    """The bytes of the samples. GraticuleError when they are fewer than promised."""
    needed = group.samples * channels * size
    if len(data) < needed:
        there = len(data) // (channels * size) / float(group.rate)
        raise GraticuleError(f"The file is cut short: {there:.1f} s of the {group.seconds:.1f} s that its header promises.",
                             "Copy it again.")
    return data[:needed]


def _padding(item: Any, dtype: np.dtype[Any]) -> int | None:
    value = item.get("WaveformPaddingValue")
    if value is None:
        return None
    if isinstance(value, bytes):
        return int(np.frombuffer(value[: dtype.itemsize], dtype)[0]) if len(value) >= dtype.itemsize else None
    return int(value)


def _lead(definition: Any, digital: Array, invalid: int | None, number: int) -> Lead:
    name, derived = _named(definition, number)
    units = definition.get("ChannelSensitivityUnitsSequence")
    unit = str(units[0].get("CodeValue", "")) if units else ""
    if definition.get("ChannelSensitivity") is None or not unit:
        return Lead(name, digital, 1.0, 0.0, 1, invalid, derived, UNCALIBRATED)
    factor = _PER_MILLIVOLT.get(unit)
    correction = definition.get("ChannelSensitivityCorrectionFactor")
    scale = float(definition.ChannelSensitivity) * (float(correction) if correction not in (None, "") else 1.0)
    offset = float(definition.get("ChannelBaseline") or 0)
    per_digit = scale * (factor or 1.0)
    if per_digit == 0 or not np.isfinite(per_digit):
        raise GraticuleError(f"The file gives lead {name} a sensitivity of zero.")
    return Lead(name, digital, 1.0 / per_digit, -offset / scale, 1, invalid, derived, "mV" if factor else unit)


def _named(definition: Any, number: int) -> tuple[str, bool]:
    source = definition.get("ChannelSourceSequence")
    if source:
        code = source[0]
        known = by_code(str(code.get("CodingSchemeDesignator", "")), str(code.get("CodeValue", "")))
        if known is not None:
            return known
        if code.get("CodeMeaning"):
            return spelled(str(code.CodeMeaning)), False
    label = str(definition.get("ChannelLabel", "")).strip()
    return (spelled(label) if label else f"Channel {number + 1}"), False
