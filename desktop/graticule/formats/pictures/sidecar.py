"""What an archive tells of a skin picture in the JSON file beside it (ISIC, old and new form): never what the lesion is.

The diagnosis is what readers are asked for: it is not taken over at all. Only words of closed lists and numbers are.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from graticule.formats.dicom.about import opaque

_LONGEST = 1 << 20
SITES = {"head/neck", "upper extremity", "lower extremity", "anterior torso", "posterior torso", "lateral torso", "torso",
          "palms/soles", "oral/genital", "abdomen", "back", "chest", "face", "foot", "hand", "neck", "scalp", "ear", "genital",
          "trunk", "acral"}
_DERMOSCOPIC, _CLINICAL = "dermoscopic", "clinical"
KINDS = {"dermoscopic": _DERMOSCOPIC, "dermoscopy": _DERMOSCOPIC, "contact polarized": _DERMOSCOPIC,
          "contact non-polarized": _DERMOSCOPIC, "non-contact polarized": _DERMOSCOPIC,
          "clinical": _CLINICAL, "overview": _CLINICAL, "clinical: close-up": _CLINICAL, "clinical: overview": _CLINICAL,
          "tbp tile: close-up": _CLINICAL, "tbp tile: overview": _CLINICAL}
TRUTHS = {"histopathology": "histopathology", "serial imaging showing no change": "follow-up",
           "single image expert consensus": "expert", "single contributor clinical assessment": "expert",
           "confocal microscopy with consensus dermoscopy": "expert"}
_HISTORIES = {"family_hx_mm": "family history of melanoma", "personal_hx_mm": "personal history of melanoma"}


def sidecar_of(picture: Path) -> Path | None:
    """The JSON file of the same name beside a picture."""
    beside = picture.with_suffix(".json")
    return beside if beside.is_file() else None


def sidecar_facts(picture: Path) -> dict[str, Any]:
    """Facts of the case out of the picture's sidecar; empty when there is none or it is of another kind."""
    path = sidecar_of(picture)
    said = _read(path) if path is not None else None
    if said is None:
        return {}
    site = _word(said, "anatom_site_general", "anatom_site_special", "anatom_site")
    facts: dict[str, Any] = {
        "patient": _key("p-", said.get("patient_id")), "lesion": _key("l-", said.get("lesion_id")),
        "body_part": site if site in SITES else "", "acquisition": _acquisition(said),
        "truth_kind": TRUTHS.get(_word(said, "diagnosis_confirm_type"), ""), "context": _context(said, site),
    }
    return {name: value for name, value in facts.items() if value}


def _read(path: Path) -> dict[str, Any] | None:
    """The file's own fields in one table; None when it is no ISIC file."""
    try:
        data = json.loads(path.read_bytes()[:_LONGEST])
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(data, dict):
        return None
    meta = next((data[name] for name in ("metadata", "meta") if isinstance(data.get(name), Mapping)), data)
    parts = [part for name in ("acquisition", "clinical") if isinstance(part := meta.get(name), Mapping)]
    return {key: value for part in (parts or [meta]) for key, value in part.items()}


def _word(said: Mapping[str, Any], *names: str) -> str:
    return next((str(said[name]).strip().lower() for name in names if isinstance(said.get(name), str)), "")


def _key(prefix: str, value: Any) -> str:
    return opaque(prefix, "ISIC", str(value)) if isinstance(value, str | int) and str(value) else ""


def _acquisition(said: Mapping[str, Any]) -> str:
    return KINDS.get(_word(said, "image_type"), "") or KINDS.get(_word(said, "dermoscopic_type"), "")


def _context(said: Mapping[str, Any], site: str) -> dict[str, str]:
    age, sex = said.get("age_approx"), _word(said, "sex")
    history = [words if said[name] else f"no {words}" for name, words in _HISTORIES.items() if isinstance(said.get(name), bool)]
    found = {"age": f"about {age:g} years" if isinstance(age, int | float) and 0 <= age < 130 else "",
             "sex": sex if sex in ("female", "male") else "", "site": site if site in SITES else "",
             "history": "; ".join(history)}
    return {name: value for name, value in found.items() if value}
