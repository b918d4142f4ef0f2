"""Dates moved by whole days, in each way in which files write them. Times of day stay as they are."""

import re
from datetime import date, timedelta

_DATE = re.compile(r"(\d{4})[.]?(\d{2})[.]?(\d{2})")
_MOMENT = re.compile(r"(\d{4})(\d{2})?(\d{2})?(\d{0,6}(?:\.\d{1,6})?)([+-]\d{4})?")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(T[\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


def earlier(day: date, days: int) -> date | None:
    """None before the first day that there is."""
    try:
        return day - timedelta(days=days)
    except OverflowError:
        return None


def shifted_date(text: str, days: int) -> str | None:
    """A DICOM date (PS3.5 DA, also its retired form with dots) → YYYYMMDD; None for anything else."""
    match = _DATE.fullmatch(text.strip(" \0"))
    day = _moved(match[1], match[2], match[3], days) if match else None
    return f"{day:%Y%m%d}".zfill(8) if day else None


def shifted_moment(text: str, days: int) -> str | None:
    """A DICOM or HL7 date-time (PS3.5 DT) of any precision; what it does not say stays unsaid. None for anything else."""
    match = _MOMENT.fullmatch(text.strip(" \0"))
    if match is None:
        return None
    day = _moved(match[1], match[2] or "01", match[3] or "01", days)
    if day is None:
        return None
    whole = f"{day.year:04}{day.month:02}{day.day:02}"
    said = 8 if match[3] else 6 if match[2] else 4
    return whole[:said] + (match[4] + (match[5] or "") if match[3] else "")


def shifted_iso(text: str, days: int) -> str | None:
    """YYYY-MM-DD, with or without a time."""
    match = _ISO.fullmatch(text.strip())
    day = _moved(match[1], match[2], match[3], days) if match else None
    return f"{day.year:04}-{day.month:02}-{day.day:02}" + (match[4] or "") if match and day else None


def shifted_parts(text: str, order: str, separator: str, days: int) -> str | None:
    """Day, month and year in any order, such as "dmy" with "/" (WFDB) or "mdy" with "-" (MUSE). Months may be English names."""
    words = text.strip().split(separator)
    if len(words) != 3:
        return None
    said = dict(zip(order, words))
    named = said["m"].upper() in _MONTHS
    month = str(_MONTHS.index(said["m"].upper()) + 1) if named else said["m"]
    if not (said["d"] + month + said["y"]).isascii() or not (said["d"] + month + said["y"]).isdigit() or len(said["y"]) != 4:
        return None
    day = _moved(said["y"], month, said["d"], days)
    if day is None:
        return None
    new = {"d": f"{day.day:02}", "m": _MONTHS[day.month - 1].title() if named else f"{day.month:02}", "y": f"{day.year:04}"}
    return separator.join(new[part] for part in order)


def _moved(year: str, month: str, day: str, days: int) -> date | None:
    try:
        return earlier(date(int(year), int(month), int(day)), days)
    except ValueError:
        return None
