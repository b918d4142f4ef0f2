"""A pile of frames that make one volume, and how a pile is divided."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from graticule.domain.geometry import Array
from graticule.domain.volume import Doubt
from graticule.formats.dicom.frame import Frame

# The reading that stacks images in the order of their files, wherever they lie.
FILE_ORDER = "file-order"


@dataclass(frozen=True, slots=True)
class Pile:
    """The frames of one volume, sorted along the slice normal (by location or number when positions are unknown).

    interpretation: which of several volumes of the same frames' series this is ("echo 2 of 3, time 1 of 2"), "" when it is the
    only one. doubts: how sure the division is. alternatives: other readings of the same files, in words. chosen: the name of the
    reading (`readings.py`) that the reader chose, "" for what the geometry tells.
    """

    frames: tuple[Frame, ...]
    interpretation: str = ""
    doubts: tuple[Doubt, ...] = ()
    alternatives: tuple[str, ...] = ()
    chosen: str = ""

    @property
    def placed(self) -> bool:
        return all(frame.position is not None and frame.orientation is not None for frame in self.frames)


def along_normal(frames: Sequence[Frame]) -> Array:
    """(n,) float64 mm: each frame's position along the normal of the first frame's plane."""
    orientation = np.array(frames[0].orientation)
    normal = np.cross(orientation[:3], orientation[3:])
    return np.asarray(np.array([frame.position for frame in frames]) @ (normal / np.linalg.norm(normal)))


def alongs(groups: Sequence[Sequence[Frame]]) -> list[Array]:
    """Of each group along one normal, that of the very first frame, so that the groups can be compared."""
    first = groups[0][0]
    return [along_normal([first, *group])[1:] for group in groups]


Division = Callable[[Pile], "list[Pile]"]
"""Gives back the parts of a pile in their order, or [pile] where it sees no reason to divide."""


def divided(pile: Pile, divisions: Sequence[Division]) -> list[Pile]:
    """Apply each division to what the ones before it left."""
    found = [pile]
    for divide in divisions:
        found = [part for whole in found for part in divide(whole)]
    return found


def parted(pile: Pile, name: str, parts: Sequence[Sequence[Frame]], doubts: Sequence[Doubt] = (),
           alternatives: Sequence[str] = ()) -> list[Pile]:
    """The parts in order, each saying which it is."""
    first = f"{pile.interpretation}, " if pile.interpretation else ""
    return [Pile(tuple(part), f"{first}{name} {number} of {len(parts)}", (*pile.doubts, *doubts),
                 (*pile.alternatives, *alternatives)) for number, part in enumerate(parts, 1)]


def by_value_of(frames: Sequence[Frame], key: str) -> dict[str, list[Frame]]:
    """Frames by what they say of an attribute ("" where they do not), in the order of the values, numbers first."""
    groups: dict[str, list[Frame]] = defaultdict(list)
    for frame in frames:
        groups[dict(frame.moments).get(key, "")].append(frame)
    return {value: groups[value] for value in sorted(groups, key=numeric)}


def numeric(value: str) -> tuple[float, str]:
    """Sorts numbers by their size, before words."""
    try:
        return float(value or ""), ""
    except ValueError:
        return float("inf"), value
