"""The list of marks: what each measures, where it is, and how it is renamed, copied and taken away."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from graticule.domain.edits import ElementChange
from graticule.domain.elements import Region
from graticule.domain.geometry import Floats
from graticule.domain.picture import Picture
from graticule.domain.volume import Volume
from graticule.editing.tools.marks import titled
from graticule.imaging.lengths import from_stored
from graticule.imaging.profile import profile
from graticule.imaging.shapes import ARROW, LINE, PROFILE, TEXT
from graticule.presenters.finding_names import FindingNames
from graticule.presenters.mark_words import brief, copy_text, details_of, title_of
from graticule.presenters.open_case import OpenCase


@dataclass(frozen=True, slots=True)
class MarkShown:
    """Another mark is chosen, or none ("")."""

    case_id: str
    mark: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list. foreign: read from a file that came with the images, so it cannot be changed."""

    id: str
    shape: str
    title: str
    amount: str
    details: tuple[tuple[str, str], ...]
    foreign: bool = False


class Measurements:
    """go: brings the views to a place, (x, y, z) mm or (column, row[, frame])."""

    def __init__(self, opened: OpenCase, go: Callable[[Floats], None]) -> None:
        self._opened = opened
        self._go = go
        self.findings = FindingNames(opened)
        self.chosen = ""

    def rows(self) -> list[Row]:
        own = [_row(self.findings.named(region), foreign=False) for region in self._own()]
        return own + [_row(region, foreign=True) for region in self._foreign()]

    @property
    def locked(self) -> bool:
        return self._opened.workspace.locked

    def choose(self, mark: str, *, go: bool = True) -> None:
        """Show its handles, and go where it lies."""
        region = self.region(mark)
        self.chosen = mark if region is not None else ""
        if region is not None and go:
            self._go(place_of(region))
        self._opened.bus.publish(MarkShown(self._opened.case.id, self.chosen))

    def name_of(self, mark: str) -> str:
        region = self.region(mark)
        return region.name if region is not None else ""

    def rename(self, mark: str, name: str) -> None:
        region = self._opened.workspace.labels.get(Region, mark)
        if region is not None and region.name != name.strip():
            self._opened.workspace.set(titled("Name", region), replace(region, name=name.strip()))

    def delete(self, mark: str) -> None:
        region = self._opened.workspace.labels.get(Region, mark)
        if region is not None:
            self.chosen = "" if self.chosen == mark else self.chosen
            self._opened.workspace.do(titled("Delete", region), ElementChange.remove(region))

    def copied(self, mark: str = "") -> str:
        """One mark, or all, as lines of text."""
        regions = [region for region in (*self._own(), *self._foreign()) if mark in ("", region.id)]
        return "\n".join(copy_text(self.findings.named(region)) for region in regions)

    def wants_name(self) -> str:
        """The newest arrow that still says nothing; "" when there is none."""
        silent = [region for region in self._own() if region.shape in (ARROW, TEXT) and not region.name]
        return silent[-1].id if silent else ""

    def curve(self) -> tuple[Floats, Floats, str, str] | None:
        """(distance, value, unit of distance, unit of value) along the chosen line; None when no line is chosen."""
        region, content = self.region(self.chosen), self._opened.content
        if region is None or region.shape not in (PROFILE, LINE) or not isinstance(content, Volume | Picture):
            return None
        away, values, unit = profile(from_stored(region.points), content)
        return (away, values, unit, content.unit or "") if np.isfinite(values).any() else None

    def region(self, mark: str) -> Region | None:
        return next((region for region in (*self._own(), *self._foreign()) if region.id == mark), None)

    def _own(self) -> list[Region]:
        return sorted(self._opened.workspace.labels.of(Region), key=lambda region: region.number)

    def _foreign(self) -> list[Region]:
        return [region for labels in self._opened.beside for region in labels.of(Region)]


def place_of(region: Region) -> Floats:
    """The middle of its points."""
    return np.asarray(from_stored(region.points).mean(axis=0))


def _row(region: Region, *, foreign: bool) -> Row:
    return Row(region.id, region.shape, title_of(region), brief(region), details_of(region), foreign)
