"""What one element becomes. Source: PS3.15 E.3.1 (X, Z, D, U) and E.3.6 (modified dates); PS3.5 6.2 for what each VR may hold."""

import re
from collections.abc import Callable
from typing import Any

from graticule.formats.deidentify.dates import shifted_date, shifted_moment
from graticule.formats.deidentify.key import Patient, ProjectKey
from graticule.formats.deidentify.words import known_only

TEXT = frozenset({"LO", "SH", "LT", "ST", "UT", "UC"})
NUMBERS_AS_TEXT = frozenset({"DS", "IS"})
NUMBERS = frozenset({"US", "SS", "UL", "SL", "FL", "FD", "SV", "UV", "AT", "US or SS"})
BYTES = frozenset({"OB", "OW", "OF", "OD", "OL", "OV", "OB or OW", "US or OW", "US or SS or OW"})
IDENTIFIERS = ("ID", "Identifier", "Number")
REMOVED_WORD = "[removed]"

_STANDARD_UIDS = "1.2.840.10008."
_TIME = re.compile(r"\d{2}(:?\d{2}(:?\d{2}(\.\d{1,6})?)?)?")
_ZONE = re.compile(r"[+-]\d{4}")
_CODE = re.compile(r"[A-Z0-9_ ]{0,16}")
_UID = re.compile(r"[0-9.]{1,64}")
_OF_NUMBERS = re.compile(rb"[0-9+\-.eE \\\0]*")
_DUMMIES: dict[str, Any] = {"PN": "Removed", "AE": "REMOVED", "CS": "REMOVED", "UR": "http://removed.invalid", "AS": "000Y",
                            "DA": "19000101", "DT": "19000101000000", "TM": "000000", "DS": "0", "IS": "0", "AT": 0,
                            "UN": b"\0\0", "OB": b"\0\0", "OW": b"\0\0", "OF": bytes(4), "OL": bytes(4), "OD": bytes(8)}


def each(value: Any, change: Callable[[str], str]) -> Any:
    """The value with every one of its parts changed."""
    if value is None:
        return ""
    if isinstance(value, str | bytes) or not hasattr(value, "__iter__"):
        return change(_as_text(value))
    return [change(_as_text(part)) for part in value]


def mapped_uid(text: str, key: ProjectKey) -> str:
    """A UID of the standard itself stays (SOP classes, known frames of reference); "" stays ""."""
    text = text.strip(" \0")
    return text if not text or text.startswith(_STANDARD_UIDS) else key.uid(text)


def is_uid(text: str) -> bool:
    return _UID.fullmatch(text.strip(" \0")) is not None


def moved(vr: str, text: str, patient: Patient) -> str:
    """A date or date-time moved, a time kept; "" for what cannot be read as one."""
    if vr == "DA":
        return shifted_date(text, patient.days) or ""
    if vr == "DT":
        return shifted_moment(text, patient.days) or ""
    return text if _TIME.fullmatch(text.strip(" \0")) else ""


def kept_zone(text: str) -> str:
    return text if _ZONE.fullmatch(text.strip()) else ""


def coded(text: str) -> str:
    """A code string that is one; otherwise its known words."""
    return text if _CODE.fullmatch(text.strip(" \0")) else known_only(text).upper()[:16]


def holds_numbers(raw: bytes) -> bool:
    """Whether a DS or IS element holds nothing but numbers."""
    return _OF_NUMBERS.fullmatch(raw) is not None


def dummy(vr: str, keyword: str, value: Any, key: ProjectKey) -> Any:
    """A value that says nothing but keeps the object valid. Identifiers stay different from each other."""
    if vr in TEXT:
        if keyword.endswith(IDENTIFIERS):
            return each(value, lambda text: "X-" + key.word("identifier", keyword, text) if text.strip() else "")
        return "Removed"
    return _DUMMIES.get(vr, 0)


def _as_text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
