"""Which series lies over which, and the viewports that show it."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Labels
from graticule.presenters.fusion import FusedView, Fusion
from graticule.presenters.hand import Hand
from graticule.presenters.layout import FUSED, Place
from graticule.presenters.linked import Linked
from graticule.presenters.relative_words import short_title
from graticule.presenters.volume import VolumePresenter
from graticule.ui.companion_series import CompanionSeries
from graticule.ui.company import Company
from graticule.ui.fused_view import FusedSliceView
from graticule.ui.viewport import Viewport

# While slices of the series above arrive, what lies over is drawn again at most so often.
ARRIVING_MS = 250


class Fusing(QObject):
    """One overlay at a time: series `over_id` over series `under_id` ("" stands for the case itself)."""

    changed = Signal()
    trouble = Signal(object)
    made = Signal(str, object)

    def __init__(self, own_id: str, own_title: str, own: VolumePresenter, labels: Labels, hand: Hand, linked: Linked,
                 company: Company, parent: QObject) -> None:
        super().__init__(parent)
        self._own_id, self._own_title = own_id, own_title
        self._own, self._labels, self._hand = own, labels, hand
        self._linked, self._company = linked, company
        self.over_id: str | None = None
        self.under_id = ""
        self.fusion: Fusion | None = None
        self._look: Mapping[str, Any] = {}
        self.own_views: dict[str, FusedSliceView] = {}
        self._arriving = QTimer(self, interval=ARRIVING_MS)
        self._arriving.timeout.connect(self._over_changed)

    # --- what lies over what ----------------------------------------------------------------------------------------

    def wanted(self) -> list[str]:
        """Companions that an overlay needs."""
        return [case_id for case_id in (self.over_id, self.under_id) if case_id]

    def choose(self, over_id: str | None, under_id: str = "", look: Mapping[str, Any] | None = None) -> None:
        """Put a series over another, when both are here; None takes the overlay away."""
        if (over_id, under_id) == (self.over_id, self.under_id) and self.fusion is not None:
            return
        self._take_away()
        self.over_id, self.under_id, self._look = over_id, under_id, look or {}
        self.try_now()

    def try_now(self) -> None:
        """A companion has come: perhaps the overlay can be shown. A reason why not is told, and the wish is dropped."""
        if self.over_id is None or self.fusion is not None:
            return
        over, under = self._series(self.over_id), self._series(self.under_id)
        if over is None or under is None:
            return
        try:
            tie = self._linked.tie(self.under_id or self._own_id, self.over_id or self._own_id)
            self.fusion = Fusion(self.over_id, self._title(self.over_id), over.volume, tie)
        except GraticuleError as error:
            self.over_id = None
            self.trouble.emit(error)
            self.changed.emit()
            return
        self.fusion.restore(self._look)
        if not bool(over.volume.arrived.all()):
            self._arriving.start()
        self.changed.emit()

    def gone(self, case_id: str) -> None:
        """A companion was put away."""
        if case_id in self.wanted():
            self.choose(None)

    def view(self, place: Place) -> Viewport | None:
        """The fused viewport of a place; None while one of the two series is on its way."""
        base = self._series(place.case_id)
        if self.fusion is None or place.case_id != self.under_id or base is None or place.show not in base.views:
            return None
        name = place.show + FUSED
        companion = self._company.here.get(place.case_id)
        if isinstance(companion, CompanionSeries):
            return companion.views.get(name) or companion.add_fused(self._view(base, place.show, name))
        if name not in self.own_views:
            view = self._view(base, place.show, name)
            base.add_view(view)
            self.own_views[name] = FusedSliceView(base, view, self._labels, self._hand)
            self.made.emit(name, self.own_views[name])
        return self.own_views[name]

    def retie(self) -> None:
        """The series lie otherwise to each other now: draw the overlay where it belongs, or take it away."""
        if self.fusion is None or self.over_id is None:
            return
        tie = self._linked.tie(self.under_id or self._own_id, self.over_id or self._own_id)
        if tie is None or not tie.placed:
            self.choose(None)
            return
        self.fusion.retie(tie)
        self._over_changed()

    def look_changed(self) -> None:
        for series in (self._own, *(c.series for c in self._company.here.values() if c.series is not None)):
            series.fusion_changed()

    def state(self) -> dict[str, Any]:
        return {} if self.fusion is None else {**self.fusion.state(), "under": self.under_id}

    # --- inside -----------------------------------------------------------------------------------------------------

    def _view(self, base: VolumePresenter, show: str, name: str) -> FusedView:
        twin = base.views[show]
        view = FusedView(base, twin.home, name, self.fusion)
        view.restore(twin.state())
        return view

    def _take_away(self) -> None:
        self._arriving.stop()
        self.fusion = None
        for name, widget in self.own_views.items():
            self._own.views.pop(name, None)
            widget.setParent(None)
            widget.deleteLater()
        self.own_views.clear()
        for companion in self._company.here.values():
            companion.drop_fused()
        self.changed.emit()

    def _over_changed(self) -> None:
        over = self._series(self.over_id or "") if self.over_id is not None else None
        views = [*self.own_views.values(), *(view for c in self._company.here.values() for view in c.views.values())]
        for view in views:
            if isinstance(view, FusedSliceView):
                view.over_changed()
        if over is None or bool(over.volume.arrived.all()):
            self._arriving.stop()

    def _series(self, case_id: str) -> VolumePresenter | None:
        if not case_id:
            return self._own
        companion = self._company.here.get(case_id)
        return companion.series if companion is not None else None

    def _title(self, case_id: str) -> str:
        relative = self._company.book.relative(case_id)
        return short_title(relative.case.title if relative is not None else self._own_title)


