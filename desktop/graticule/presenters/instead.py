"""Another series in the place of a view's own: same plane, same size, other values, and its name for all to see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graticule.domain.geometry import Floats, Grid
from graticule.domain.volume import Window
from graticule.imaging.ties import Tie, TieKind

if TYPE_CHECKING:
    from graticule.presenters.linked import Linked
    from graticule.presenters.volume import VolumePresenter


@dataclass(frozen=True, eq=False)
class Instead:
    """case_id, name: whose series; tie: from the series of the view to it; series: its window, its values, its own views."""

    case_id: str
    name: str
    series: VolumePresenter
    tie: Tie

    @property
    def grid(self) -> Grid:
        """The series as it lies in the space of the view's own."""
        return self.tie.placed_grid(self.series.volume.grid)

    @property
    def window(self) -> Window:
        return self.series.window

    @property
    def words(self) -> str:
        """"PT chest, registered": unmistakable, and honest about how it came to lie here."""
        return f"{self.name} (registered)" if self.tie.kind is TieKind.REGISTERED else self.name

    def read_out(self, at_mm: Floats) -> str:
        """"PT 3.2 SUV" at a place of the view's own series; "" outside."""
        volume = self.series.volume
        value = volume.value_at(self.tie.there(at_mm))
        return "" if value is None else f"{volume.modality} {value:.4g} {volume.unit or ''}".strip()


def in_turn(linked: Linked, base: str, here: list[str], now: str) -> list[str]:
    """What may stand in the place of series `base`, in the order of `here` and beginning after `now` ("" for its own)."""
    placed = [case_id for case_id in here if case_id != base and (tie := linked.tie(base, case_id)) is not None and tie.placed]
    if now not in placed:
        return placed
    at = placed.index(now) + 1
    return [*placed[at:], "", *placed[:at - 1]]
