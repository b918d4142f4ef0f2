"""What C-FIND asks and answers (PS3.4 §C.6.2, study root), character sets included."""

from collections.abc import Sequence

from pydicom.dataset import Dataset
from pydicom.valuerep import PersonName

from graticule.domain.archive import FoundObject, FoundSeries, FoundStudy, Search, Wanted
from graticule.pacs.names import name_key, reading_order

_STUDY_KEYS = ("StudyInstanceUID", "PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyDate", "StudyTime",
               "StudyDescription", "AccessionNumber", "ModalitiesInStudy", "NumberOfStudyRelatedSeries",
               "NumberOfStudyRelatedInstances")
_SERIES_KEYS = ("SeriesInstanceUID", "Modality", "SeriesNumber", "SeriesDescription", "BodyPartExamined",
                "NumberOfSeriesRelatedInstances")


def study_question(search: Search) -> Dataset:
    asked = _blank("STUDY", _STUDY_KEYS)
    asked.StudyInstanceUID, asked.PatientID, asked.AccessionNumber = search.study, search.patient_id, search.accession
    asked.PatientName, asked.ModalitiesInStudy = name_key(search.patient_name), search.modality
    asked.StudyDate = search.days.strip("-") and search.days
    _announce(asked, search.patient_name + search.patient_id + search.accession)
    return asked


def series_question(study: str) -> Dataset:
    asked = _blank("SERIES", _SERIES_KEYS)
    asked.StudyInstanceUID = study
    return asked


def object_question(wanted: Wanted) -> Dataset:
    asked = _blank("IMAGE", ("SOPInstanceUID", "SOPClassUID"))
    asked.StudyInstanceUID, asked.SeriesInstanceUID = wanted.study, wanted.series
    return asked


def retrieve_question(wanted: Wanted, objects: Sequence[str]) -> Dataset:
    """objects: () for the whole series."""
    asked = Dataset()
    asked.QueryRetrieveLevel = "IMAGE" if objects else "SERIES"
    asked.StudyInstanceUID, asked.SeriesInstanceUID = wanted.study, wanted.series
    if objects:
        asked.SOPInstanceUID = list(objects)
    return asked


def study_answer(row: Dataset) -> FoundStudy:
    modalities = tuple(part for part in _texts(row, "ModalitiesInStudy") if part)
    return FoundStudy(_text(row, "StudyInstanceUID"), _name(row), _text(row, "PatientID"), _text(row, "PatientBirthDate"),
                      _text(row, "PatientSex"), _text(row, "StudyDate"), _text(row, "StudyTime"), _text(row, "StudyDescription"),
                      _text(row, "AccessionNumber"), modalities, _number(row, "NumberOfStudyRelatedSeries"),
                      _number(row, "NumberOfStudyRelatedInstances"))


def series_answer(study: str, row: Dataset) -> FoundSeries:
    return FoundSeries(study, _text(row, "SeriesInstanceUID"), _text(row, "Modality"), _text(row, "SeriesNumber"),
                       _text(row, "SeriesDescription"), _text(row, "BodyPartExamined"),
                       _number(row, "NumberOfSeriesRelatedInstances"))


def object_answer(row: Dataset) -> FoundObject:
    return FoundObject(_text(row, "SOPInstanceUID"), _text(row, "SOPClassUID"))


def _blank(level: str, keys: Sequence[str]) -> Dataset:
    asked = Dataset()
    asked.QueryRetrieveLevel = level
    for key in keys:
        setattr(asked, key, "")
    return asked


def _announce(asked: Dataset, typed: str) -> None:
    """The character set of the question, only when it is needed: some archives answer in the one they are asked in."""
    if typed.isascii():
        return
    try:
        typed.encode("latin-1")
        asked.SpecificCharacterSet = "ISO_IR 100"  # the one that nearly every archive of western Europe knows
    except UnicodeEncodeError:
        asked.SpecificCharacterSet = "ISO_IR 192"


def _texts(row: Dataset, key: str) -> list[str]:
    value = row.get(key)
    if value is None:
        return []
    many = value if isinstance(value, (list, tuple)) or hasattr(value, "append") else [value]
    return [str(one).strip() for one in many]


def _text(row: Dataset, key: str) -> str:
    return next(iter(_texts(row, key)), "")


def _number(row: Dataset, key: str) -> int:
    told = _text(row, key)
    return int(told) if told.isascii() and told.isdigit() else -1


def _name(row: Dataset) -> str:
    value = row.get("PatientName")
    return reading_order(str(value)) if isinstance(value, PersonName | str) else ""
