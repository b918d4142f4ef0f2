"""Waveform Annotation SR as labels: coded statements with temporal coordinates (PS3.3 A.35.23, C.18.7; PS3.16 TID 3750)."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from graticule.domain.case import Case
from graticule.domain.elements import Element
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Labels
from graticule.domain.recording import Recording
from graticule.formats.damage import DAMAGE
from graticule.formats.ecg.dicom_labels import dicom_elements
from graticule.formats.ecg.dicom_waveform import READING as DICOM_READING
from graticule.formats.ecg.dicom_waveform import read_dicom
from graticule.formats.family import LABELS, REFUSED, SKIPPED, Content, Outcome

READING = "waveform-report"
_SOP_CLASS = "1.2.840.10008.5.1.4.1.1.88.77"
_DEEPEST = 20


class WaveformReportReader:
    reading = READING

    def read(self, path: Path, case: Case, content: Content, new_id: Callable[[], str]) -> Labels:
        """GraticuleError when the report speaks of another ECG or is damaged."""
        if not isinstance(content, Recording) or case.reading != DICOM_READING:
            raise GraticuleError("This report speaks of a DICOM ECG, not of this case.")
        labels = Labels()
        for element in report_elements(read_dicom(path), read_dicom(Path(case.sources[0].path)), content, new_id):
            labels.put(element.KIND, element.id, element)
        return labels


READER = WaveformReportReader()


def claims_report(head: bytes) -> bool:
    """By the class that the first 4,096 bytes of a DICOM file name."""
    return head[128:132] == b"DICM" and _SOP_CLASS.encode() in head[132:700]


def report_outcome(path: Path) -> Outcome:
    """It belongs to the ECGs that its statements are selected from."""
    try:
        names = tuple(dict.fromkeys(instance_of(waveform) for _, _, waveform in statements_in(read_dicom(path))))
    except GraticuleError as fault:
        return Outcome(path, REFUSED, reason=str(fault))
    except DAMAGE:
        return Outcome(path, REFUSED, reason="The report is damaged.")
    if not names:
        return Outcome(path, SKIPPED, reason="A report that points at no ECG: it is left aside.")
    return Outcome(path, LABELS, labels_reading=READING, match_ids=names)


def report_elements(report: Any, waveform: Any, recording: Recording, new_id: Callable[[], str]) -> list[Element]:
    """The statements about `waveform`, the data set the recording was read from, as its own annotations would be read."""
    try:
        mine = [(code, place, reference) for code, place, reference in statements_in(report)
                if instance_of(reference) == str(waveform.SOPInstanceUID)]
        if not mine:
            raise GraticuleError("The report speaks of another ECG.")
        flat = Dataset()
        flat.WaveformSequence = waveform.WaveformSequence
        flat.WaveformAnnotationSequence = Sequence(_annotation(*one) for one in mine)
    except DAMAGE as fault:
        raise GraticuleError("The report is damaged and cannot be read.", "Copy it again.") from fault
    return dicom_elements(flat, recording, new_id)


def statements_in(item: Any, depth: int = 0) -> Iterator[tuple[Any, Any, Any]]:
    """(coded statement, its temporal coordinates, the waveform these are selected from)"""
    for below in (item.get("ContentSequence") or ()) if depth < _DEEPEST else ():
        for place in below.get("ContentSequence") or ():
            if below.get("ValueType") == "CODE" and place.get("ValueType") == "TCOORD":
                yield from ((below, place, waveform) for waveform in place.get("ContentSequence") or ()
                            if waveform.get("ValueType") == "WAVEFORM")
        yield from statements_in(below, depth + 1)


def instance_of(waveform: Any) -> str:
    return str(waveform.ReferencedSOPSequence[0].ReferencedSOPInstanceUID)


def _annotation(code: Any, place: Any, waveform: Any) -> Dataset:
    flat = Dataset()
    flat.ConceptNameCodeSequence = code.ConceptCodeSequence
    flat.TemporalRangeType = place.TemporalRangeType
    for keyword in ("ReferencedSamplePositions", "ReferencedTimeOffsets"):
        if place.get(keyword) is not None:
            setattr(flat, keyword, place.get(keyword))
    channels = waveform.ReferencedSOPSequence[0].get("ReferencedWaveformChannels")
    flat.ReferencedWaveformChannels = channels if channels is not None else [1, 0]
    return flat
