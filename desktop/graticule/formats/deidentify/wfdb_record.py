"""A WFDB record: header, signal files and reference annotations under a new name. Grammar: header(5), annot(5)."""

import re
from pathlib import Path

from graticule.domain.errors import GraticuleError
from graticule.formats.deidentify.ages import capped_years
from graticule.formats.deidentify.dates import shifted_parts
from graticule.formats.deidentify.findings import CLEANED, IDENTITY, KEPT, REMOVED, REPLACED, SHIFTED, TEXT, TIMES
from graticule.formats.deidentify.key import Patient
from graticule.formats.deidentify.profile import DATES, PATIENT
from graticule.formats.deidentify.work import Copy, Span, Work
from graticule.formats.ecg import atr
from graticule.formats.volumes.detached import beside

_AGE = re.compile(r"\bage[^:\d]*:\s*(\d{1,3})\b", re.IGNORECASE)
_SEX = re.compile(r"\bsex[^:]*:\s*(male|female|m|f)\b", re.IGNORECASE)
_OLD_STYLE = re.compile(r"^#?\s*(\d{1,3})\s+([MF])\b")
_LEAD = re.compile(r"(?:[IVXMLR]{1,5}|a?V[RLF1-9]r?|av[rlf]|v[1-9xyz]|i{1,3}|[XYZ]|V[1-9]R?|ECG ?[1-9]?|MLI{1,3}|D[1-4]|CM[1-5])",
                   re.IGNORECASE)
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,5}")
_SYNTHETIC = "synthetic"
_NOTES = {"MISSB", "PSE", "M", "T", "P", "U", "TS", "AP", "VN", "PAUSE", "MA", "S", "C"}
_UNREADABLE = ("The header of the record cannot be read; it was left out.", "Copy the record again.")


def clean_record(header: Path, work: Work) -> list[Copy]:
    """Copies of the header and of all that lies beside it and belongs to it."""
    lines = _lines(header)
    stem = "ecg-" + work.stem(header)
    patient = work.patient("", header)
    body = [line for line in lines if line.strip() and not line.startswith("#")]
    if not body:
        raise GraticuleError(*_UNREADABLE)
    names: dict[str, str] = {}
    new = [_record_line(body[0], stem, patient, work)]
    for number, line in enumerate(body[1:], 1):
        new.append(_signal_line(line, number, stem, names, work))
    comments = _comments([line for line in lines if line.startswith("#")], work)
    text = "\n".join([*new, *comments]) + "\n"
    first = work.put(header, stem + ".hea", text.encode("ascii"))
    signals = {beside(header, old): name for old, name in names.items()}
    copies = [first, *(work.put(path, name, Span(path), beside=first) for path, name in signals.items())]
    marks = header.with_suffix(".atr")
    if marks.is_file():
        copies.append(clean_annotations(marks, stem + ".atr", first, work))
    return copies


def clean_annotations(path: Path, name: str, header: Copy, work: Work) -> Copy:
    """The marks without what somebody typed: rhythms and the known notes stay."""
    marks = atr.decode(path.read_bytes())
    kept = [mark if _telling(mark.aux) else _without_text(mark, work) for mark in marks.marks]
    return work.put(path, name, atr.encode(atr.Annotations(tuple(kept), marks.resolution)), beside=header)


def _lines(header: Path) -> list[str]:
    try:
        return header.read_bytes()[:1 << 20].decode("latin-1").replace("\r", "\n").split("\n")
    except OSError as error:
        raise GraticuleError(*_UNREADABLE) from error


def _record_line(line: str, stem: str, patient: Patient, work: Work) -> str:
    """name, signals, rate, samples, time, date (header(5)); the name is new, the date moves, the time of day stays."""
    words = line.split()
    if len(words) < 2 or "/" in words[0]:
        raise GraticuleError("A record of several segments: it was left out, as it cannot be de-identified yet.")
    work.findings.note(IDENTITY, "record name", REPLACED)
    numbers = [word for word in words[1:4] if re.fullmatch(r"[\d.e+/()\-]+", word)]
    if len(numbers) != len(words[1:4]):
        raise GraticuleError(*_UNREADABLE)
    new = [stem, *numbers]
    if len(words) > 4 and work.profile.keeps(DATES):
        time = words[4] if re.fullmatch(r"[\d:.]+", words[4]) else "0:0:0"
        day = _day(words[5], patient.days) if len(words) > 5 else None
        new += [time, day] if day else [time]
        work.findings.note(TIMES, "date of the record", SHIFTED)
    elif len(words) > 4:
        work.findings.note(TIMES, "date of the record", REMOVED)
    return " ".join(new)


def _day(text: str, days: int) -> str | None:
    return shifted_parts(text, "dmy", "/", days) or _slashed(shifted_parts(text, "dmy", "-", days))


def _slashed(text: str | None) -> str | None:
    """"12-May-2020", which some archives write, as header(5) wants it."""
    if text is None:
        return None
    day, month, year = text.split("-")
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{day}/{months.index(month) + 1:02}/{year}" if month in months else f"{day}/{month}/{year}"


def _signal_line(line: str, number: int, stem: str, names: dict[str, str], work: Work) -> str:
    words = line.split(None, 8)
    if words[0] not in names:
        suffix = Path(words[0]).suffix
        suffix = suffix if _SUFFIX.fullmatch(suffix) else ".dat"
        taken = f"{stem}{suffix.lower()}" in names.values()
        names[words[0]] = f"{stem}-{len(names) + 1}{suffix.lower()}" if taken else f"{stem}{suffix.lower()}"
    middle = [word if re.fullmatch(r"[\w.+\-()/:µμ]{1,40}", word) and _technical(word) else "0" for word in words[1:8]]
    new = [names[words[0]], *middle]
    if len(words) > 8:
        lead = words[8].strip()
        known = lead if _LEAD.fullmatch(lead) else f"lead {number}"
        work.findings.note(TEXT, "names of leads", KEPT if known == lead else CLEANED)
        new.append(known)
    return " ".join(new)


def _technical(word: str) -> bool:
    """A number, or a gain with its unit ("1000/mV", "200(0)/mV")."""
    return re.fullmatch(r"[-+]?[\d.+:x\-eE]+(\(-?\d+\))?(/[munµμ]?[A-Za-z%]{1,4})?", word) is not None


def _comments(lines: list[str], work: Work) -> list[str]:
    """Age and sex where the profile keeps them, and that a record is synthetic; nothing else."""
    text = "\n".join(line.lstrip("#") for line in lines)
    kept = ["# " + _SYNTHETIC] if _SYNTHETIC in text.lower() else []
    age, sex, old = _AGE.search(text), _SEX.search(text), _OLD_STYLE.match(lines[0]) if lines else None
    if work.profile.keeps(PATIENT):
        years = age[1] if age else old[1] if old else ""
        kept += [f"#Age: {capped_years(int(years)):g}"] if years else []
        said = sex[1] if sex else old[2] if old else ""
        kept += [f"#Sex: {'Male' if said.lower().startswith('m') else 'Female'}"] if said else []
        work.findings.note(IDENTITY, "age and sex", KEPT, len(kept))
    work.findings.note(TEXT, "comments", REMOVED, max(0, len(lines) - len(kept)))
    return kept


def _telling(text: str) -> bool:
    return not text or text in _NOTES or re.fullmatch(r"\([A-Z0-9]{1,6}", text) is not None


def _without_text(mark: atr.Mark, work: Work) -> atr.Mark:
    work.findings.note(TEXT, "notes in annotations", REMOVED)
    return atr.Mark(mark.sample, mark.symbol, mark.subtype, mark.channel, mark.number)
