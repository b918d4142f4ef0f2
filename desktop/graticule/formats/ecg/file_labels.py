"""Labels that lie in an ECG file itself, or in a file of their own beside it that is no WFDB annotation file."""

from collections.abc import Callable, Iterable
from pathlib import Path

from graticule.domain.case import Case
from graticule.domain.elements import Element
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Labels
from graticule.domain.recording import Recording
from graticule.formats.ecg.dicom_labels import dicom_file_elements
from graticule.formats.ecg.dicom_waveform import READING as DICOM_READING
from graticule.formats.ecg.edf_labels import edf_elements
from graticule.formats.ecg.ishne import read_ishne_beats
from graticule.formats.ecg.single_files import BY_READING
from graticule.formats.family import Content

IN_FILE, EDF_NOTES, ISHNE_BEATS = "ecg-file", "edf-annotations", "ishne-annotations"
Elements = Callable[[Path, Recording, Callable[[], str]], list[Element]]


class EcgFileLabels:
    """One reader for each way in which labels come."""

    def __init__(self, reading: str, elements: Elements | None = None) -> None:
        self.reading = reading
        self._elements = elements

    def read(self, path: Path, case: Case, content: Content, new_id: Callable[[], str]) -> Labels:
        """GraticuleError when the labels do not fit the recording or are damaged."""
        if not isinstance(content, Recording):
            raise GraticuleError("These annotations belong to an ECG, not to this case.")
        elements = self._elements or elements_in(case.reading)
        return _labels(elements(path, content, new_id) if elements is not None else [])


def elements_in(reading: str) -> Elements | None:
    """What reads the labels of a case's own file; None when its format holds none."""
    if reading == DICOM_READING:
        return dicom_file_elements
    return BY_READING[reading].elements if reading in BY_READING else None


def _labels(elements: Iterable[Element]) -> Labels:
    labels = Labels()
    for element in elements:
        labels.put(element.KIND, element.id, element)
    return labels


IN_FILE_READER = EcgFileLabels(IN_FILE)
EDF_READER = EcgFileLabels(EDF_NOTES, edf_elements)
ISHNE_READER = EcgFileLabels(ISHNE_BEATS, read_ishne_beats)
