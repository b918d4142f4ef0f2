"""The samples of a recording as multiplex groups of a DICOM waveform (PS3.3 C.10.9): values as they are, with their scale."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from pydicom.dataset import Dataset
from pydicom.valuerep import format_number_as_ds

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.recording import Lead, Recording
from graticule.formats.export.dicom_object import concept, item, sequence
from graticule.formats.export.ecg_lead_codes import lead_code
from graticule.formats.export.ecg_places import Group, Places, groups_of

_WAVEFORMS = "1.2.840.10008.5.1.4.1.1.9."
GENERAL, AMBULATORY, GENERAL_32 = f"{_WAVEFORMS}1.2", f"{_WAVEFORMS}1.3", f"{_WAVEFORMS}1.4"
# Longer than this it is a walk, not a rest.
_AMBULATORY_S = 300
# By class: groups, channels in a group, samples a second (PS3.3 A.34.4, A.34.5, A.34.15).
_LIMITS = {GENERAL: (4, 24, 200, 1000), AMBULATORY: (1, 12, 50, 1000), GENERAL_32: (4, 24, 200, 1_000_000)}
_UNITS = {"mV": "millivolt", "uV": "microvolt", "V": "volt", "1": "no units"}
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Shape:
    """What the object is to be: its SOP class, bits a sample, and the leads of each group."""

    sop_class: str
    bits: int
    groups: tuple[tuple[int, tuple[int, ...]], ...]

    @property
    def missing(self) -> int:
        """What stands for "no signal"."""
        return -(1 << (self.bits - 1))


def shape_for(recording: Recording) -> Shape:
    """The class that allows this recording; GraticuleError when none does."""
    bits = 16 if all(_fits_16(lead) for lead in recording.leads) else 32
    wanted = [GENERAL_32] if bits == 32 else [GENERAL, AMBULATORY]
    if recording.duration_s > _AMBULATORY_S:
        wanted.reverse()
    for sop_class in wanted:
        most_groups, channels, slowest, fastest = _LIMITS[sop_class]
        groups = groups_of(recording, channels)
        rates = [recording.rate / step for step, _ in groups]
        if len(groups) <= most_groups and slowest <= min(rates) and max(rates) <= fastest:
            return Shape(sop_class, bits, tuple((step, tuple(numbers)) for step, numbers in groups))
    raise GraticuleError("DICOM has no kind of ECG for this number of leads at these sampling rates.",
                         "Export it as WFDB or EDF.")


def places_in(shape: Shape, recording: Recording) -> Places:
    leads = recording.leads
    return Places(tuple(Group(n, 0, step, leads[numbers[0]].digital.size, tuple(leads[k].name for k in numbers))
                        for n, (step, numbers) in enumerate(shape.groups, 1)), recording)


def group_item(recording: Recording, shape: Shape, number: int) -> Dataset:
    """A multiplex group without its samples. number: from 0."""
    step, numbers = shape.groups[number]
    leads = [recording.leads[k] for k in numbers]
    rate = recording.rate / step
    derived = all(lead.derived for lead in leads)
    made = item(WaveformOriginality="DERIVED" if derived else "ORIGINAL", NumberOfWaveformChannels=len(leads),
                NumberOfWaveformSamples=leads[0].digital.size, SamplingFrequency=decimal(rate),
                MultiplexGroupLabel="RHYTHM" if len(shape.groups) == 1 else f"GROUP {number + 1}",
                WaveformBitsAllocated=shape.bits, WaveformSampleInterpretation="SS" if shape.bits == 16 else "SL")
    made.ChannelDefinitionSequence = sequence(*(_channel(lead, shape.bits, recording.filters) for lead in leads))
    if any(lead.invalid is not None for lead in leads):
        made.add_new(0x5400100A, "OW", np.array([shape.missing], f"<i{shape.bits // 8}").tobytes())
    return made


def sample_blocks(recording: Recording, shape: Shape, number: int) -> Iterator[bytes]:
    """The samples of a group, channel by channel within a sample, in blocks."""
    leads = [recording.leads[k] for k in shape.groups[number][1]]
    size = leads[0].digital.size
    for first in range(0, size, _BLOCK):
        last = min(size, first + _BLOCK)
        table = np.empty((last - first, len(leads)), f"<i{shape.bits // 8}")
        for column, lead in enumerate(leads):
            part = np.asarray(lead.digital[first:last])
            table[:, column] = part if lead.invalid is None else np.where(part == lead.invalid, shape.missing, part)
        yield table.tobytes()


def _channel(lead: Lead, bits: int, filters: str) -> Dataset:
    unit = lead.unit if lead.unit in _UNITS else "1"
    scale = 1 / Fraction(repr(lead.gain))
    made = item(ChannelLabel=lead.name[:16], ChannelSampleSkew="0", WaveformBitsStored=bits)
    made.ChannelSourceSequence = concept(*lead_code(lead.name, lead.derived))
    made.ChannelSensitivity = decimal(scale)
    made.ChannelSensitivityUnitsSequence = concept(unit, "UCUM", _UNITS[unit])
    made.ChannelSensitivityCorrectionFactor = "1"
    made.ChannelBaseline = decimal(-Fraction(repr(float(lead.baseline))) * scale)
    for keyword, value in _band(filters).items():
        setattr(made, keyword, value)
    return made


def _band(filters: str) -> dict[str, str]:
    """The file's own words, "0.05–150 Hz, notch 50 Hz", as numbers; {} when they say no band."""
    band, _, notch = filters.partition("notch")
    low, dash, high = band.partition(" Hz")[0].partition("–")
    said = {"FilterLowFrequency": low.strip() if dash else "", "FilterHighFrequency": high.strip(),
            "NotchFilterFrequency": notch.partition("Hz")[0].strip()}
    return {keyword: value for keyword, value in said.items() if value.replace(".", "", 1).isdigit()}


def decimal(value: Fraction) -> str:
    """A DS of at most 16 characters: exactly the value where it has so few digits, else the nearest."""
    return str(format_number_as_ds(float(value)))


def _fits_16(lead: Lead) -> bool:
    """−32768 is kept for "no signal"."""
    return all(_within(part, lead.invalid) for part in blocks_of(lead))


def blocks_of(lead: Lead) -> Iterator[Array]:
    for first in range(0, lead.digital.size, _BLOCK):
        yield np.asarray(lead.digital[first: first + _BLOCK])


def _within(part: Array, invalid: int | None) -> bool:
    values = part if invalid is None else part[part != invalid]
    return values.size == 0 or bool(values.min() > -32768 and values.max() <= 32767)
