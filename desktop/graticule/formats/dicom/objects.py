"""Which DICOM objects are read as what, and a sentence for every other."""

from collections.abc import Mapping
from typing import Any

from pydicom.uid import UID

VOLUME, PICTURE, LABELS = "volume", "picture", "labels"
DRAWING, REPORT, STRUCTURES = "presentation-state", "measurement-report", "rtstruct"

_S = "1.2.840.10008.5.1.4.1.1."
_VOLUMES = """
2 2.1 2.2  4 4.1 4.4  128 130 128.1
13.1.1 13.1.2 13.1.3
77.1.5.4  30
""".split()  # noqa: SIM905
# Nuclear medicine is a volume when it was reconstructed, otherwise a picture of what a camera saw; see `read_as`.
_NUCLEAR = _S + "20"
_PICTURES = """
1 1.1 1.1.1 1.2 1.2.1 1.3 1.3.1  13.1.4 13.1.5
3 3.1 6 6.1 6.2  12.1 12.1.1 12.2 12.2.1 12.3  14.1 14.2
7 7.1 7.2 7.3 7.4  481.1
77.1.1 77.1.1.1 77.1.2 77.1.2.1 77.1.3 77.1.4 77.1.4.1 77.1.5.1 77.1.5.2 77.1.5.5 77.1.5.6 77.1.7
""".split()  # noqa: SIM905 (a list of forty would be a column of forty)
# In this order: CT, MR and PET, each classic, enhanced and converted; 3D angiography, 3D craniofacial, breast tomosynthesis;
# ophthalmic tomography, parametric map. Then CR, DX and mammography for presentation and for processing, intra-oral, breast
# projections; ultrasound; angiography, fluoroscopy, biplane; intravascular; secondary capture; radiotherapy image; photographs.
_READ_AS = {_S + name: VOLUME for name in _VOLUMES} | {_S + name: PICTURE for name in _PICTURES} | {
    _S + "481.3": STRUCTURES,
    _S + "66.4": LABELS, _S + "66.7": LABELS,  # segmentation, label map segmentation
    _S + "11.1": DRAWING, _S + "11.2": DRAWING, _S + "11.3": DRAWING,  # presentation states: grey, colour, pseudo-colour
    _S + "88.22": REPORT, _S + "88.33": REPORT, _S + "88.34": REPORT, _S + "88.35": REPORT,  # reports that may hold measurements
}
# A file that lost its SOP class in de-identification is read by its modality.
_BY_MODALITY = {
    "CT": _S + "2", "MR": _S + "4", "PT": _S + "128", "CR": _S + "1", "DX": _S + "1.1", "MG": _S + "1.2", "XC": _S + "77.1.4",
    "US": _S + "6.1", "XA": _S + "12.1", "RF": _S + "12.2", "OP": _S + "77.1.5.1", "DMS": _S + "77.1.7", "SC": _S + "7",
    "OT": _S + "7", "ES": _S + "77.1.1", "NM": _NUCLEAR, "IO": _S + "1.3",
}

_ASK = "Ask the sender to send it decompressed."
_HINTS = {
    "1.2.840.10008.1.3.10": "The index of a disc (DICOMDIR): its files are read one by one.",
    _S + "77.1.6": "A whole-slide image: this version of Graticule does not read slides yet.",
}
# Companions of images that hold none themselves: passed over, not refused, each by its name.
_COMPANIONS = {
    _S + "11.4": "how images were fused (a presentation state)",
    _S + "88.59": "a list of chosen images (a key object selection)", _S + "88.67": "a report on radiation dose",
    _S + "481.2": "a radiotherapy dose", _S + "481.5": "a radiotherapy plan", _S + "481.4": "a radiotherapy treatment record",
    _S + "481.8": "a radiotherapy plan", _S + "104.1": "a document (PDF)", _S + "104.2": "a document (CDA)",
    _S + "66": "a scanner's raw data", _S + "66.1": "a registration of images", _S + "66.3": "a deformation between images",
    _S + "67": "a table of real-world values", _S + "4.2": "an MR spectrum", _S + "88.11": "a report in words",
    _S + "9.1.1": "an ECG", _S + "9.1.2": "an ECG",
}

_SYNTAXES = {
    "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.5",
    "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70",
    "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81", "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91",
    "1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.4.202", "1.2.840.10008.1.2.4.203",
    "1.2.840.10008.1.2.1.98", "1.2.840.10008.1.2.8.1",
}


# Syntaxes of this decade, which pydicom has no names for yet.
_NAMES = {"1.2.840.10008.1.2.4.110": "JPEG XL Lossless", "1.2.840.10008.1.2.4.111": "JPEG XL JPEG Recompression",
          "1.2.840.10008.1.2.4.112": "JPEG XL"}
_FILMS = {f"1.2.840.10008.1.2.4.{number}" + part for number in range(100, 109) for part in ("", ".1")}


def sop_class_for(sop_class: str, modality: str) -> str:
    """The SOP class, or the one a file of this modality would have when it names none."""
    return sop_class or _BY_MODALITY.get(modality, "")


def read_as(sop_class: str, data: Mapping[str, Any] | None = None) -> str | None:
    """VOLUME, PICTURE, LABELS, DRAWING, REPORT, or None for what is not read.

    data: keyword → value of the header, which decides a few classes.
    """
    data = data or {}
    if sop_class == _NUCLEAR:
        return VOLUME if "RECON" in str(data.get("ImageType") or "") else PICTURE
    if sop_class == _S + "7" and _placed_capture(data):
        return VOLUME
    return _READ_AS.get(sop_class)


def _placed_capture(data: Mapping[str, Any]) -> bool:
    """A secondary capture that says where in the patient its plane lies: a reformatted slice of a volume."""
    wanted = ("ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing", "FrameOfReferenceUID")
    return (str(data.get("Modality")) in ("CT", "MR", "PT") and int(data.get("SamplesPerPixel") or 1) == 1
            and str(data.get("PhotometricInterpretation")) == "MONOCHROME2" and all(data.get(name) for name in wanted))


def companion(sop_class: str) -> str | None:
    """A sentence for what belongs to images and holds none to read; None for anything else."""
    if sop_class == "1.2.840.10008.1.3.10":
        return _HINTS[sop_class]
    if sop_class not in _COMPANIONS:
        return None
    return f"Not an image but {_COMPANIONS[sop_class]}, “{UID(sop_class).name.removesuffix(' Storage')}”: it is left aside."


def why_not(sop_class: str) -> str:
    """Why an object that is not read is refused, with its name."""
    if sop_class in _HINTS:
        return _HINTS[sop_class]
    name = UID(sop_class).name if sop_class else ""
    if not name or name == sop_class:
        return "A DICOM object of a private or unknown kind: Graticule does not read it."
    return f"A DICOM object of the kind “{name.removesuffix(' Storage')}”: this version of Graticule does not read it."


def why_no_decoder(syntax: str) -> str | None:
    """None when the compression can be decoded; otherwise a sentence with its name."""
    if syntax in _SYNTAXES:
        return None
    name = _NAMES.get(syntax) or (UID(syntax).name if syntax else "unnamed")
    if syntax in _FILMS:
        return f"A film, compressed as “{name}”: Graticule shows single images and loops of them, but plays no video."
    if syntax == "1.2.840.10008.1.2.4.53":
        return f"The image is compressed as “{name}”, which DICOM has retired: no decoder here reads it. {_ASK}"
    return f"The image is compressed as “{name}”, which Graticule cannot decode. {_ASK}"
