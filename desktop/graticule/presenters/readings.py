"""The ways in which the files of a case can be read, for the reader to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from graticule.domain.progress import Progress

USUAL = "geometry"
_TITLES = {
    USUAL: "As the geometry divides them",
    "file-order": "One stack in the order of the files",
    "by-place": "One stack by the places of the slices",
    "by-echo": "By echo", "by-b-value": "By b-value", "by-direction": "By diffusion direction",
    "by-component": "By magnitude, phase, real and imaginary part", "by-part": "By image type",
    "by-energy": "By energy", "by-kernel": "By reconstruction kernel", "by-time": "By time",
    "by-inversion": "By inversion time", "by-flip-angle": "By flip angle", "by-phase": "By phase",
    "by-acquisition": "By acquisition",
}
TITLES = tuple(_TITLES.values())


@dataclass(frozen=True, slots=True)
class Reading:
    """slices: of each item that the files then are. now: the open case comes from this one."""

    name: str
    slices: tuple[int, ...]
    doubts: tuple[str, ...]
    now: bool

    @property
    def usual(self) -> bool:
        return self.name == USUAL

    @property
    def title(self) -> str:
        return _TITLES.get(self.name, self.name)


@dataclass(frozen=True, slots=True)
class ReadAgain:
    """cases: ids of what the files are now, in order. kept: how many labelled items of theirs stay in the list."""

    cases: tuple[str, ...]
    kept: int


class Rereader(Protocol):
    """The store's side of it; both may be called away from the main thread."""

    def readings(self, case_id: str, progress: Progress) -> Sequence[Reading]:
        """The usual one first; [] when the files can be read one way only."""
        ...

    def read_as(self, case_id: str, name: str, progress: Progress) -> ReadAgain: ...
