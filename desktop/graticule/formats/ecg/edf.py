"""EDF, EDF+, BDF and BDF+: the header and the table of signals. Source: the EDF specification (1992) and EDF+ (2003)."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from graticule.domain.errors import GraticuleError
from graticule.formats.ecg.block_file import bytes_of

FIXED = 256
MOST_SIGNALS = 4096
_WIDTHS = (("label", 16), ("transducer", 80), ("unit", 8), ("physical_min", 8), ("physical_max", 8), ("digital_min", 8),
           ("digital_max", 8), ("filters", 80), ("samples", 8), ("reserved", 32))


@dataclass(frozen=True, slots=True)
class EdfSignal:
    """One signal. samples: in each data record. at: its first byte in it. The limits are None where they are no numbers."""

    label: str
    unit: str
    physical: tuple[Fraction | None, Fraction | None]
    digital: tuple[int | None, int | None]
    filters: str
    samples: int
    at: int

    @property
    def is_annotations(self) -> bool:
        return self.label in ("EDF Annotations", "BDF Annotations")


@dataclass(frozen=True, slots=True)
class EdfHeader:
    """records: how many there are, None when the header leaves it open (−1). seconds: length of one.

    width: bytes a sample. plus: "" for plain EDF, "C" or "D" (with gaps) for EDF+.
    """

    width: int
    size: int
    records: int | None
    seconds: Fraction
    plus: str
    age: str
    sex: str
    signals: tuple[EdfSignal, ...]

    @property
    def record_size(self) -> int:
        return sum(signal.samples for signal in self.signals) * self.width


def claims_edf(head: bytes) -> bool:
    """By the first bytes: a version field and sizes that are numbers."""
    if len(head) < FIXED or head[:8] not in (b"0       ", b"\xffBIOSEMI"):
        return False
    return head[184:192].strip().isdigit() and head[252:256].strip().isdigit()


def read_edf_header(path: Path) -> EdfHeader:
    """GraticuleError when it is none, or promises what no file can hold."""
    size = path.stat().st_size
    fixed = bytes_of(path, 0, min(FIXED, size))
    if not claims_edf(fixed):
        raise GraticuleError("The header of this EDF file is damaged.", "Copy the file again.")
    count, header_size = int(fixed[252:256]), int(fixed[184:192])
    if not 0 < count <= MOST_SIGNALS or header_size < FIXED * (count + 1) or header_size > size:
        raise GraticuleError("The header of this EDF file is cut short or damaged.", "Copy the file again.")
    records, seconds = _whole(fixed[236:244]), _decimal(fixed[244:252])
    if records is None or records < -1 or seconds is None or seconds < 0:
        raise GraticuleError("The EDF file does not say how long it is.", "Copy the file again.")
    width = 3 if fixed[0] == 0xFF else 2
    patient, reserved = fixed[8:88].decode("latin-1"), fixed[192:236].decode("latin-1").strip()
    plus = reserved[4:5] if reserved[:4] in ("EDF+", "BDF+") and reserved[4:5] in ("C", "D") else ""
    signals = _signals(bytes_of(path, FIXED, FIXED * (count + 1)), count, width)
    return EdfHeader(width, header_size, None if records == -1 else records, seconds, plus, *_person(patient, plus), signals)


def _signals(table: bytes, count: int, width: int) -> tuple[EdfSignal, ...]:
    fields: dict[str, list[bytes]] = {}
    at = 0
    for name, size in _WIDTHS:
        fields[name] = [table[at + n * size: at + (n + 1) * size] for n in range(count)]
        at += size * count
    signals, begins = [], 0
    for n in range(count):
        samples = _whole(fields["samples"][n])
        if samples is None or samples < 0:
            raise GraticuleError(f"The EDF file does not say how many samples signal {n + 1} has.", "Copy the file again.")
        limits = [_decimal(fields[name][n]) for name in ("physical_min", "physical_max")]
        steps = [_whole(fields[name][n]) for name in ("digital_min", "digital_max")]
        label, unit, filters = (_text(fields[name][n]) for name in ("label", "unit", "filters"))
        signals.append(EdfSignal(label, unit, (limits[0], limits[1]), (steps[0], steps[1]), filters, samples, begins))
        begins += samples * width
    return tuple(signals)


def _person(patient: str, plus: str) -> tuple[str, str]:
    """(age, sex): EDF+ writes "code sex birthdate name"; the age is not among them."""
    words = patient.split()
    return "", words[1] if plus and len(words) > 1 and words[1] in ("M", "F") else ""


def _text(field: bytes) -> str:
    return field.decode("latin-1").replace("\0", " ").strip()


def _whole(field: bytes) -> int | None:
    number = _decimal(field)
    return int(number) if number is not None and number.denominator == 1 else None


def _decimal(field: bytes) -> Fraction | None:
    text = _text(field).replace(",", ".")
    exponent = text.lower().partition("e")[2].lstrip("+-")
    try:
        return Fraction(text) if len(exponent) <= 2 else None
    except (ValueError, ZeroDivisionError):
        return None
