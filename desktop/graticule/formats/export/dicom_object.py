"""A new DICOM object about a case: patient and study as in its images, the rest ours; pydicom writes it, but for its frames."""

import struct
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import dcmwrite
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, generate_uid
from pydicom.valuerep import format_number_as_ds

import graticule
from graticule.domain.codes import Code, Ontology
from graticule.formats.export.coded import PRIVATE_SCHEME, dicom_code

# Of the patient and the study: what identifies them, and what de-identification says it did.
_SHARED = """PatientName PatientID IssuerOfPatientID PatientBirthDate PatientSex PatientAge PatientSize PatientWeight
PatientIdentityRemoved DeidentificationMethod StudyInstanceUID StudyDate StudyTime StudyID StudyDescription AccessionNumber
ReferringPhysicianName""".split()  # noqa: SIM905
_LONG = {b"OB", b"OW", b"SQ", b"UN", b"UT"}


def new_object(header: Any, sop_class: str, modality: str, description: str, number: int) -> FileDataset:
    """Patient, study, series, equipment and SOP common modules; a series of its own."""
    now = datetime.now()
    data = FileDataset(None, Dataset(), file_meta=FileMetaDataset(), preamble=bytes(128))
    data.SpecificCharacterSet = "ISO_IR 192"
    for keyword in _SHARED:
        if keyword in header:
            value = header.get(keyword)
            setattr(data, keyword, str(value) if keyword.endswith("Name") else value)
    data.SOPClassUID, data.SOPInstanceUID = sop_class, generate_uid(None)
    data.InstanceCreationDate = data.ContentDate = data.SeriesDate = now.strftime("%Y%m%d")
    data.InstanceCreationTime = data.ContentTime = data.SeriesTime = now.strftime("%H%M%S")
    data.Modality, data.SeriesDescription = modality, description
    data.SeriesInstanceUID, data.SeriesNumber, data.InstanceNumber = generate_uid(None), number, 1
    data.Manufacturer = data.ManufacturerModelName = "Graticule"
    data.SoftwareVersions, data.DeviceSerialNumber = graticule.__version__, "1"
    data.file_meta.MediaStorageSOPClassUID, data.file_meta.MediaStorageSOPInstanceUID = sop_class, data.SOPInstanceUID
    data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    if (header.get("PatientIdentityRemoved") or "") not in ("YES", "NO") and "PatientIdentityRemoved" in data:
        del data.PatientIdentityRemoved
    return data


def item(**values: Any) -> Dataset:
    """A sequence item."""
    data = Dataset()
    for keyword, value in values.items():
        setattr(data, keyword, value)
    return data


def sequence(*items: Dataset) -> Sequence:
    return Sequence(items)


def coded(code: Code, ontology: Ontology) -> Sequence:
    return concept(*dicom_code(code, ontology))


def concept(value: str, scheme: str, meaning: str) -> Sequence:
    """A code sequence of one item; a value of more than 16 characters has an attribute of its own (PS3.3 8.1)."""
    long = {"LongCodeValue" if len(value) > 16 else "CodeValue": value}
    version = {"CodingSchemeVersion": "1"} if scheme == PRIVATE_SCHEME else {}
    return sequence(item(CodingSchemeDesignator=scheme, CodeMeaning=meaning, **long, **version))


def save(data: FileDataset, path: Path) -> None:
    dcmwrite(path, data, enforce_file_format=True)


def save_with_frames(data: FileDataset, path: Path, groups: Iterable[bytes], pixels: Iterable[bytes], length: int) -> None:
    """Write `data`, which ends before the per-frame functional groups, then these groups and pixel data of `length` bytes.

    A thousand frames are tens of thousands of elements, for each of which pydicom would make and check an object.
    length: −1 for encapsulated frames, which `pixels` then brings as items.
    """
    head = DicomBytesIO()
    dcmwrite(head, data, enforce_file_format=True)
    with path.open("wb") as file:
        file.write(head.getvalue())
        file.write(element(0x5200, 0x9230, b"SQ", b"".join(groups)))
        vr = b"OB" if int(data.BitsAllocated) <= 8 else b"OW"
        file.write(struct.pack("<HH2sHI", 0x7FE0, 0x0010, vr, 0, length + length % 2 if length >= 0 else 0xFFFFFFFF))
        for part in pixels:
            file.write(part)
        if length % 2 and length > 0:
            file.write(b"\0")
        if length < 0:
            file.write(struct.pack("<HHI", 0xFFFE, 0xE0DD, 0))


def element(group: int, number: int, vr: bytes, value: bytes) -> bytes:
    """One element in Explicit VR Little Endian (PS3.5 7.1.2), padded to an even length."""
    if len(value) % 2:
        value += b"\0" if vr in (b"UI", b"OB") else b" "
    if vr in _LONG:
        return struct.pack("<HH2sHI", group, number, vr, 0, len(value)) + value
    return struct.pack("<HH2sH", group, number, vr, len(value)) + value


def item_bytes(*elements: bytes) -> bytes:
    value = b"".join(elements)
    return struct.pack("<HHI", 0xFFFE, 0xE000, len(value)) + value


def decimals(values: Iterable[float]) -> bytes:
    """A DS value: each number in at most 16 characters."""
    return "\\".join(format_number_as_ds(float(value)) for value in values).encode()
