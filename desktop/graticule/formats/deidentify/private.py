"""Private elements: all go, but for those that are known to be safe (PS3.15 E.3.10) and look as they should."""

import re
from functools import cache
from typing import Any

from graticule.formats.deidentify.elements import holds_numbers
from graticule.formats.deidentify.findings import KEPT, REMOVED, VENDOR, Findings
from graticule.formats.deidentify.profile import PRIVATE, Profile
from graticule.resources import read_json

_SIZES = {"FL": 4, "FD": 8, "US": 2, "SS": 2}
_PITCH = re.compile(rb"[0-9.:/ \0]{1,16}")
_CODES = frozenset({"NONE", "DIRECTIONAL", "BIDIRECTIONAL", "BMATRIX", "ISOTROPIC", "I", "O", "A", "P", "R", "L", "H", "F",
                    "HEAD", "BODY", "AXIAL", "HELICAL", "SPIRAL", "SCOUT"})


@cache
def safe_elements() -> dict[tuple[int, str, int], str]:
    """(group, creator, low byte of the element) → VR."""
    rows = read_json("deidentify", "safe_private.json")["elements"]
    return {(int(group, 16), creator, int(element, 16)): vr for group, creator, element, vr, _ in rows}


def clean_private(data: Any, profile: Profile, findings: Findings) -> None:
    """Remove the private elements of one data set, not those of its items."""
    private = [tag for tag in list(data.keys()) if tag.group % 2]
    safe = _safe(data, private) if profile.keeps(PRIVATE) else set()
    for tag in private:
        if tag not in safe:
            del data[tag]
    elements = [tag for tag in private if tag.element >= 0x1000]
    kept = sum(tag in safe for tag in elements)
    if kept:
        findings.note(VENDOR, "private elements known to be safe", KEPT, kept)
    if len(private) > len(safe):
        findings.note(VENDOR, "private elements", REMOVED, max(1, len(elements) - kept))


def _safe(data: Any, private: list[Any]) -> set[Any]:
    """The safe elements and the creators of their blocks."""
    creators = {(tag.group, tag.element): _creator(data, tag) for tag in private if 0x10 <= tag.element <= 0xFF}
    found = set()
    for tag in private:
        block = tag.element >> 8
        vr = safe_elements().get((tag.group, creators.get((tag.group, block), ""), tag.element & 0xFF))
        if block >= 0x10 and vr and _fits(data.get_item(tag), vr):
            found |= {tag, type(tag)(tag.group << 16 | block)}
    return found


def _creator(data: Any, tag: Any) -> str:
    value = data.get_item(tag).value
    return (value.decode("latin-1") if isinstance(value, bytes) else str(value or "")).strip(" \0")


def _fits(element: Any, vr: str) -> bool:
    """Whether the value is what a vendor writes there, whatever VR the file gives it."""
    value = element.value
    if not isinstance(value, bytes):
        return vr == element.VR and vr in (*_SIZES, "DS", "IS")
    if vr in _SIZES:
        return element.VR in (vr, "UN", None) and len(value) % _SIZES[vr] == 0
    if vr in ("DS", "IS"):
        return holds_numbers(value)
    if vr == "CS":
        return value.decode("latin-1").strip(" \0") in _CODES
    return _PITCH.fullmatch(value) is not None
