"""What an import keeps: the options of PS3.15 E.3 that a profile (resources/deidentify/profiles) names."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from graticule.domain.errors import GraticuleError
from graticule.resources import read_json, resource

PATIENT, DATES, DESCRIPTIONS, PRIVATE, DEVICE = "patient", "dates", "descriptions", "private", "device"
OPTIONS = (PATIENT, DATES, DESCRIPTIONS, PRIVATE, DEVICE)
# CID 7050: what was done to a file is written into it. Drawings and reports are always cleaned, never kept whole.
_METHODS = {
    "": ("113100", "Basic Application Confidentiality Profile"), "graphics": ("113103", "Clean Graphics Option"),
    "content": ("113104", "Clean Structured Content Option"), DESCRIPTIONS: ("113105", "Clean Descriptors Option"),
    DATES: ("113107", "Retain Longitudinal Temporal Information Modified Dates Option"),
    PATIENT: ("113108", "Retain Patient Characteristics Option"), DEVICE: ("113109", "Retain Device Identity Option"),
    PRIVATE: ("113111", "Retain Safe Private Option"),
}


@dataclass(frozen=True, slots=True)
class Profile:
    """keep: those of OPTIONS that hold. title, text: for the reader."""

    name: str
    title: str
    text: str
    keep: frozenset[str]

    def keeps(self, option: str) -> bool:
        return option in self.keep

    def methods(self) -> list[tuple[str, str]]:
        """(code, meaning) of DCM, for the De-identification Method Code Sequence."""
        wanted = ("", "graphics", "content", *(option for option in OPTIONS if option in self.keep))
        return sorted(_METHODS[option] for option in wanted)


@cache
def profiles() -> tuple[Profile, ...]:
    """Those of this installation; "reading" first."""
    names = sorted(path.stem for path in resource("deidentify", "profiles").glob("*.json"))
    return tuple(_profile(read_json("deidentify", "profiles", f"{name}.json")) for name in names)


def profile_named(name: str) -> Profile:
    """GraticuleError when there is none of that name."""
    found = next((profile for profile in profiles() if profile.name == name), None)
    if found is None:
        known = ", ".join(profile.name for profile in profiles())
        raise GraticuleError(f"There is no way of de-identifying called “{name}”.", f"Known are: {known}.")
    return found


def _profile(document: dict[str, Any]) -> Profile:
    unknown = set(document["keep"]) - set(OPTIONS)
    if unknown:
        raise ValueError(f"unknown options {sorted(unknown)}")
    return Profile(document["name"], document["title"], document["text"], frozenset(document["keep"]))
