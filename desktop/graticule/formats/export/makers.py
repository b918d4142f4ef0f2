"""Who made, edited and approved each segment: what a DICOM segmentation itself has no place for."""

from collections.abc import Mapping
from dataclasses import dataclass

MADE, EDITED, APPROVED = "made", "edited", "approved"


@dataclass(frozen=True, slots=True)
class Maker:
    """person: the name or pseudonym the evidence knows, "" for a program. role: MADE, EDITED or APPROVED."""

    person: str
    role: str


Makers = Mapping[str, tuple[Maker, ...]]
"""Segment id → its makers, in order of time. "" stands for every segment that is not named."""


def makers_of(makers: Makers, segment_id: str) -> tuple[Maker, ...]:
    return makers.get(segment_id) or makers.get("", ())
