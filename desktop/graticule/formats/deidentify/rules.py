"""What PS3.15 Table E.1-1 asks for each attribute: the actions from dicom-anonymizer's table, the options from ours."""

from functools import cache
from typing import Any

from dicomanonymizer.dicomfields_selector import dicom_anonymization_database_selector

from graticule.formats.deidentify.profile import Profile
from graticule.resources import read_json

EDITION = "dicomfields_2026c"
KEEP, CLEAN, REMOVE, EMPTY, DUMMY, UID, OPEN = "K", "C", "X", "Z", "D", "U", ""
# Where the standard leaves it to the kind of object, the action is taken that no kind forbids.
_ACTIONS = {"D_TAGS": DUMMY, "Z_TAGS": EMPTY, "X_TAGS": REMOVE, "U_TAGS": UID, "Z_D_TAGS": DUMMY, "X_Z_TAGS": EMPTY,
            "X_D_TAGS": DUMMY, "X_Z_D_TAGS": DUMMY, "X_Z_U_STAR_TAGS": UID}
_DRAWINGS = (0x5000, 0x6000)
# Cleaned item by item in every profile: what remains is what readers draw and measure.
_ALWAYS = ("content", "graphics")


@cache
def table() -> dict[int, str]:
    """Tag → action without options. Repeating groups (50xx, 60xx) and private groups are not in it: see `action`."""
    named = dicom_anonymization_database_selector(EDITION)
    return {tag[0] << 16 | tag[1]: act for name, act in _ACTIONS.items() for tag in named[name] if len(tag) == 2}


@cache
def options() -> dict[int, dict[str, str]]:
    rows: dict[str, Any] = read_json("deidentify", "options.json")["options"]
    return {int(tag, 16): acts for tag, acts in rows.items()}


@cache
def action(tag: int, profile: Profile) -> str:
    """KEEP, CLEAN, REMOVE, EMPTY, DUMMY, UID, or OPEN when the table does not name the attribute."""
    if tag >> 16 & 0xFF00 in _DRAWINGS:
        return REMOVE
    for option, act in options().get(tag, {}).items():
        if profile.keeps(option) or option in _ALWAYS:
            return act
    return table().get(tag, OPEN)


def is_drawing(tag: int) -> bool:
    """A curve or an overlay plane."""
    return tag >> 16 & 0xFF00 in _DRAWINGS
