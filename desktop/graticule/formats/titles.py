"""Titles for the worklist from a closed vocabulary: nothing a header says is shown unless it is a word listed here.

Descriptions and body parts are typed by hand at the scanner and hold names and numbers often enough that none is trusted.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

_BODY = {
    "HEAD": "head", "BRAIN": "brain", "SKULL": "skull", "NECK": "neck", "ORBIT": "orbits", "SINUS": "sinuses", "FACE": "face",
    "CHEST": "chest", "THORAX": "chest", "TORSO": "torso", "CH": "chest", "LUNG": "lung", "HEART": "heart", "CARDIAC": "heart",
    "BREAST": "breast",
    "ABDOMEN": "abdomen", "ABD": "abdomen", "AB": "abdomen", "LIVER": "liver", "KIDNEY": "kidney", "PANCREAS": "pancreas",
    "PELVIS": "pelvis", "PEL": "pelvis", "PELV": "pelvis", "PROSTATE": "prostate", "BLADDER": "bladder", "UTERUS": "uterus",
    "SPINE": "spine", "CSPINE": "cervical spine", "TSPINE": "thoracic spine", "LSPINE": "lumbar spine", "CERVICAL": "cervical",
    "LUMBAR": "lumbar", "EXTREMITY": "extremity", "LEG": "leg", "ARM": "arm", "KNEE": "knee", "HIP": "hip", "ANKLE": "ankle",
    "FOOT": "foot", "HAND": "hand", "WRIST": "wrist", "ELBOW": "elbow", "SHOULDER": "shoulder", "WHOLEBODY": "whole body",
    "BODY": "body", "COLON": "colon", "AORTA": "aorta", "SKIN": "skin", "THIGH": "thigh", "FEMUR": "femur",
}
_BODY_PHRASES = {
    "CHESTABDPELVIS": ("chest", "abdomen", "pelvis"), "CHESTABDOMEN": ("chest", "abdomen"),
    "ABDOMENPELVIS": ("abdomen", "pelvis"),
}
_SEQUENCE = {
    "T1": "T1", "T1W": "T1", "T2": "T2", "T2W": "T2", "PD": "PD", "FLAIR": "FLAIR", "STIR": "STIR", "DWI": "DWI", "ADC": "ADC",
    "SWI": "SWI", "TOF": "TOF", "EPI": "EPI", "FMRI": "fMRI", "MPRAGE": "MPRAGE", "DIXON": "Dixon", "FSE": "FSE", "TSE": "TSE",
    "AXIAL": "axial", "AX": "axial", "TRA": "axial", "SAG": "sagittal", "SAGITTAL": "sagittal", "COR": "coronal",
    "CORONAL": "coronal", "OBL": "oblique", "OBLIQUE": "oblique", "LOCALIZER": "localizer", "SCOUT": "scout", "TOPOGRAM": "scout",
    "ARTERIAL": "arterial", "PORTAL": "portal", "VENOUS": "venous", "DELAYED": "delayed", "CONTRAST": "contrast",
    "NATIVE": "native", "POST": "post", "PRE": "pre", "PLAIN": "plain", "BONE": "bone", "PA": "PA", "AP": "AP", "LAT": "lateral",
    "LATERAL": "lateral", "LL": "lateral", "CC": "CC", "MLO": "MLO", "HELICAL": "helical",
}


def safe_words(body_part: str, texts: Iterable[str], view: str = "") -> str:
    """The known words in a header's body part, view and descriptions, in a fixed order, each once."""
    return _safe_words(body_part, tuple(texts), view)


@lru_cache(maxsize=4096)
def _safe_words(body_part: str, texts: tuple[str, ...], view: str) -> str:
    """Looked up once for all slices of a series, which say the same."""
    bodies: dict[str, None] = {}
    others: dict[str, None] = {}
    for text in (body_part, view, *texts):
        for token in re.split(r"[^A-Za-z0-9]+", text.upper()):
            bodies.update(dict.fromkeys(_BODY_PHRASES.get(token, (_BODY[token],) if token in _BODY else ())))
            if token in _SEQUENCE:
                others[_SEQUENCE[token]] = None
    if len(bodies) > 1:
        bodies.pop("body", None)
    return " ".join(part for part in ("/".join(list(bodies)[:3]), " ".join(list(others)[:4])) if part)


def millimetres(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") + " mm"


def plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def title_words() -> frozenset[str]:
    """Every word that makes a title, in lower case: none of them can be a name."""
    return frozenset(word.lower() for word in (*_BODY, *_BODY_PHRASES, *_SEQUENCE))
