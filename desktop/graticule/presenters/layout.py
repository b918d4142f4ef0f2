"""What stands where in the middle of the window: a grid of one to nine viewports, each with one view of one series."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from graticule.imaging.orientation import AXIAL, CORONAL, SAGITTAL

VIEW_3D, PICTURE, ACQUIRED = "3d", "picture", "acquired"
MOST = 3
FUSED = " fused"
_OF = " of "
VOLUME_SHOWS = (AXIAL, VIEW_3D, CORONAL, SAGITTAL)


@dataclass(frozen=True, slots=True)
class Place:
    """One viewport. show: a plane's name, "3d" or "picture"; "" for an empty one.

    case_id: whose image it is; "" for the case that is labelled. fused: with the other series over it.
    window, slab_mm: what a hanging protocol asks for when the view is first shown (a preset's name; a thick slab's depth).
    """

    show: str = ""
    case_id: str = ""
    fused: bool = False
    window: str = ""
    slab_mm: float = 0.0

    @property
    def key(self) -> str:
        """The view's name, everywhere: "axial", "axial fused", "axial of c1:…"."""
        if not self.show:
            return ""
        return self.show + (FUSED if self.fused else "") + (_OF + self.case_id if self.case_id else "")


@dataclass(frozen=True, slots=True)
class Layout:
    """Places row by row; no view stands twice."""

    rows: int
    columns: int
    places: tuple[Place, ...]

    def __post_init__(self) -> None:
        if not (1 <= self.rows <= MOST and 1 <= self.columns <= MOST and len(self.places) == self.rows * self.columns):
            raise ValueError("a layout is a grid of 1×1 to 3×3 places")

    def find(self, key: str) -> int | None:
        """Where a view stands."""
        return next((at for at, place in enumerate(self.places) if place.key == key and key), None)

    def with_place(self, at: int, place: Place) -> "Layout":
        """Put a view somewhere; when it stood elsewhere already, the two change places."""
        places = list(self.places)
        before = self.find(place.key)
        if before is not None and before != at:
            places[before] = places[at]
        places[at] = place
        return replace(self, places=tuple(places))

    def named(self, case_id: str, acquired: str) -> "Layout":
        """With the plane's own name where a place asked for a series "as acquired"; what then stands twice is left empty."""
        return self._of(replace(place, show=acquired) if (place.show, place.case_id) == (ACQUIRED, case_id) else place
                        for place in self.places)

    def fused(self, under_id: str | None) -> "Layout":
        """Another series lies over every plane of one series ("" for the case itself); None: over none."""
        return self._of(replace(place, fused=bool(place.show) and place.show != VIEW_3D and place.case_id == under_id)
                        for place in self.places)

    def with_room(self) -> tuple["Layout", int]:
        """A layout with an empty place, and where that is: this one, or one a column (then a row) larger.

        The largest when it is full: its last place.
        """
        free = next((at for at, place in enumerate(self.places) if not place.key), None)
        if free is not None:
            return self, free
        rows, columns = self.rows, self.columns
        if rows == columns == MOST:
            return self, len(self.places) - 1
        wider = columns <= rows and columns < MOST
        larger = self.resized(rows if wider else rows + 1, columns + 1 if wider else columns, ())
        return larger, next(at for at, place in enumerate(larger.places) if not place.key)

    @property
    def shows_case(self) -> bool:
        """Whether the case that is labelled is in view."""
        return any(place.key and not place.case_id for place in self.places)

    def _of(self, places: Iterable[Place]) -> "Layout":
        """Places in the same grid; a view that would stand twice is left out the second time."""
        kept: list[Place] = []
        for place in places:
            kept.append(place if place.key not in {before.key for before in kept} else Place())
        return replace(self, places=tuple(kept))

    def without(self, case_id: str) -> "Layout":
        """A companion is gone: its places are empty."""
        return replace(self, places=tuple(Place() if case_id and place.case_id == case_id else place for place in self.places))

    def resized(self, rows: int, columns: int, more: Sequence[Place]) -> "Layout":
        """The same views in another grid, filled up with those of `more` that are not there yet."""
        kept = [place for place in self.places if place.key][:rows * columns]
        if all(place.case_id for place in kept):
            kept = [*[place for place in self.places if place.key and not place.case_id][:1], *kept]
        names = {place.key for place in kept}
        fill = [*kept, *(place for place in more if place.key not in names)][:rows * columns]
        return Layout(rows, columns, (*fill, *[Place()] * (rows * columns - len(fill))))

    @property
    def companions(self) -> tuple[str, ...]:
        """Case ids of the companions that are shown, each once."""
        return tuple(dict.fromkeys(place.case_id for place in self.places if place.case_id))

    def as_json(self) -> dict[str, Any]:
        return {"rows": self.rows, "columns": self.columns,
                "places": [[place.show, place.case_id, place.fused] for place in self.places]}


def layout_from_json(data: Any) -> Layout | None:
    """What `as_json` gave; None when it is something else."""
    if not isinstance(data, Mapping):
        return None
    try:
        places = tuple(Place(str(show), str(case_id), bool(fused)) for show, case_id, fused in data["places"])
        return Layout(int(data["rows"]), int(data["columns"]), places)
    except (KeyError, TypeError, ValueError):
        return None


FOUR_UP = Layout(2, 2, tuple(Place(show) for show in VOLUME_SHOWS))
ONE_PICTURE = Layout(1, 1, (Place(PICTURE),))
