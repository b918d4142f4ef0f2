"""The rhythm of an SCP-ECG file: Huffman codes, differences, the reference beat and the decimation between beats undone.

Decimation (EN 1064, bimodal compression): outside the protected zones one value stands for four samples, their mean; a line is
drawn through the middles of the groups. That is the one step that does not give back every sample, and it is said.
"""

import struct
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import gcd
from pathlib import Path

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.recording import Recording
from graticule.domain.volume import Doubt
from graticule.formats.ecg.channels import Channel, on_one_clock
from graticule.formats.ecg.leads import by_code
from graticule.formats.ecg.scp import Reference, ScpFile, ScpLead, damaged, leads_of, person_of, read_scp_file, reference_of
from graticule.formats.ecg.scp_huffman import Table, tables_of, unpacked
from graticule.formats.ecg.stated import Stated

_LEADS, _REFERENCE, _BEAT, _RHYTHM, _LONG = 3, 4, 5, 6, 12
_GROUP = 4


@dataclass(frozen=True, eq=False)
class _Coded:
    """Section 5 or 6. nanovolts: of a step. microseconds: between samples. order: of the differences."""

    nanovolts: int
    microseconds: int
    order: int
    bimodal: bool
    leads: list[bytes]

    @classmethod
    def of(cls, body: bytes, count: int) -> "_Coded":
        if len(body) < 6 + 2 * count:
            raise damaged()
        nanovolts, microseconds, order, flag = struct.unpack_from("<HHBB", body)
        sizes = struct.unpack_from(f"<{count}H", body, 6)
        if 6 + 2 * count + sum(sizes) > len(body) or order > 2 or microseconds == 0:
            raise damaged()
        ends = np.cumsum([6 + 2 * count, *sizes]).tolist()
        return cls(nanovolts, microseconds, order, bool(flag), [body[a:b] for a, b in pairwise(ends)])


def read_scp(path: Path, stated: Stated) -> Recording:
    """GraticuleError when a part of the file is missing or compressed in a way that is not understood."""
    file = read_scp_file(path)
    if _RHYTHM not in file.sections and _LONG in file.sections:
        raise GraticuleError("The file holds a long recording of SCP-ECG version 3, which is not read.",
                             "Export it as ISHNE or EDF.")
    if _LEADS not in file.sections or _RHYTHM not in file.sections:
        raise GraticuleError("The SCP-ECG file holds no rhythm recording.", "Ask for the file with its waveforms.")
    definitions, subtracted = leads_of(file.sections[_LEADS])
    coded = _Coded.of(file.sections[_RHYTHM], len(definitions))
    tables = tables_of(file.sections[2]) if 2 in file.sections else None
    bimodal = coded.bimodal and file.protocol < 30
    reference = reference_of(file.sections[_REFERENCE]) if _REFERENCE in file.sections else None
    if (bimodal or subtracted) and (reference is None or not reference.zones):
        raise GraticuleError("The file subtracts a reference beat but does not say where.", "Ask for the file again.")
    rows = [_rhythm(coded, n, lead, tables, reference if bimodal else None) for n, lead in enumerate(definitions)]
    nanovolts = coded.nanovolts
    if subtracted and reference is not None:
        rows, nanovolts = _with_beats(file, rows, definitions, coded, tables, reference)
    return _recording(file, definitions, rows, Fraction(1_000_000, coded.microseconds), nanovolts, bimodal, stated)


def _recording(file: ScpFile, definitions: list[ScpLead], rows: list[Array], rate: Fraction, nanovolts: int,
               bimodal: bool, stated: Stated) -> Recording:
    first = min(lead.first for lead in definitions)
    gain = 1e6 / nanovolts if nanovolts else None
    channels = [Channel(_name(lead.code, n), row, rate, gain, start=lead.first - first)
                for n, (lead, row) in enumerate(zip(definitions, rows, strict=True))]
    leads, clock, ticks, about = on_one_clock(channels, stated)
    doubts = [] if file.sound else [Doubt("checksum", "A checksum of the file does not fit: it was changed or is damaged.")]
    if _BEAT in file.sections:
        doubts.append(Doubt("left-out", "The file also holds the averaged beat that the machine derived. It is not shown."))
    if bimodal:
        doubts.append(Doubt("decimated", "The machine kept only every fourth sample between the QRS complexes; the line "
                                         "is interpolated there."))
    facts = person_of(file.sections.get(1, b""))
    filters = facts.pop("filters")
    return Recording(leads, clock, ticks, filters, False, (*doubts, *about), facts)


def _name(code: int, number: int) -> str:
    known = by_code("SCPECG", f"5.6.3-9-{code}")
    return known[0] if known is not None else f"Channel {number + 1}"


def _values(data: bytes, count: int, tables: list[Table] | None, order: int) -> Array:
    """(count,) int64 of one lead, with the differences summed up as 16-bit writers do."""
    if tables is not None:
        steps = unpacked(data, count, tables).astype(np.int64)
    elif 2 * count <= len(data):
        steps = np.frombuffer(data[: 2 * count], "<i2").astype(np.int64)
    else:
        raise damaged()
    if order == 1:
        steps = np.cumsum(steps)
    elif order == 2 and count > 2:
        slope = np.concatenate([[steps[1] - steps[0]], steps[2:]]).cumsum()
        steps = np.concatenate([[steps[0]], steps[0] + slope.cumsum()])
    return steps.astype(np.int16).astype(np.int64) if order else steps


def _rhythm(coded: _Coded, number: int, lead: ScpLead, tables: list[Table] | None, bimodal: Reference | None) -> Array:
    if bimodal is None:
        return _values(coded.leads[number], lead.count, tables, coded.order)
    if not bimodal.protected:
        raise GraticuleError("The file keeps only a part of its samples but does not say which.", "Ask for the file again.")
    return _spread(coded.leads[number], lead, tables, coded.order, bimodal)


def _spread(data: bytes, lead: ScpLead, tables: list[Table] | None, order: int, reference: Reference) -> Array:
    """Samples at full rate in the protected zones; between them each value stands for a group of four, the last for fewer."""
    zones = sorted((max(first, lead.first) - lead.first, min(last, lead.last) - lead.first + 1)
                   for first, last in reference.protected if first <= lead.last and last >= lead.first and first <= last)
    plan, at = [], 0
    for begin, end in zones:
        begin = max(begin, at)
        plan += [(at, begin, _GROUP)] if begin > at else []
        plan += [(begin, end, 1)] if end > begin else []
        at = max(at, end)
    plan += [(at, lead.count, _GROUP)] if at < lead.count else []
    kept = sum(-(-(end - begin) // size) for begin, end, size in plan)
    values = _values(data, kept, tables, order)
    places, used = np.empty(kept), 0
    for begin, end, size in plan:
        groups = np.arange(begin, end, size)
        places[used: used + groups.size] = (groups + np.minimum(groups + size, end) - 1) / 2
        used += groups.size
    return np.rint(np.interp(np.arange(lead.count), places, values)).astype(np.int64)


def _with_beats(file: ScpFile, rows: list[Array], definitions: list[ScpLead], coded: _Coded, tables: list[Table] | None,
                reference: Reference) -> tuple[list[Array], int]:
    """(the rows with the reference beat added back, nanovolts of a step): both are brought to a step they share."""
    if _BEAT not in file.sections:
        raise GraticuleError("The file subtracts a reference beat but does not hold it.", "Ask for the file again.")
    beat = _Coded.of(file.sections[_BEAT], len(definitions))
    if beat.microseconds != coded.microseconds or not beat.nanovolts or not coded.nanovolts:
        raise GraticuleError("The reference beat was sampled otherwise than the rhythm, which is not read.",
                             "Export the ECG uncompressed.")
    step, count = gcd(beat.nanovolts, coded.nanovolts), round(reference.milliseconds * 1000 / beat.microseconds)
    out = []
    for number, (lead, row) in enumerate(zip(definitions, rows, strict=True)):
        shape = _values(beat.leads[number], count, tables, beat.order) * (beat.nanovolts // step)
        whole = row * (coded.nanovolts // step)
        for zone in reference.zones:
            if zone.kind == 0:
                _add(whole, shape, zone.fiducial - reference.fiducial + 1, zone.first, zone.last, lead.first)
        out.append(whole)
    return out, step


def _add(whole: Array, shape: Array, beat_first: int, first: int, last: int, lead_first: int) -> None:
    """Add the part of the beat that lies in [first, last] (1-based, inclusive) of the record."""
    begin = max(first, beat_first, lead_first)
    end = min(last, beat_first + shape.size - 1, lead_first + whole.size - 1)
    if begin <= end:
        whole[begin - lead_first: end - lead_first + 1] += shape[begin - beat_first: end - beat_first + 1]
