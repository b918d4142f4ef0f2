"""Answers of QIDO-RS and STOW-RS: the DICOM JSON model (PS3.18 annex F), as far as a search needs it."""

import json
from collections.abc import Mapping
from typing import Any

from graticule.domain.archive import FoundObject, FoundSeries, FoundStudy
from graticule.domain.errors import GraticuleError
from graticule.pacs.names import reading_order

NOT_DICOMWEB = ("Something other than a DICOMweb archive answered.",
                "Check the address: it ends before “/studies”, often in /dicom-web or /rs.")


def rows_of(content: bytes) -> list[Mapping[str, Any]]:
    """The objects of a JSON answer; GraticuleError when it is none."""
    try:
        rows = json.loads(content) if content.strip() else []
    except (ValueError, RecursionError) as fault:
        raise GraticuleError(*NOT_DICOMWEB) from fault
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise GraticuleError(*NOT_DICOMWEB)
    return rows


def study_of(row: Mapping[str, Any]) -> FoundStudy:
    return FoundStudy(text(row, "0020000D"), name(row, "00100010"), text(row, "00100020"), text(row, "00100030"),
                      text(row, "00100040"), text(row, "00080020"), text(row, "00080030"), text(row, "00081030"),
                      text(row, "00080050"), texts(row, "00080061"), number(row, "00201206"), number(row, "00201208"))


def series_of(study: str, row: Mapping[str, Any]) -> FoundSeries:
    return FoundSeries(study, text(row, "0020000E"), text(row, "00080060"), text(row, "00200011"), text(row, "0008103E"),
                       text(row, "00180015"), number(row, "00201209"))


def object_of(row: Mapping[str, Any]) -> FoundObject:
    return FoundObject(text(row, "00080018"), text(row, "00080016"))


def texts(row: Mapping[str, Any], tag: str) -> tuple[str, ...]:
    element = row.get(tag)
    values = element.get("Value") if isinstance(element, dict) else None
    return tuple(str(value).strip() for value in values if value is not None) if isinstance(values, list) else ()


def text(row: Mapping[str, Any], tag: str) -> str:
    return next(iter(texts(row, tag)), "")


def number(row: Mapping[str, Any], tag: str) -> int:
    """-1 when it is missing or no number."""
    told = text(row, tag)
    return int(told) if told.isascii() and told.isdigit() else -1


def name(row: Mapping[str, Any], tag: str) -> str:
    """A person name: alphabetic, and the ideographic or phonetic one in brackets when it is given."""
    element = row.get(tag)
    values = element.get("Value") if isinstance(element, dict) else None
    groups = values[0] if isinstance(values, list) and values else {}
    if not isinstance(groups, dict):
        return reading_order(str(groups))
    return reading_order("=".join(str(groups.get(group) or "") for group in ("Alphabetic", "Ideographic", "Phonetic")))


def reason_of(row: Mapping[str, Any], sequence: str) -> int | None:
    """The failure reason (0008,1197) of the first item of a sequence; None when there is no item, 0 when it gives none."""
    element = row.get(sequence)
    items = element.get("Value") if isinstance(element, dict) else None
    if not isinstance(items, list) or not items or not isinstance(items[0], dict):
        return None
    return max(0, number(items[0], "00081197"))
