"""A DICOM file without identity (PS3.15 Annex E). Frames, tables and waveforms keep their bytes and their compression."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pydicom
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from graticule import __version__
from graticule.domain.errors import GraticuleError
from graticule.formats.deidentify.ages import age_of
from graticule.formats.deidentify.dataset import Cleaner
from graticule.formats.deidentify.elements import mapped_uid
from graticule.formats.deidentify.findings import Findings
from graticule.formats.deidentify.key import Patient, ProjectKey
from graticule.formats.deidentify.profile import DATES, PATIENT, Profile
from graticule.formats.dicom.damage import DICOM_DAMAGE
from graticule.formats.dicom.patience import CountedFile, patiently
from graticule.formats.guard.limits import refuse_too_large

_STORAGE = "1.2.840.10008.5.1.4.1.1."
_REFUSED = {
    _STORAGE + "66": "a scanner's raw data", _STORAGE + "104.1": "a document (PDF)", _STORAGE + "104.2": "a document (CDA)",
    _STORAGE + "104.3": "a model (STL)", _STORAGE + "104.4": "a model (OBJ)", _STORAGE + "104.5": "a model (MTL)",
}
_SLIDE_LABELS = {"LABEL", "OVERVIEW", "THUMBNAIL_LABEL"}
_IMPLEMENTATION = "2.25.221709313104264711395262071513712401513"


class LeftOut(Exception):
    """The file is no error, but must not come along; the sentence says why."""


@dataclass(frozen=True, slots=True)
class CleanFile:
    """data: the whole new file. before: the header as it was, for doubts. series: what the images of a series share."""

    data: bytes
    before: Any
    series: str


def read_whole(path: Path) -> FileDataset:
    """Every element; GraticuleError when the file is damaged, without end or larger than the memory."""
    refuse_too_large(4 * path.stat().st_size)
    try:
        with patiently(path) as (file, deflated):
            # In one piece: thousands of small reads of a file would each hand the interpreter over to the window.
            data = pydicom.dcmread(CountedFile(io.BytesIO(file.read()), file.name), force=True)
            stated = data.file_meta.get("TransferSyntaxUID") if hasattr(data, "file_meta") else None
            if not stated or deflated:
                data.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian if deflated else _syntax(data)
            return data
    except DICOM_DAMAGE as error:
        raise GraticuleError("The file is damaged: it cannot be read to its end.", "Copy it again from its source.") from error


def clean_dicom(path: Path, key: ProjectKey, profile: Profile, findings: Findings) -> CleanFile:
    """The file's copy. LeftOut for labels of slides; GraticuleError for objects that cannot be made safe."""
    data = read_whole(path)
    refuse_unsafe(data)
    before = Dataset()
    for keyword in ("BurnedInAnnotation", "Modality", "SOPClassUID", "ImageType", "BodyPartExamined", "StudyDescription",
                    "SeriesDescription", "SeriesInstanceUID", "RecognizableVisualFeatures", "BitsAllocated", "BitsStored"):
        if keyword in data:
            before[keyword] = data[keyword]
    age = age_of(data) if profile.keeps(PATIENT) else ""
    Cleaner(key, profile, patient_of(data, key, path), findings).clean(data)
    _mark(data, profile, age)
    data.file_meta = _meta(data, key)
    data.preamble = bytes(128)
    return CleanFile(_bytes(data), before, str(before.get("SeriesInstanceUID") or path.parent))


def patient_of(data: Any, key: ProjectKey, path: Path) -> Patient:
    number = str(data.get("PatientID") or "").strip(" \0")
    if number:
        return key.patient(str(data.get("IssuerOfPatientID") or ""), number)
    return key.unnamed(str(data.get("StudyInstanceUID") or path.parent))


def refuse_unsafe(data: Any) -> None:
    sop_class = str(data.get("SOPClassUID") or data.file_meta.get("MediaStorageSOPClassUID") or "")
    if sop_class in _REFUSED:
        raise GraticuleError(f"Not an image but {_REFUSED[sop_class]}: it cannot be de-identified and was left out.")
    if sop_class and not sop_class.startswith("1.2.840.10008."):
        raise GraticuleError("A private kind of DICOM object: it cannot be de-identified and was left out.")
    if not data.keys() or not (sop_class or data.get("SOPInstanceUID") or data.get("Modality")):
        raise GraticuleError("The file says too little of itself to be de-identified and was left out.")
    kinds = {str(part).upper() for part in (data.get("ImageType") or [])}
    if kinds & _SLIDE_LABELS and sop_class.startswith(_STORAGE + "77.1.6"):
        raise LeftOut("The picture of a slide's label or of the whole slide, on which names stand: it was left out.")


def _mark(data: Any, profile: Profile, age: str) -> None:
    """Say in the file what was done (PS3.15 E.1.1 step 3, PS3.3 C.7.1.1)."""
    if age:
        data.PatientAge = age
    data.PatientIdentityRemoved = "YES"
    data.DeidentificationMethod = f"Graticule {__version__}, PS3.15 E, {profile.name}"[:64]
    data.DeidentificationMethodCodeSequence = Sequence([_code(*method) for method in profile.methods()])
    data.LongitudinalTemporalInformationModified = "MODIFIED" if profile.keeps(DATES) else "REMOVED"


def _code(value: str, meaning: str) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, "DCM", meaning[:64]
    return item


def _meta(data: Any, key: ProjectKey) -> FileMetaDataset:
    """New, since the old one names who sent the file and may hold private information."""
    old, new = data.file_meta, FileMetaDataset()
    new.MediaStorageSOPClassUID = data.get("SOPClassUID") or old.get("MediaStorageSOPClassUID") or ""
    new.MediaStorageSOPInstanceUID = (data.get("SOPInstanceUID")
                                      or mapped_uid(str(old.get("MediaStorageSOPInstanceUID") or ""), key)
                                      or key.uid("an object without a name"))
    new.TransferSyntaxUID = old.TransferSyntaxUID
    new.ImplementationClassUID = _IMPLEMENTATION
    new.ImplementationVersionName = "GRATICULE"
    return new


def _syntax(data: Any) -> str:
    implicit, little = data.original_encoding
    return str(ImplicitVRLittleEndian if implicit else ExplicitVRLittleEndian if little else ExplicitVRBigEndian)


def _bytes(data: FileDataset) -> bytes:
    out = io.BytesIO()
    syntax = data.file_meta.TransferSyntaxUID
    implicit, little = data.original_encoding
    try:
        if syntax.is_private or not syntax.is_transfer_syntax:
            raise GraticuleError("The image is compressed in an unknown way; it was left out.")
        pydicom.dcmwrite(out, data, implicit_vr=None if _agrees(syntax, implicit, little) else implicit,
                         little_endian=None if _agrees(syntax, implicit, little) else little,
                         enforce_file_format=_agrees(syntax, implicit, little))
    except DICOM_DAMAGE as error:
        raise GraticuleError("The file's elements contradict each other: it cannot be written again without its identity.",
                             "Ask the sender for a correct file.") from error
    return out.getvalue()


def _agrees(syntax: Any, implicit: bool, little: bool) -> bool:
    return bool(syntax.is_implicit_VR == implicit and syntax.is_little_endian == little)
