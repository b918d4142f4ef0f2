"""Importing without identity, as the desk shows it: which ways there are, and what one import did. Counts, never values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # NumPy, and all that stands on it, is imported after the first paint
    from pathlib import Path

    from graticule.domain.progress import Progress
    from graticule.presenters.ports import Imported

ACTIONS = {"removed": "Removed", "replaced": "Replaced", "shifted": "Moved", "cleaned": "Shortened", "kept": "Kept"}
GROUPS = {
    "identity": "Names, numbers, age and sex", "times": "Dates and times", "uids": "Identifiers of images (UIDs)",
    "places": "Places and devices", "text": "Words and codes", "drawings": "Drawings on images (overlays)",
    "vendor": "Private entries of the maker", "pictures": "EXIF, GPS and other additions to photographs", "body": "The body",
}


@dataclass(frozen=True, slots=True)
class Way:
    """A profile of de-identification: its name, and what it does, in English as `tr` knows it."""

    name: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Report:
    """rows: (group, attribute, action, count). doubts: (sentence, number of files). trial: nothing was imported."""

    files: int
    rows: tuple[tuple[str, str, str, int], ...] = ()
    doubts: tuple[tuple[str, int], ...] = ()
    trial: bool = False

    def groups(self) -> list[tuple[str, Mapping[str, int]]]:
        """(group in words, action → count), in the order of GROUPS."""
        found: dict[str, dict[str, int]] = {}
        for group, _, action, count in self.rows:
            theirs = found.setdefault(group, dict.fromkeys(ACTIONS, 0))
            theirs[action] += count
        return [(words, found[group]) for group, words in GROUPS.items() if group in found]

    def details(self, group: str) -> list[tuple[str, str, int]]:
        """(attribute, action in words, count) of a group in words; the most frequent first."""
        rows = [(what, ACTIONS[action], count) for name, what, action, count in self.rows if GROUPS.get(name) == group and count]
        return sorted(rows, key=lambda row: (-row[2], row[0]))


class Deidentifier(Protocol):
    """What the import can do about identities."""

    @property
    def demanded(self) -> str:
        """The way that the protocol asks for, "" when it leaves it to the reader."""
        ...

    def ways(self) -> Sequence[Way]: ...

    def bring_in(self, paths: Sequence[Path], way: str, progress: Progress) -> tuple[list[Imported], Report]:
        """Import copies without identity."""
        ...

    def try_out(self, paths: Sequence[Path], way: str, progress: Progress) -> Report:
        """What that would remove and keep; nothing is imported."""
        ...
