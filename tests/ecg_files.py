# ruff: noqa: E501
"""Files of ECG formats, built byte by byte from their specifications, so that what is read can be compared with what was meant."""

import base64
import binascii
import struct
from dataclasses import dataclass, field

import numpy as np


def heart(samples: int, seed: int = 0, scale: int = 1000) -> np.ndarray:
    """(samples,) int64 that look a little like an ECG: spikes on a wandering line."""
    rng = np.random.default_rng(seed)
    line = np.cumsum(rng.integers(-3, 4, samples))
    line[:: max(1, samples // 7)] += scale
    return np.clip(line, -30000, 30000)


@dataclass
class EdfSignal:
    label: str
    digital: np.ndarray
    per_record: int
    unit: str = "uV"
    physical: tuple[str, str] = ("-3276.8", "3276.7")
    limits: tuple[int, int] = (-32768, 32767)
    filters: str = "HP:0.05Hz LP:150Hz"


@dataclass
class Edf:
    """seconds: of a record. kind: "" for plain EDF, "EDF+C", "BDF+D" …. tals: for each record the bytes of its annotations."""

    signals: list[EdfSignal]
    seconds: str = "1"
    kind: str = ""
    tals: list[bytes] = field(default_factory=list)
    records: int | None = None
    width: int = 2
    patient: bytes = b"X F 02-MAY-1951 M\xfcller"

    def bytes(self) -> bytes:
        count = len(self.tals) or self.signals[0].digital.size // self.signals[0].per_record
        size = max((len(tal) for tal in self.tals), default=0)
        size += -size % self.width
        columns = [(s.label, s.unit, *s.physical, *map(str, s.limits), s.filters, s.per_record) for s in self.signals]
        if self.tals:
            columns.append((f"{'BDF' if self.width == 3 else 'EDF'} Annotations", "", "-1", "1", "-32768", "32767", "", size // self.width))
        head = (b"\xffBIOSEMI" if self.width == 3 else b"0       ") + self.patient.ljust(80) + b" " * 80 + b"01.01.0101.01.01"
        head += str(256 * (len(columns) + 1)).ljust(8).encode() + self.kind.ljust(44).encode()
        head += str(count if self.records is None else self.records).ljust(8).encode() + self.seconds.ljust(8).encode()
        head += str(len(columns)).ljust(4).encode()
        for place, wide in ((0, 16), (None, 80), (1, 8), (2, 8), (3, 8), (4, 8), (5, 8), (6, 80), (7, 8), (None, 32)):
            head += b"".join((str(column[place]) if place is not None else "").encode("latin-1").ljust(wide) for column in columns)
        body = b""
        for n in range(count):
            for s in self.signals:
                part = s.digital[n * s.per_record: (n + 1) * s.per_record]
                body += b"".join(int(v).to_bytes(self.width, "little", signed=True) for v in part)
            body += self.tals[n].ljust(size, b"\0") if self.tals else b""
        return head + body


def tal(start: str, *events: tuple[str, str, str]) -> bytes:
    """The list of one record. events: (onset, duration or "", text)."""
    said = "".join(f"{onset}{chr(21) + long if long else ''}\x14{text}\x14\0" for onset, long, text in events)
    return f"{start}\x14\x14\0{said}".encode()


def ishne(leads: np.ndarray, rate: int = 250, codes: tuple[int, ...] = (6, 11, 12), nanovolts: tuple[int, ...] = (2500, 2500, 1000),
          promised: int | None = None, magic: bytes = b"ISHNE1.0", body: bytes | None = None) -> bytes:
    """leads: (samples, leads)."""
    count = leads.shape[1]
    pad = (-9,) * (12 - count)
    fixed = struct.pack("<iiii", 4, leads.shape[0] if promised is None else promised, 522, 526) + struct.pack("<h", 1)
    fixed += b"Given".ljust(40, b"\0") + b"Name".ljust(40, b"\0") + b"id".ljust(20, b"\0") + struct.pack("<hh", 2, 0)
    fixed += struct.pack("<12h", 1, 2, 1950, 3, 4, 2020, 3, 4, 2020, 10, 11, 12)
    fixed += struct.pack("<h", count) + struct.pack("<12h", *codes[:count], *pad)
    fixed += struct.pack("<12h", *(0,) * count, *pad) + struct.pack("<12h", *nanovolts[:count], *pad)
    fixed += struct.pack("<h", 0) + b"digital".ljust(40, b"\0") + struct.pack("<h", rate) + bytes(80 + 80 + 88)
    block = fixed + b"abcd"
    return magic + struct.pack("<H", binascii.crc_hqx(block, 0xFFFF)) + block + (leads.astype("<i2").tobytes() if body is None else body)


def ishne_beats(first: int, beats: list[tuple[str, int]]) -> bytes:
    return struct.pack("<I", first) + b"".join(struct.pack("<ccH", label.encode(), b"\0", since) for label, since in beats)


def huffman(values: np.ndarray) -> bytes:
    """The default table of SCP-ECG."""
    bits = ""
    for value in (int(v) for v in values):
        if value == 0:
            bits += "0"
        elif abs(value) <= 8:
            bits += "1" * abs(value) + "0" + ("1" if value < 0 else "0")
        elif -128 <= value < 128:
            bits += "1111111110" + f"{value & 0xFF:08b}"
        else:
            bits += "1111111111" + f"{value & 0xFFFF:016b}"
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big") if bits else b""


def differences(values: np.ndarray, order: int) -> np.ndarray:
    out = np.asarray(values, np.int64).copy()
    if order == 1:
        out[1:] = np.diff(values)
    elif order == 2:
        out[2:] = values[2:] - 2 * values[1:-1] + values[:-2]
    return out


def scp(sections: dict[int, bytes], protocol: int = 20) -> bytes:
    """A file of sections by number."""
    numbers = range(12)
    parts, at = {}, 7 + 16 + 10 * len(numbers)
    rows = struct.pack("<HII", 0, 16 + 10 * len(numbers), 7)
    for number in numbers[1:]:
        body = sections.get(number)
        if body is None:
            rows += struct.pack("<HII", number, 0, 0)
            continue
        parts[number] = _section(number, body + bytes(len(body) % 2), protocol)
        rows += struct.pack("<HII", number, len(parts[number]), at)
        at += len(parts[number])
    data = _section(0, rows, protocol, b"SCPECG") + b"".join(parts.values())
    whole = struct.pack("<I", len(data) + 6) + data
    return struct.pack("<H", binascii.crc_hqx(whole, 0xFFFF)) + whole


def _section(number: int, body: bytes, protocol: int, reserved: bytes = bytes(6)) -> bytes:
    rest = struct.pack("<HIBB", number, len(body) + 16, protocol, protocol) + reserved + body
    return struct.pack("<H", binascii.crc_hqx(rest, 0xFFFF)) + rest


def scp_leads(codes: list[int], samples: int, subtracted: bool = False) -> bytes:
    return bytes([len(codes), (1 if subtracted else 0) | 4 | len(codes) << 3]) + b"".join(
        struct.pack("<IIB", 1, samples, code) for code in codes)


def scp_signals(leads: list[bytes], nanovolts: int = 2500, microseconds: int = 2000, order: int = 0, bimodal: bool = False) -> bytes:
    return (struct.pack("<HHBB", nanovolts, microseconds, order, bimodal) + struct.pack(f"<{len(leads)}H", *map(len, leads))
            + b"".join(leads))


def muse(leads: dict[str, np.ndarray], rate: int = 500, scale: str = "4.88", declared: str = "ISO-8859-1", name: str = "Grün",
         median: bool = True) -> str:
    def lead(label: str, values: np.ndarray) -> str:
        data = values.astype("<i2").tobytes()
        return (f"<LeadData><LeadByteCountTotal>{len(data)}</LeadByteCountTotal><LeadTimeOffset>0</LeadTimeOffset>"
                f"<LeadSampleCountTotal>{values.size}</LeadSampleCountTotal><LeadAmplitudeUnitsPerBit>{scale}</LeadAmplitudeUnitsPerBit>"
                f"<LeadAmplitudeUnits>MICROVOLTS</LeadAmplitudeUnits><LeadID>{label}</LeadID><LeadSampleSize>2</LeadSampleSize>"
                f"<LeadDataCRC32>{binascii.crc32(data)}</LeadDataCRC32>"
                f"<WaveFormData>{base64.b64encode(data).decode()}</WaveFormData></LeadData>")

    kinds = (["Median"] if median else []) + ["Rhythm"]
    waves = "".join(f"<Waveform><WaveformType>{kind}</WaveformType><SampleBase>{rate}</SampleBase><SampleExponent>0</SampleExponent>"
                    f"<HighPassFilter>5</HighPassFilter><LowPassFilter>150</LowPassFilter>"
                    f"{''.join(lead(label, values[:50] if kind == 'Median' else values) for label, values in leads.items())}</Waveform>"
                    for kind in kinds)
    return (f'<?xml version="1.0" encoding="{declared}"?>\n<!DOCTYPE RestingECG SYSTEM "restecg.dtd">\n<RestingECG><PatientDemographics>'
            f"<PatientAge>93</PatientAge><Gender>FEMALE</Gender><PatientLastName>{name}</PatientLastName></PatientDemographics>"
            f"{waves}</RestingECG>")


def lzw(data: bytes, bits: int = 10) -> bytes:
    """Codes of ten bits, highest first, as Philips packs them."""
    table = {bytes([n]): n for n in range(256)}
    word, codes = b"", []
    for byte in data:
        longer = word + bytes([byte])
        if longer in table:
            word = longer
            continue
        codes.append(table[word])
        if len(table) <= (1 << bits) - 2:
            table[longer] = len(table)
        word = bytes([byte])
    codes += [table[word]] if word else []
    codes.append((1 << bits) - 1)
    text = "".join(f"{code:0{bits}b}" for code in codes)
    text += "0" * (-len(text) % 8)
    return int(text, 2).to_bytes(len(text) // 8, "big")


def xli(values: np.ndarray) -> bytes:
    """One lead: the first two samples, then second differences, high bytes before low bytes."""
    x = [int(v) for v in values]
    first = 2 * x[1] - x[0] - x[2]
    steps, last = [x[0], x[1]], first
    for n in range(2, len(x)):
        following = 2 * x[n] - x[n - 1] - x[n + 1] if n + 1 < len(x) else 0
        assert last == 2 * x[n - 1] - x[n - 2] - x[n]
        steps.append(following + 64)
        last = following
    words = np.array(steps, np.int64).astype(np.uint16)
    packed = lzw((words >> 8).astype(np.uint8).tobytes() + (words & 0xFF).astype(np.uint8).tobytes())
    return struct.pack("<iHh", len(packed), 0, first) + packed


def sierra(data: bytes, version: str = "1.03", rate: int = 500, milliseconds: int = 1000, attributes: str = 'compressmethod="XLI"') -> str:
    return (f'<?xml version="1.0" encoding="UTF-8"?><restingecgdata xmlns="http://www3.medical.philips.com"><documentinfo>'
            f"<documenttype>SierraECG</documenttype><documentversion>{version}</documentversion></documentinfo><dataacquisition>"
            f"<signalcharacteristics><samplingrate>{rate}</samplingrate><signalresolution>5</signalresolution>"
            f"<signalbandwidth>0.05-150</signalbandwidth><acquisitiontype>STD-12</acquisitiontype>"
            f"<numberchannelsallocated>12</numberchannelsallocated></signalcharacteristics></dataacquisition>"
            f'<waveforms><parsedwaveforms {attributes} dataencoding="Base64" durationperchannel="{milliseconds}">'
            f"{base64.b64encode(data).decode()}</parsedwaveforms></waveforms></restingecgdata>")
