"""What de-identification cannot promise of a file: writing in the picture, faces, drawings in spare bits."""

import re
from pathlib import Path
from typing import Any

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.formats.deidentify.findings import Findings
from graticule.formats.deidentify.first_image import first_image
from graticule.formats.deidentify.writing import written_places

SAID = "The sender says that names are burned into the picture. Look at it before you go on."
FACE = "A scan of the head: a face can be made from it."
PHOTOGRAPH = "A photograph: a face, a tattoo or a label on it may identify somebody. Look at it."
CAPTURE = "A picture made of a screen: it may show a name. Look at it."
_SCREENS = {"US", "XA", "RF", "SC", "OT", "ES", "NM", "IVUS"}
_PHOTOGRAPHS = {"XC", "GM", "OP", "DMS", "ES"}
_SECTIONS = {"CT", "MR", "PT"}
_HEAD = re.compile(r"head|brain|skull|face|neuro|kopf|sch[aä]del|hirn|orbit|sinus|mprage", re.IGNORECASE)


def writing_doubt(places: tuple[str, ...]) -> str:
    return f"There may be writing in the picture ({', '.join(places)}). Look at it before you go on."


def dicom_doubts(path: Path, before: Any, findings: Findings, looked: set[str]) -> None:
    """before: the header as it was. looked: series of sections that were looked at; one image of each is."""
    modality = str(before.get("Modality") or "")
    kinds = {str(kind).upper() for kind in before.get("ImageType") or ()}
    if str(before.get("BurnedInAnnotation") or "").upper() == "YES":
        findings.doubt(SAID)
    if str(before.get("RecognizableVisualFeatures") or "").upper() == "YES" or (
            modality in _SECTIONS and _HEAD.search(" ".join(str(before.get(name) or "") for name in
                                                            ("BodyPartExamined", "StudyDescription", "SeriesDescription")))):
        findings.doubt(FACE)
    if modality in _PHOTOGRAPHS:
        findings.doubt(PHOTOGRAPH)
    if str(before.get("SOPClassUID") or "").startswith("1.2.840.10008.5.1.4.1.1.7") and modality not in _PHOTOGRAPHS:
        findings.doubt(CAPTURE)
    series = str(before.get("SeriesInstanceUID") or path.parent)
    if modality in _SECTIONS and "SECONDARY" not in kinds and series in looked:
        return
    looked.add(series)
    places = written_places_of(path)
    if places:
        findings.doubt(writing_doubt(places))


def written_places_of(path: Path) -> tuple[str, ...]:
    """Of the first image of a DICOM file; () also when it cannot be decoded, which the import itself tells."""
    first = _first_image(path)
    return () if first is None else written_places(first)


def picture_places(path: Path) -> tuple[str, ...]:
    """Of a photograph."""
    from graticule.formats.pictures.picture_file import read_picture_file, read_pixels

    try:
        read_picture_file(path)
        return written_places(read_pixels(path))
    except GraticuleError:
        return ()


def _first_image(path: Path) -> Array | None:
    try:
        return first_image(path)
    except GraticuleError:
        return None
