"""Cases of one patient, as facts say it, without files."""

from typing import Any

from graticule.domain.case import Case, Kind

PATIENT = "p-0123456789abcdef"


def relative(number: int, modality: str = "CT", words: str = "chest", *, kind: Kind = Kind.VOLUME, **facts: Any) -> Case:
    """A case of the patient in study "s1" of 2024-05-20, unless `facts` say otherwise."""
    own = {"patient": PATIENT, "study": "s1", "taken": "2024-05-20T10:00:00", **facts}
    return Case(f"c1:{number:02d}", kind, modality, f"{modality} {words} · 20 slices", "fake", (),
                facts={name: value for name, value in own.items() if value != ""})


def radiograph(number: int, view: str, **facts: Any) -> Case:
    return relative(number, facts.pop("modality", "DX"), "chest", kind=Kind.IMAGE, view=view, **facts)


def breast(number: int, side: str, view: str, **facts: Any) -> Case:
    return relative(number, "MG", "breast", kind=Kind.IMAGE, laterality=side, view=view, **facts)
