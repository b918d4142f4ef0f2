"""Which DICOM objects are read as what, and a sentence for every other."""

from pydicom.uid import UID

VOLUME, PICTURE, LABELS = "volume", "picture", "labels"

_S = "1.2.840.10008.5.1.4.1.1."
_READ_AS = {
    _S + "2": VOLUME, _S + "2.1": VOLUME, _S + "2.2": VOLUME,            # CT, enhanced, legacy converted enhanced
    _S + "4": VOLUME, _S + "4.1": VOLUME, _S + "4.4": VOLUME,            # MR
    _S + "128": VOLUME, _S + "130": VOLUME, _S + "128.1": VOLUME,        # PET
    _S + "1": PICTURE, _S + "1.1": PICTURE, _S + "1.1.1": PICTURE,       # CR, DX for presentation, for processing
    _S + "1.2": PICTURE, _S + "1.2.1": PICTURE,                          # mammography
    _S + "1.3": PICTURE, _S + "1.3.1": PICTURE,                          # intra-oral radiograph
    _S + "7": PICTURE,                                                   # secondary capture
    _S + "77.1.1": PICTURE, _S + "77.1.4": PICTURE, _S + "77.1.7": PICTURE,  # endoscopic, photographic, dermoscopic
    _S + "66.4": LABELS, _S + "66.7": LABELS,                            # segmentation, label map segmentation
}
# A file that lost its SOP class in de-identification is read by its modality.
_BY_MODALITY = {
    "CT": _S + "2", "MR": _S + "4", "PT": _S + "128", "CR": _S + "1", "DX": _S + "1.1", "MG": _S + "1.2", "XC": _S + "77.1.4",
}

_ASK = "Ask the sender to send it decompressed."
_HINTS = {
    "1.2.840.10008.1.3.10": "The index of a disc (DICOMDIR): its files are read one by one.",
    _S + "481.3": "Contours of radiotherapy planning (RT Structure Set): this version of Graticule does not read them yet.",
    _S + "77.1.6": "A whole-slide image: this version of Graticule does not read slides yet.",
}

_SYNTAXES = {
    "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.5",
    "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70",
    "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81", "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91",
    "1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.4.202", "1.2.840.10008.1.2.4.203",
}


def sop_class_for(sop_class: str, modality: str) -> str:
    """The SOP class, or the one a file of this modality would have when it names none."""
    return sop_class or _BY_MODALITY.get(modality, "")


def read_as(sop_class: str) -> str | None:
    """VOLUME, PICTURE, LABELS, or None for what is not read."""
    return _READ_AS.get(sop_class)


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
    name = UID(syntax).name if syntax else "unnamed"
    if syntax == "1.2.840.10008.1.2.4.53":
        return f"The image is compressed as “{name}”, which DICOM has retired: no decoder here reads it. {_ASK}"
    return f"The image is compressed as “{name}”, which Graticule cannot decode. {_ASK}"
