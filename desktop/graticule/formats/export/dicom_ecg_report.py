"""A Waveform Annotation SR (PS3.3 A.35.23, PS3.16 TID 3750): every statement with its tracking identity, its temporal coordinates
and the waveform they are selected from; and who said it, as Reader, Reviewer or Adjudicator (CID 7453).
"""

from collections.abc import Iterable, Iterator, Sequence

from pydicom.dataset import Dataset, FileDataset
from pydicom.sequence import Sequence as Items

import graticule
from graticule.formats.export.coded import PRIVATE_SCHEME
from graticule.formats.export.dicom_ecg_annotations import place_of, put_place
from graticule.formats.export.dicom_ecg_source import Evidence
from graticule.formats.export.dicom_object import concept, item, sequence
from graticule.formats.export.ecg_codes import code_sequence, scheme_identification
from graticule.formats.export.ecg_statements import Statement
from graticule.formats.export.makers import Maker
from graticule.formats.export.segment_rows import uid_of

SOP_CLASS = "1.2.840.10008.5.1.4.1.1.88.77"
READER, REVIEWER, ADJUDICATOR = "reader", "reviewer", "adjudicator"
# Their codes of CID 7453.
_ROLES = {READER: ("C28747", "NCIt", "Reader"), REVIEWER: ("C54634", "NCIt", "Reviewer"),
          ADJUDICATOR: ("C96561", "NCIt", "Adjudicator")}
TRACK, PROVENANCE = "TRACK", "PROVENANCE"


def report_of(data: FileDataset, said: Iterable[Statement], evidence: Evidence, observers: Sequence[Maker]) -> FileDataset:
    """Fill a new object of `SOP_CLASS`. observers: persons with one of the roles above; a program alone when there are none."""
    header = evidence.header
    data.ReferencedPerformedProcedureStepSequence = Items()
    data.CompletionFlag, data.VerificationFlag, data.PreliminaryFlag = "COMPLETE", "UNVERIFIED", "FINAL"
    data.PerformedProcedureCodeSequence = Items()
    data.CodingSchemeIdentificationSequence = scheme_identification()
    instance = item(ReferencedSOPClassUID=evidence.sop_class, ReferencedSOPInstanceUID=evidence.sop_instance)
    series = item(SeriesInstanceUID=header.SeriesInstanceUID, ReferencedSOPSequence=sequence(instance))
    data.CurrentRequestedProcedureEvidenceSequence = sequence(
        item(StudyInstanceUID=header.StudyInstanceUID, ReferencedSeriesSequence=sequence(series)))
    data.ValueType, data.ContinuityOfContent = "CONTAINER", "SEPARATE"
    data.ConceptNameCodeSequence = concept("ECG_ANNOTATIONS", PRIVATE_SCHEME, "ECG Annotations")
    data.ContentTemplateSequence = sequence(item(MappingResource="DCMR", TemplateIdentifier="3750"))
    language = _content("HAS CONCEPT MOD", "CODE", ("121049", "DCM", "Language of Content Item and Descendants"))
    language.ConceptCodeSequence = concept("en", "RFC5646", "English")
    data.ContentSequence = Items([language, *_observers(observers), *(_statement(one, evidence) for one in said)])
    return data


def _observers(observers: Sequence[Maker]) -> Iterator[Dataset]:
    for maker in observers:
        yield _coded("HAS OBS CONTEXT", ("121005", "DCM", "Observer Type"), ("121006", "DCM", "Person"))
        name = _content("HAS OBS CONTEXT", "PNAME", ("121008", "DCM", "Person Observer Name"))
        name.PersonName = maker.person[:64]
        yield name
        yield _coded("HAS OBS CONTEXT", ("121011", "DCM", "Person Observer's Role in this Procedure"), _ROLES[maker.role])
    yield _coded("HAS OBS CONTEXT", ("121005", "DCM", "Observer Type"), ("121007", "DCM", "Device"))
    device = _content("HAS OBS CONTEXT", "UIDREF", ("121012", "DCM", "Device Observer UID"))
    device.UID = uid_of("device", "graticule")
    yield device
    for value, meaning, text in (("121013", "Device Observer Name", "Graticule"),
                                 ("121014", "Device Observer Manufacturer", "Graticule"),
                                 ("121015", "Device Observer Model Name", graticule.__version__)):
        yield _text("HAS OBS CONTEXT", (value, "DCM", meaning), text)


def _statement(one: Statement, evidence: Evidence) -> Dataset:
    made = _content("CONTAINS", "CODE", ("130860", "DCM", "Pattern Event"))
    made.ConceptCodeSequence = code_sequence(one.code)
    identifier, uid = one.tracking
    tracking = _content("HAS OBS CONTEXT", "UIDREF", ("112040", "DCM", "Tracking Unique Identifier"))
    tracking.UID = uid
    parts = [_text("HAS OBS CONTEXT", ("112039", "DCM", "Tracking Identifier"), identifier), tracking,
             _text("HAS PROPERTIES", (PROVENANCE, PRIVATE_SCHEME, "Provenance"), one.provenance)]
    if one.track:
        parts.append(_text("HAS PROPERTIES", (TRACK, PRIVATE_SCHEME, "Track"), one.track))
    made.ContentSequence = Items([*parts, _coordinates(one, evidence)])
    return made


def _coordinates(one: Statement, evidence: Evidence) -> Dataset:
    kind, said = place_of(one, evidence.places)
    made = _content("INFERRED FROM", "TCOORD", ("121112", "DCM", "Source of Measurement"))
    put_place(made, kind, said)
    waveform = item(RelationshipType="SELECTED FROM", ValueType="WAVEFORM")
    waveform.ReferencedSOPSequence = sequence(item(
        ReferencedSOPClassUID=evidence.sop_class, ReferencedSOPInstanceUID=evidence.sop_instance,
        ReferencedWaveformChannels=list(said.channels)))
    made.ContentSequence = sequence(waveform)
    return made


def _content(relation: str, value_type: str, name: tuple[str, str, str]) -> Dataset:
    return item(RelationshipType=relation, ValueType=value_type, ConceptNameCodeSequence=concept(*name))


def _coded(relation: str, name: tuple[str, str, str], value: tuple[str, str, str]) -> Dataset:
    made = _content(relation, "CODE", name)
    made.ConceptCodeSequence = concept(*value)
    return made


def _text(relation: str, name: tuple[str, str, str], text: str) -> Dataset:
    made = _content(relation, "TEXT", name)
    made.TextValue = text
    return made


