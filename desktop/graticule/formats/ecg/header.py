"""The WFDB header (.hea): what a record's signal files hold. Grammar: header(5) of the WFDB Applications Guide.

Dates, times and free comments are not kept: they may identify a patient, and comments often give the diagnosis away.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from pathlib import PurePosixPath, PureWindowsPath

from graticule.domain.errors import GraticuleError

DEFAULT_RATE = Fraction(250)
MOST_RATE, MOST_PER_FRAME = Fraction(10_000_000), 100_000
# A lead of unknown gain is shown in the steps of its converter: millivolts would be a guess.
UNCALIBRATED = "adu"

_FORMAT = re.compile(r"(?P<format>\d{1,9})(?:x(?P<per_frame>\d{1,9}))?(?::(?P<skew>\d{1,15}))?(?:\+(?P<offset>\d{1,15}))?$")
_GAIN = re.compile(r"(?P<gain>[-+]?(?:\d{1,18}\.?\d*|\.\d+)(?:[eE][-+]?\d{1,2})?)"
                   r"(?:\((?P<baseline>[-+]?\d+)\))?(?:/(?P<unit>\S+))?$")
_RATE = re.compile(r"(?P<rate>\d{1,12}(?:\.\d{0,15})?(?:[eE][-+]?\d)?)")
_PER_MILLIVOLT = {"mv": 1.0, "uv": 1e3, "µv": 1e3, "μv": 1e3, "nv": 1e6, "v": 1e-3}
_AGE = re.compile(r"\bage[^:\d]*:\s*(\d{1,3})\b", re.IGNORECASE)
_SEX = re.compile(r"\bsex[^:]*:\s*(male|female|m|f)\b", re.IGNORECASE)
_MITDB = re.compile(r"^\s*(\d{1,3})\s+([MF])\b")


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal line. gain: digits per `unit` (always mV for voltages); where the file gives none, 1 digit per "adu".

    initial: the value before the first sample, which only format 8 needs.
    """

    file: str
    format: int
    per_frame: int
    skew: int
    offset: int
    gain: float
    baseline: float
    unit: str
    calibrated: bool
    checksum: int | None
    name: str
    initial: int = 0


@dataclass(frozen=True, slots=True)
class Header:
    """rate: frames per second. frames: 0 when the header leaves it to the size of the files.

    segments: (name, frames) of the records this one is made of; "~" is a pause, a first one of 0 frames describes the leads.
    rate_given: False when the header says no rate and WFDB's own default stands for it.
    """

    record: str
    rate: Fraction
    frames: int
    signals: tuple[Signal, ...]
    age: str = ""
    sex: str = ""
    synthetic: bool = False
    segments: tuple[tuple[str, int], ...] = ()
    rate_given: bool = True

    @property
    def ticks_per_frame(self) -> int:
        """Ticks of the clock on which every lead has whole steps: that of the fastest lead where the rates divide one another."""
        return lcm(*(signal.per_frame for signal in self.signals))


def parse_header(text: str) -> Header:
    """The header of a record; GraticuleError says in a sentence why it cannot be one."""
    lines = [line.strip() for line in text.removeprefix("\ufeff").splitlines()]
    body = [line for line in lines if line and not line.startswith("#")]
    comments = [line.lstrip("# ") for line in lines if line.startswith("#")]
    if not body:
        raise GraticuleError("The header is empty.")
    record, parts, count, rate, frames = _record_line(body[0])
    promised = parts or count
    if len(body) < 1 + promised:
        raise GraticuleError(f"The header promises {promised} {'segments' if parts else 'leads'} but describes {len(body) - 1}.")
    segments = tuple(_segment_line(line, number) for number, line in enumerate(body[1:1 + parts]))
    signals = () if parts else tuple(_signal_line(line, number) for number, line in enumerate(body[1:1 + count]))
    age, sex = _person(comments)
    return Header(record, rate or DEFAULT_RATE, frames, signals, age, sex, any("SYNTHETIC" in line for line in comments),
                  segments, rate is not None)


def _record_line(line: str) -> tuple[str, int, int, Fraction | None, int]:
    """(name, segments, leads, frames a second, frames)"""
    fields = line.split()
    name, _, segments = fields[0].partition("/")
    if segments and not (segments.isdigit() and int(segments)):
        raise GraticuleError("This is not a WFDB header: its first line does not say how many segments there are.")
    if len(fields) < 2 or not fields[1].isdigit():
        raise GraticuleError("This is not a WFDB header: its first line does not say how many leads there are.")
    count = int(fields[1])
    if count == 0:
        raise GraticuleError("This record has no signals.")
    rate = _RATE.match(fields[2]) if len(fields) > 2 else None
    number = Fraction(rate["rate"]) if rate else None
    if number is not None and not 0 < number <= MOST_RATE:
        raise GraticuleError("The header gives no sampling rate that an ECG could have.")
    frames = int(fields[3]) if len(fields) > 3 and fields[3].isdigit() else 0
    return name.removesuffix(".mat"), int(segments or 0), count, number, frames


def _segment_line(line: str, number: int) -> tuple[str, int]:
    fields = line.split()
    if len(fields) < 2 or not fields[1].isdigit():
        raise GraticuleError(f"The header's line for segment {number + 1} cannot be understood.")
    return _bare(fields[0]), int(fields[1])


def _signal_line(line: str, number: int) -> Signal:
    fields = line.split(None, 8)
    kind = _FORMAT.match(fields[1]) if len(fields) > 1 else None
    if kind is None:
        raise GraticuleError(f"The header's line for lead {number + 1} cannot be understood.")
    gain = _GAIN.match(fields[2]) if len(fields) > 2 else None
    zero = _integer(fields, 4) or 0
    value = float(gain["gain"]) if gain else 0.0
    unit, scale = _unit((gain["unit"] if gain else None) or "mV")
    baseline = float(gain["baseline"]) if gain and gain["baseline"] is not None else float(zero)
    per_frame = int(kind["per_frame"] or 1)
    if not 0 < per_frame <= MOST_PER_FRAME:
        raise GraticuleError(f"The header gives lead {number + 1} {per_frame} samples per frame.")
    return Signal(file=_bare(fields[0]), format=int(kind["format"]), per_frame=per_frame,
                  skew=int(kind["skew"] or 0), offset=int(kind["offset"] or 0), gain=value * scale if value else 1.0,
                  baseline=baseline, unit=unit if value else UNCALIBRATED,
                  calibrated=value != 0.0, checksum=_integer(fields, 6),
                  name=(fields[8].strip() if len(fields) > 8 else "") or f"Signal {number + 1}", initial=_integer(fields, 5) or 0)


def _unit(unit: str) -> tuple[str, float]:
    """(unit, factor of the gain): voltages become mV, whatever the file counts in."""
    factor = _PER_MILLIVOLT.get(unit.lower())
    return ("mV", factor) if factor is not None else (unit, 1.0)


def _integer(fields: list[str], place: int) -> int | None:
    try:
        return int(fields[place])
    except (IndexError, ValueError):
        return None


def _bare(name: str) -> str:
    """A signal file lies beside its header, whatever path a header may try to point to."""
    return PureWindowsPath(PurePosixPath(name).name).name


def _person(comments: list[str]) -> tuple[str, str]:
    """Age and sex, when a comment states them in one of the usual ways; ages of 90 and more are not told apart."""
    age = sex = ""
    for line in comments:
        plain, stated, kind = _MITDB.match(line), _AGE.search(line), _SEX.search(line)
        age = age or (plain[1] if plain else stated[1] if stated else "")
        sex = sex or (plain[2] if plain else kind[1][0].upper() if kind else "")
    return ("90+" if age and int(age) >= 90 else age), sex
