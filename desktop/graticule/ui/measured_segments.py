"""What is measured of the segments of a volume: their numbers, who made them, and two masks compared."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from graticule.domain.edits import Touched
from graticule.domain.volume import Volume
from graticule.presenters.comparing import Comparing
from graticule.presenters.segment_figures import Beside
from graticule.presenters.segment_numbers import NumbersChanged, NumbersDesk
from graticule.presenters.segments import SegmentsPresenter
from graticule.presenters.volume import VolumePresenter
from graticule.ui.comparison_panel import ComparisonPanel
from graticule.ui.numbers_panel import NumbersPanel
from graticule.ui.reading import Reading
from graticule.ui.section import bring_into_sight
from graticule.ui.segments_panel import SegmentsPanel
from graticule.ui.words import tr


class MeasuredSegments(QObject):
    """page: a VolumePage; its segments panel stands above these."""

    def __init__(self, page: Any, segments: SegmentsPresenter, panel: SegmentsPanel, look: VolumePresenter) -> None:
        super().__init__(page)
        opened = page.opened
        self._page, self._segments, self._panel, self._look = page, segments, panel, look
        self.desk = NumbersDesk(opened, segments, page.bench, lambda: series_beside(page.reading, opened.case.id))
        self.comparing = Comparing(opened, look.volume, segments)
        self.numbers = NumbersPanel(self.desk, segments, opened.bus, look.move_cursor, look.show_guides)
        self.comparison = ComparisonPanel(self.comparing, opened.bus, look.move_cursor, look.show_compared)
        self.comparison.trouble.connect(page.trouble)
        self.numbers.waits = lambda: bool(page.hand.pressed)
        self.numbers.wanted = lambda: self.numbers.isVisible() or panel.legend.isVisible()
        panel.legend.shown.connect(self.numbers.ask)
        self.numbers.compare_asked.connect(self._toggle_comparison)
        self._leave: Callable[[], None] = opened.bus.subscribe(NumbersChanged, self._numbers_changed)
        self._show_shares()

    def panels(self) -> list[tuple[str, QWidget]]:
        return [(tr("Numbers"), self.numbers), (tr("Comparison"), self.comparison)]

    def labels_changed(self, touched: Touched) -> None:
        self.numbers.labels_changed(touched)
        self.comparing.labels_changed(bool(touched.boxes))
        if touched.elements:
            self.comparison.refresh()

    def follow(self) -> None:
        """Another segment is in the hand."""
        self.numbers.follow()
        self._show_shares()

    def toggle_authors(self) -> None:
        self._look.see_authors(not self._look.authors_seen)

    def _toggle_comparison(self) -> None:
        self.comparison.toggle()
        bring_into_sight(self.comparison)

    def shutdown(self) -> None:
        self._leave()
        self.numbers.shutdown()
        self.comparison.shutdown()

    def _numbers_changed(self, event: NumbersChanged) -> None:
        if event.segment == self._segments.active:
            self._show_shares()

    def _show_shares(self) -> None:
        row, figures = self._segments.row(self._segments.active or ""), self.desk.of(self._segments.active)
        if row is None:
            self._panel.legend.show_shares("", ())
        elif figures is not None:
            self._panel.legend.show_shares(row.name, figures.authors)


def series_beside(reading: Reading, own_id: str) -> Sequence[Beside]:
    """Series that are shown beside the case and lie in its space: their values are told under its masks too."""
    found = []
    for case_id, companion in reading.company.here.items() if reading.linked is not None else ():
        volume = companion.opened.content
        tie = reading.linked.tie(own_id, case_id)
        if tie is not None and tie.placed and isinstance(volume, Volume):
            found.append(Beside(volume.modality, volume, tie))
    return found
