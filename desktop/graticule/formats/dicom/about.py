"""What the list, the protocol and hanging may know of a header, none of it a name: opaque keys, coded words, age and sex.

History and indication are free text, which may hold anything: they stand under `context`, which only a protocol shows, and
never in a title. Sources: PS3.3 C.7.1 (patient), C.7.2 (study), C.7.3 (series), C.8.3 and C.8.7 (views).
"""

import hashlib
from datetime import date
from functools import lru_cache
from typing import Any

from graticule.formats.titles import safe_words

About = tuple[tuple[str, str], ...]

_CONTEXT = {"history": ("AdditionalPatientHistory",),
            "indication": ("ReasonForStudy", "ReasonForTheRequestedProcedure", "ReasonForVisit", "AdmittingDiagnosesDescription")}
_SEX = {"M": "male", "F": "female", "O": "other"}
_AGE = {"D": "day", "W": "week", "M": "month", "Y": "year"}
_VIEWS = {"AP", "PA", "LL", "RL", "LAT", "RLD", "LLD", "RLO", "LLO", "CC", "MLO", "ML", "LM", "LMO", "XCCL", "XCCM", "FB", "SIO"}
# The study's own date first: only that is the same for all its series, and the others are often of a later reconstruction,
# or forgotten by a shift of dates. A wrong one could hide a true prior.
_WHEN = (("StudyDate", "StudyTime"), ("SeriesDate", "SeriesTime"), ("AcquisitionDate", "AcquisitionTime"),
         ("ContentDate", "ContentTime"))
_SKIN = ("DMS", "XC")
_ASKED = ("IssuerOfPatientID", "PatientID", "StudyInstanceUID", "ImageLaterality", "Laterality", "ViewPosition",
          "BodyPartExamined", "Modality", "PatientAge", "PatientBirthDate", "PatientSex", "StudyDate", "SeriesDate",
          "TrackingUID", "TrackingID",
          *(keyword for keywords in _CONTEXT.values() for keyword in keywords))
_DERMOSCOPIC = "1.2.840.10008.5.1.4.1.1.77.1.7"
_LONGEST_TEXT = 2000


def about(data: Any, sop_class: str) -> About:
    """(name, text) pairs of a header; what it does not say is absent. Names of `context` begin with "context."."""
    said = _said(tuple([_text(data, keyword) for keyword in _ASKED]), sop_class)
    taken = _taken(data)
    return _one_object((*said, ("taken", taken)) if taken else said)


@lru_cache(maxsize=4096)
def _said(texts: tuple[str, ...], sop_class: str) -> About:
    """What all images of a series say alike, worked out once."""
    data = dict(zip(_ASKED, texts))
    found = {
        "patient": opaque("p-", data["IssuerOfPatientID"], data["PatientID"]) if data["PatientID"] else "",
        "study": opaque("s-", data["StudyInstanceUID"]) if data["StudyInstanceUID"] else "",
        "laterality": _laterality(data), "view": _view(data), "body_part": safe_words(data["BodyPartExamined"], ()),
        "acquisition": _acquisition(data, sop_class), "lesion": _lesion(data),
        "context.age": _age(data), "context.sex": _SEX.get(data["PatientSex"].upper(), ""),
    }
    for name, keywords in _CONTEXT.items():
        found[f"context.{name}"] = next((data[keyword] for keyword in keywords if data[keyword]), "")[:_LONGEST_TEXT]
    return tuple((name, text) for name, text in found.items() if text)


def about_facts(pairs: About) -> dict[str, Any]:
    """As a case's facts have it: `context` is an object of its own."""
    facts: dict[str, Any] = {name: text for name, text in pairs if "." not in name}
    context = {name.partition(".")[2]: text for name, text in pairs if "." in name}
    return facts | ({"context": context} if context else {})


@lru_cache(maxsize=4096)
def opaque(prefix: str, *parts: str) -> str:
    """A key that tells patients or studies apart without naming them."""
    return prefix + hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


@lru_cache(maxsize=4096)
def _one_object(pairs: About) -> About:
    """The same object for equal pairs: a hundred thousand slices of a patient hold them once."""
    return pairs


def _text(data: Any, keyword: str) -> str:
    value = data.get(keyword)
    return "" if value is None else str(value).replace("\x00", "").strip()


def _taken(data: Any) -> str:
    """ISO date, with time where there is one: of the study, else of the series, the acquisition, the content."""
    whole = _text(data, "AcquisitionDateTime")
    moments = [(_text(data, day), _text(data, time)) for day, time in _WHEN]
    moments += [(whole[:8], whole[8:])] if len(whole) >= 8 else []
    return next((iso for day, time in moments if (iso := _iso(day, time))), "")


@lru_cache(maxsize=4096)
def _iso(day: str, time: str) -> str:
    day, clock = day.replace(".", ""), time.replace(":", "")[:6]
    if _date(day) is None:
        return ""
    stamp = f"{day[:4]}-{day[4:6]}-{day[6:8]}"
    whole = len(clock) >= 4 and clock.isdigit()
    return f"{stamp}T{clock[:2]}:{clock[2:4]}:{clock[4:6] or '00'}" if whole else stamp


def _date(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


def _age(data: Any) -> str:
    """"45 years" from the age the file states, else from the date of birth and the day it was taken."""
    said = _text(data, "PatientAge").upper()
    if said[:-1].isdigit() and said[-1:] in _AGE:
        return _counted(int(said[:-1]), _AGE[said[-1]])
    born = _date(_text(data, "PatientBirthDate"))
    taken = _date(_text(data, "StudyDate") or _text(data, "SeriesDate"))
    if born is None or taken is None or taken < born:
        return ""
    years = taken.year - born.year - ((taken.month, taken.day) < (born.month, born.day))
    months = (taken.year - born.year) * 12 + taken.month - born.month - (taken.day < born.day)
    if years >= 2:
        return _counted(years, "year")
    return _counted(months, "month") or _counted((taken - born).days, "day")


def _counted(count: int, unit: str) -> str:
    """"" for none at all, which de-identification writes where the age was."""
    if count == 0:
        return ""
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def _laterality(data: Any) -> str:
    said = (_text(data, "ImageLaterality") or _text(data, "Laterality")).upper()
    return said if said in ("L", "R", "B") else ""


def _view(data: Any) -> str:
    """View Position, a coded word; anything else is somebody's text and stays out."""
    said = _text(data, "ViewPosition").upper()
    return said if said in _VIEWS else ""


def _acquisition(data: Any, sop_class: str) -> str:
    """How a photograph of skin was taken."""
    modality = _text(data, "Modality")
    if modality == "DMS" or sop_class == _DERMOSCOPIC:
        return "dermoscopic"
    return "clinical" if modality == "XC" else ""


def _lesion(data: Any) -> str:
    """The key that pictures of one lesion share: Tracking UID, else Tracking ID, which is unique within a patient only."""
    if _text(data, "Modality") not in _SKIN:
        return ""
    tracked, name = _text(data, "TrackingUID"), _text(data, "TrackingID")
    if tracked:
        return opaque("l-", tracked)
    return opaque("l-", _text(data, "IssuerOfPatientID"), _text(data, "PatientID"), name) if name else ""
