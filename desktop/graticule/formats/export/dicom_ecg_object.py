"""The waveform object of an exported ECG: whose it is, what it was converted from, and its samples (PS3.3 A.34)."""

from collections.abc import Iterable
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

from pydicom.dataset import Dataset, FileDataset
from pydicom.sequence import Sequence
from pydicom.uid import generate_uid

import graticule
from graticule.domain.case import Case
from graticule.domain.recording import Recording
from graticule.formats.export.dicom_ecg_annotations import annotation_sequence
from graticule.formats.export.dicom_ecg_samples import Shape, group_item, places_in, sample_blocks
from graticule.formats.export.dicom_object import concept, item, new_object, save, sequence
from graticule.formats.export.ecg_codes import scheme_identification
from graticule.formats.export.ecg_statements import Statement

_SERIES = 905
# Empty where nobody knows them, but part of every object (type 2).
_EMPTY = ("PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyID", "AccessionNumber", "ReferringPhysicianName",
          "StudyDate", "StudyTime")


def waveform_object(case: Case, recording: Recording, source: Dataset | None, said: Iterable[Statement],
                    shape: Shape) -> FileDataset:
    """Everything but the samples. source: the data set of a DICOM case, whose patient and study are kept."""
    data = new_object(source if source is not None else Dataset(), shape.sop_class, "ECG", _description(case), _SERIES)
    if source is None:
        data.StudyInstanceUID = generate_uid(None)
    for keyword in _EMPTY:
        if keyword not in data:
            setattr(data, keyword, "")
    if source is None and recording.facts.get("sex") in ("M", "F"):
        data.PatientSex = recording.facts["sex"]
    data.AcquisitionDateTime = _when(source)
    data.AcquisitionContextSequence = _context(source)
    data.ContributingEquipmentSequence = sequence(item(
        PurposeOfReferenceCodeSequence=concept("109103", "DCM", "Modifying Equipment"), Manufacturer="Graticule",
        ManufacturerModelName="Graticule", SoftwareVersions=graticule.__version__, ContributionDescription=_description(case)))
    data.CodingSchemeIdentificationSequence = scheme_identification()
    if source is not None:
        data.ReferencedInstanceSequence = sequence(item(
            ReferencedSOPClassUID=source.SOPClassUID, ReferencedSOPInstanceUID=source.SOPInstanceUID,
            PurposeOfReferenceCodeSequence=concept("121303", "DCM", "Simultaneous ECG")))
    annotations = annotation_sequence(said, places_in(shape, recording))
    if annotations:
        data.WaveformAnnotationSequence = annotations
    if recording.synthetic:
        data.SeriesDescription = "SYNTHETIC: computed, no heart made this"
    return data


def save_with_samples(data: FileDataset, path: Path, recording: Recording, shape: Shape) -> None:
    """The samples go by way of files beside `path`: those of two weeks do not fit into memory."""
    groups = [group_item(recording, shape, number) for number in range(len(shape.groups))]
    data.WaveformSequence = Sequence(groups)
    with ExitStack() as files:
        for number, group in enumerate(groups):
            raw = path.with_suffix(f".{number}.raw")
            files.callback(raw.unlink, missing_ok=True)
            with raw.open("wb") as out:
                out.writelines(sample_blocks(recording, shape, number))
            group.WaveformData = files.enter_context(raw.open("rb"))
            group["WaveformData"].VR = "OW"
        save(data, path)


def _description(case: Case) -> str:
    return f"ECG with annotations; converted from {case.reading} by Graticule"[:64]


def _when(source: Dataset | None) -> str:
    """When it was recorded, as the source says; for a file that does not say it, when it was converted."""
    known = str(source.get("AcquisitionDateTime", "") or "") if source is not None else ""
    return known or datetime.now().strftime("%Y%m%d%H%M%S")


def _context(source: Dataset | None) -> Any:
    return source.get("AcquisitionContextSequence", Sequence()) if source is not None else Sequence()
