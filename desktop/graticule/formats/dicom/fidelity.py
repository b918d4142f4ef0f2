"""What stands between the pixels on the screen and the patient, as rows of the case's sheet."""

from typing import Any

from graticule.domain.volume import Doubt
from graticule.formats.dicom.colour import YBR_FULL, YBR_PARTIAL
from graticule.formats.dicom.frame import Coding
from graticule.formats.dicom.groups import several

Sign = tuple[str, str, str]

_METHODS = {"ISO_10918_1": "JPEG", "ISO_14495_1": "JPEG-LS", "ISO_15444_1": "JPEG 2000", "ISO_15444_15": "HTJ2K",
            "ISO_13818_2": "MPEG-2", "ISO_14496_10": "H.264", "ISO_23008_2": "HEVC", "ISO_18181_1": "JPEG XL"}
_LOSSY_SYNTAXES = {".4.50": "JPEG", ".4.51": "JPEG", ".4.81": "JPEG-LS near-lossless"}
_FOR_PROCESSING = tuple(f"1.2.840.10008.5.1.4.1.1.1.{kind}.1" for kind in (1, 2, 3))  # DX, MG, IO
_RADIOGRAPHS = ("CR", "DX", "MG", "IO", "RG", "PX")


def lossy_words(dataset: Any, syntax: str) -> str:
    """"" or how the image lost information: "JPEG, about 10 : 1", and how often; what the file leaves out is said to be unknown.

    Once lossy, always lossy: a picture that was decompressed since keeps the mark (PS3.3 C.7.6.1.1.5).
    """
    flag = str(dataset.get("LossyImageCompression") or "").strip()
    now = next((name for ending, name in _LOSSY_SYNTAXES.items() if syntax.endswith(ending)), "")
    if syntax.endswith((".4.91", ".4.203")) and flag != "00":
        now = "JPEG 2000" if syntax.endswith(".4.91") else "HTJ2K"
    if flag != "01" and not now:
        return ""
    methods = [_METHODS.get(str(part).strip(), "unnamed method") for part in several(dataset.get("LossyImageCompressionMethod"))]
    ratios = [f"about {float(part):.3g} : 1" for part in several(dataset.get("LossyImageCompressionRatio")) if _is_number(part)]
    times = max(len(methods), len(ratios), 1)
    methods += [now or "method not stated"] * (times - len(methods))
    ratios += ["ratio not stated"] * (times - len(ratios))
    steps = [", ".join(step) for step in zip(methods, ratios)]
    return steps[0] if times == 1 else f"{times} times: " + "; ".join(steps)


def pixel_signs(dataset: Any, coding: Coding) -> tuple[Sign, ...]:
    """Bits, photometric interpretation, loss, processing, burned-in text: what a file says of its pixels."""
    lossy = lossy_words(dataset, coding.syntax)
    whole = f"{coding.bits_stored} of {coding.bits_allocated}"
    bits = f"{coding.bits_allocated}-bit floating point" if coding.floating else whole
    shallow = dataset.get("Modality") in _RADIOGRAPHS and not coding.floating and coding.bits_stored <= 8
    rows: list[Sign] = [
        ("Bits stored", f"{bits}: reduced from the detector's" if shallow else bits, "warn" if shallow else ""),
        ("Colour model" if coding.samples == 3 else "Grey model", _model(coding), ""),
        ("Compression", f"with loss ({lossy})" if lossy else "without loss", "warn" if lossy else ""),
    ]
    if for_processing(dataset):
        rows.append(("Intent", "for processing, not for reading", "bad"))
    burned = str(dataset.get("BurnedInAnnotation") or "").strip().upper()
    if burned == "YES":
        rows.append(("Text in the pixels", "yes: it may name the patient", "warn"))
    elif burned != "NO" and dataset.get("Modality") in ("US", "OT", "SC", "ES", "XC"):
        rows.append(("Text in the pixels", "not stated", ""))
    return tuple(rows)


def pixel_doubts(dataset: Any, coding: Coding) -> tuple[Doubt, ...]:
    """The same, as sentences: only what a reader must not overlook."""
    doubts = []
    lossy = lossy_words(dataset, coding.syntax)
    if lossy:
        doubts.append(Doubt("lossy", f"The image was compressed with loss ({lossy})."))
    if for_processing(dataset):
        doubts.append(Doubt("for-processing", "The image is marked “for processing”: it is not meant to be read as it is."))
    if str(dataset.get("BurnedInAnnotation") or "").strip().upper() == "YES":
        doubts.append(Doubt("burned-in", "The pixels hold text, which may name the patient."))
    if coding.samples == 3 and not coding.floating and coding.bits_stored > 8:
        doubts.append(Doubt("shallow", f"Colours of {coding.bits_stored} bits are shown in 8 bits."))
    return tuple(doubts)


def for_processing(dataset: Any) -> bool:
    intent = str(dataset.get("PresentationIntentType") or "").strip().upper()
    return intent == "FOR PROCESSING" or (not intent and str(dataset.get("SOPClassUID") or "") in _FOR_PROCESSING)


def _model(coding: Coding) -> str:
    if coding.photometric in (*YBR_FULL, *YBR_PARTIAL):
        return f"{coding.photometric}, shown as RGB"
    return f"{coding.photometric}: the highest value is black" if coding.photometric == "MONOCHROME1" else coding.photometric


def _is_number(value: Any) -> bool:
    try:
        return float(value) > 0
    except (TypeError, ValueError):
        return False
