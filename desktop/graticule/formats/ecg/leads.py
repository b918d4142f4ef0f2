"""What leads are called: one spelling for the standard twelve, and the names behind the codes of DICOM and SCP-ECG."""

from collections.abc import Iterable

from graticule.domain.recording import STANDARD_LEADS

_STANDARD = {name.lower(): name for name in STANDARD_LEADS}

# Numbers of the lead table that ISO/IEEE 11073-10102 (MDC 2:n) and SCP-ECG (5.6.3-9-n) share; DICOM CID 3001.
_BY_NUMBER = {
    1: "I", 2: "II", 3: "V1", 4: "V2", 5: "V3", 6: "V4", 7: "V5", 8: "V6", 9: "V7", 10: "V2R", 11: "V3R", 12: "V4R",
    13: "V5R", 14: "V6R", 15: "V7R", 16: "X", 17: "Y", 18: "Z", 20: "CM5", 31: "I", 32: "II", 33: "V1", 34: "V2", 35: "V3",
    36: "V4", 37: "V5", 38: "V6", 61: "III", 62: "aVR", 63: "aVL", 64: "aVF", 65: "-aVR", 66: "V8", 67: "V9", 92: "MCL1",
    93: "MCL2", 94: "MCL3", 95: "MCL4", 96: "MCL5", 97: "MCL6", 106: "CM1", 107: "CM2", 108: "CM3", 109: "CM4", 110: "CM6",
    111: "III", 112: "aVR", 113: "aVL", 114: "aVF",
}
_DERIVED = {*range(31, 39), *range(111, 115)}


def spelled(name: str) -> str:
    """ "avr" → "aVR", "Lead v1" → "V1"; other names as they are."""
    plain = name.strip()
    bare = plain[5:].strip() if plain.lower().startswith("lead ") else plain
    return _STANDARD.get(bare.lower(), plain)


def is_known(name: str) -> bool:
    """Whether a channel's name says which lead, or which other signal of the body, it is."""
    plain = spelled(name).strip().lower().replace("_", " ").replace("-", " ").replace("ecg", " ").replace("ekg", " ").split()
    return any(word in _KNOWN_WORDS for word in plain) or spelled(name).lower().startswith(("mcl", "ml", "cm", "cc"))


_KNOWN_WORDS = {*_STANDARD, *(name.lower() for name in _BY_NUMBER.values()), "v", "v3r", "v4r", "v5r", "v6r", "vx", "vy", "vz",
                "es", "as", "ai", "d1", "d2", "d3", "d4", "modified", "resp", "abp", "art", "pleth", "ppg", "spo2", "pap", "cvp",
                "mlii", "mliii", "mli", "nose", "chest", "abdomen"}


def by_code(scheme: str, code: str) -> tuple[str, bool] | None:
    """(name, whether it was derived from other leads) of a coded lead; None for a code that is not in the table."""
    head, _, number = code.rpartition(":" if scheme == "MDC" else "-")
    known = (scheme == "MDC" and head == "2") or (scheme == "SCPECG" and head == "5.6.3-9")
    if not known or not number.isdigit() or int(number) not in _BY_NUMBER:
        return None
    return _BY_NUMBER[int(number)], int(number) in _DERIVED


def distinct(names: Iterable[str]) -> list[str]:
    """The names, each once: a second "II" becomes "II (2)", so that a label says which one it stands on."""
    seen: dict[str, int] = {}
    out = []
    for name in names:
        seen[name.lower()] = seen.get(name.lower(), 0) + 1
        out.append(name if seen[name.lower()] == 1 else f"{name} ({seen[name.lower()]})")
    return out
