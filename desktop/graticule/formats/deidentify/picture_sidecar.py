"""The JSON file that an archive wrote beside a picture (ISIC): the few fields that a reader uses, and nothing else."""

import json
from pathlib import Path
from typing import Any

from graticule.formats.deidentify.ages import capped_years
from graticule.formats.deidentify.findings import IDENTITY, KEPT, REMOVED, REPLACED, TEXT
from graticule.formats.deidentify.profile import PATIENT
from graticule.formats.deidentify.work import Copy, Work

_WORDS = ("anatom_site_general", "anatom_site_special", "anatom_site", "image_type", "dermoscopic_type", "diagnosis_confirm_type")
_CLINICAL: dict[str, Any] = {"sex": str, "age_approx": (int, float), "family_hx_mm": bool, "personal_hx_mm": bool}
_NUMBERS = ("patient_id", "lesion_id")
_LONGEST_WORD = 60


def clean_sidecar(path: Path, picture: Copy, work: Work) -> Copy | None:
    """None when the file is not one of those that are understood."""
    try:
        document = json.loads(path.read_bytes()[:1 << 20])
    except (OSError, ValueError, RecursionError):
        return None
    found: dict[str, Any] = {}
    _collect(document, found, work, depth=0)
    if not found:
        return None
    work.findings.note(TEXT, "other fields beside pictures", REMOVED)
    name = picture.copy.with_suffix(".json").name
    return work.put(path, name, json.dumps(found, indent=1, sort_keys=True).encode(), beside=picture)


def _collect(value: Any, found: dict[str, Any], work: Work, depth: int) -> None:
    if not isinstance(value, dict) or depth > 4:
        return
    for name, said in value.items():
        if name in _NUMBERS and isinstance(said, str | int):
            found[name] = work.key.word(name, str(said))
            work.findings.note(IDENTITY, name, REPLACED)
        elif name in _WORDS and isinstance(said, str) and len(said) <= _LONGEST_WORD:
            if said.strip().lower() in _known():
                found[name] = said
        elif name in _CLINICAL and isinstance(said, _CLINICAL[name]) and work.profile.keeps(PATIENT):
            kept = capped_years(said) if name == "age_approx" else said
            if name != "sex" or str(said).lower() in ("male", "female"):
                found[name] = kept
                work.findings.note(IDENTITY, "age, sex and history", KEPT)
        else:
            _collect(said, found, work, depth + 1)


def _known() -> set[str]:
    from graticule.formats.pictures import sidecar

    return {*sidecar.SITES, *sidecar.KINDS, *sidecar.TRUTHS}
