"""Which program proposed a segment, as far as the segment says so."""

from dataclasses import dataclass

from graticule.domain.elements import MACHINE, MACHINE_CORRECTED, Segment

# In `Segment.extra`: {"name", "version"} of what proposed it.
ALGORITHM = "algorithm"
_NOT_STATED = "not stated"


@dataclass(frozen=True, slots=True)
class Algorithm:
    """64 characters at most, as DICOM has names."""

    name: str
    version: str


def algorithm_of(segment: Segment) -> Algorithm | None:
    """None for a segment that no program proposed."""
    if segment.provenance not in (MACHINE, MACHINE_CORRECTED):
        return None
    said = segment.extra.get(ALGORITHM)
    words = said if isinstance(said, dict) else {"name": said} if isinstance(said, str) else {}
    return Algorithm(str(words.get("name") or _NOT_STATED)[:64], str(words.get("version") or _NOT_STATED)[:64])
