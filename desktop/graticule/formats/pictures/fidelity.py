"""What stands between a picture file and the patient: sentences for the list, rows for the case's sheet."""

from graticule.domain.volume import Doubt
from graticule.formats.pictures.picture_file import PictureFile

Sign = tuple[str, str, str]
_TURNED = {1: "none", 2: "mirrored", 3: "turned by 180°", 4: "mirrored and turned by 180°", 5: "mirrored and turned by 90°",
           6: "turned by 90° to the right", 7: "mirrored and turned by 90°", 8: "turned by 90° to the left"}
_RADIOGRAPHS = ("DX", "CR")


def picture_doubts(file: PictureFile, modality: str) -> list[Doubt]:
    doubts = [Doubt("lossy", f"The picture was compressed with loss ({file.lossy}).")] if file.lossy else []
    if modality in _RADIOGRAPHS and file.bits <= 8:
        doubts.append(Doubt("derived", "A radiograph of 8 bits: it was made from the original, which had more."))
    if file.colour and file.bits > 8:
        doubts.append(Doubt("shallow", f"Colours of {file.bits} bits are shown in 8 bits."))
    return doubts


def picture_signs(file: PictureFile, modality: str) -> tuple[Sign, ...]:
    shallow = modality in _RADIOGRAPHS and file.bits <= 8
    model = file.model if file.model in ("RGB", "L") else f"{file.model}, converted"
    rows: list[Sign] = [
        ("Pixel size", "not stated, lengths are in pixels", "warn"),
        ("Bits stored", f"{file.bits}: reduced from the detector's" if shallow else f"{file.bits}", "warn" if shallow else ""),
        ("Colour model" if file.colour else "Grey model", model, ""),
        ("Compression", f"with loss ({file.lossy})" if file.lossy else "without loss", "warn" if file.lossy else ""),
        ("Turned by the camera's note", _TURNED[file.orientation], ""),
    ]
    if file.colour:
        words = "none in the file, taken for sRGB" if not file.profile else f"{file.profile}, shown as sRGB"
        unreadable = file.profile == "unreadable"
        rows.append(("Colour profile", "unreadable, taken for sRGB" if unreadable else words, "warn" if unreadable else ""))
    if file.pages > 1:
        rows.append(("Frames", f"{file.pages} pages of the file", ""))
    return tuple(rows)
