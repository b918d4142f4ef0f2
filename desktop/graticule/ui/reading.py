"""The middle of an image page: the wall of viewports, what stands where on it, and the patient's other images beside the case."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from graticule.presenters.desk_events import Trouble
from graticule.presenters.hand import Hand
from graticule.presenters.layout import ACQUIRED, PICTURE, VOLUME_SHOWS, Layout, Place, layout_from_json
from graticule.presenters.linked import Linked, LinksChanged
from graticule.presenters.open_case import OpenCase
from graticule.presenters.plane_view import PlaneView
from graticule.presenters.volume import GRID_LAYOUT, VolumePresenter
from graticule.ui.blinking import Blinking
from graticule.ui.companion_series import CompanionSeries
from graticule.ui.company import Company
from graticule.ui.crossing import Crossing
from graticule.ui.fusing import Fusing
from graticule.ui.fusion_bar import FusionBar
from graticule.ui.hanging_hand import HangingHand
from graticule.ui.other_lines import OtherLines
from graticule.ui.place_menu import PlaceMenu
from graticule.ui.reading_menus import ReadingMenus
from graticule.ui.series_strip import SeriesStrip
from graticule.ui.sharing import Sharing
from graticule.ui.slice_view import SliceView
from graticule.ui.viewport import Viewport
from graticule.ui.wall import Wall
from graticule.ui.wall_bar import WallBar
from graticule.ui.wall_words import WallWords
from graticule.ui.words import tr


class Reading(QWidget):
    """own: the case's own views by name (it may grow). series: its volume's presenter, None for a picture."""

    changed = Signal()
    trouble = Signal(object)
    made = Signal(str, object)

    def __init__(self, opened: OpenCase, own: Mapping[str, QWidget], hand: Hand, series: VolumePresenter | None, layout: Layout,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opened, self.series = opened, series
        self.layout_now, self.alone = layout, ""
        self._own = own
        self.bar, self.fusion_bar, self.strip, self.wall = WallBar(), FusionBar(), SeriesStrip(), Wall()
        self.company = Company(opened, self)
        self.linked = Linked(opened.case.id, series) if series is not None else None
        self.crossing = Crossing(opened, hand, self.linked) if self.linked is not None else None
        self.sharing = Sharing(opened, hand, series, self.linked) if series is not None and self.linked is not None else None
        self.blinking = Blinking(opened.case.title, series, self.linked, self.company, self._wanted, self.trouble.emit,
                                 self.changed.emit) if series is not None and self.linked is not None else None
        self.fusing = Fusing(opened.case.id, opened.case.title, series, opened.workspace.labels, hand, self.linked, self.company,
                             self) if series is not None and self.linked is not None else None
        self.hanging = HangingHand(self)
        self.words = WallWords(self)
        self.places = PlaceMenu(self)
        self.menus = ReadingMenus(self)
        self._leave = opened.bus.subscribe(LinksChanged, lambda event: self._links_changed())
        self._arrange()
        self._connect()
        for view in own.values():
            view.setParent(self.wall)
            view.hide()

    # --- what is there ----------------------------------------------------------------------------------------------

    def viewports(self) -> dict[str, Viewport]:
        """Every viewport by its key: the case's own, those with something over them, the companions'."""
        own = {name: view for name, view in self._own.items() if isinstance(view, Viewport)}
        fused = self.fusing.own_views if self.fusing is not None else {}
        return {**own, **fused, **self.company.viewports()}

    def view(self, place: Place) -> QWidget | None:
        """The widget of a place; None while it is on its way."""
        if place.fused:
            return self.fusing.view(place) if self.fusing is not None else None
        return self.company.view(place) if place.case_id else self._own.get(place.show)

    def is_own(self, key: str) -> bool:
        """Whether a view shows the case that is labelled."""
        return " of " not in key

    def companion_of(self, key: str) -> Any:
        """The companion a view belongs to, None for the case's own views."""
        return self.company.here.get(key.partition(" of ")[2]) if not self.is_own(key) else None

    # --- gestures ---------------------------------------------------------------------------------------------------

    def show_grid(self, rows: int, columns: int) -> None:
        """Another grid with the same views first."""
        self.hanging.leave()
        self.set_layout(self.layout_now.resized(rows, columns, self._more()))

    def put(self, at: int, place: Place) -> None:
        """Show something in a place; the case that is labelled stays in view whatever comes."""
        self.hanging.leave()
        before = self.layout_now
        if self.alone and place.case_id and not before.companions:
            before, at = Layout(1, 1, (Place(self.alone),)), 0
        layout = before.with_place(at, place)
        if not layout.shows_case:
            layout, free = before.with_room()
            layout = layout.with_place(free, place)
        self.set_layout(layout)

    def put_series(self, at: int, case_id: str) -> None:
        """A series was dropped on a place."""
        own = case_id in ("", self.opened.case.id)
        self.put(at, Place(self.acquired, "") if own else Place(self._first_show(case_id), case_id))

    def add_series(self, case_id: str) -> None:
        """Show a series somewhere: in the first free place, else beside the slices of the case, else in a larger grid."""
        if case_id in self.layout_now.companions or case_id == self.opened.case.id:
            return
        if not self.layout_now.companions:
            plane = self.alone if self.alone and self.is_own(self.alone) else self.acquired
            self.layout_now = Layout(1, 2, (Place(plane), Place()))
        self.layout_now, free = self.layout_now.with_room()
        self.put_series(free, case_id)

    def close_companion(self, case_id: str) -> None:
        """Take a companion from the wall and out of memory."""
        self.hanging.leave()
        if self.fusing is not None:
            self.fusing.gone(case_id)
        self.set_layout(self.layout_now.without(case_id))
        self.company.put_away(case_id)

    def maximise(self, key: str) -> None:
        """One view fills the wall, or all are shown again."""
        self.show_alone("" if self.alone == key else key)

    def show_alone(self, key: str) -> None:
        self.alone = key if self.layout_now.find(key) is not None or key in self._own else ""
        if self.alone and self.layout_now.find(self.alone) is None:
            # The keyboard asked for a plane that stands in no place: it takes the first of the case's own.
            own = next((at for at, place in enumerate(self.layout_now.places) if not place.case_id), 0)
            self.layout_now = self.layout_now.with_place(own, Place(self.alone))
        self.refresh()

    def set_layout(self, layout: Layout) -> None:
        """Show a layout; what it needs is opened."""
        self.layout_now = layout.named("", self.acquired)
        self.alone = ""
        if self.series is not None and self.series.layout != GRID_LAYOUT:
            self.series.set_layout(GRID_LAYOUT)
        self.company.want(self._wanted())
        self.refresh()

    def fuse(self, over_id: str | None, under_id: str = "") -> None:
        """Put a series over the views of another that are shown; None takes it away."""
        if self.fusing is None:
            return
        self.fusing.choose(over_id, under_id)
        self.company.want(self._wanted())
        self.layout_now = self.layout_now.fused(under_id if self.fusing.over_id is not None else None)
        self.refresh()

    # --- showing ----------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show what is there now in its places, with its words."""
        for case_id, companion in self.company.here.items():
            self.layout_now = self.layout_now.named(case_id, companion.acquired)
        self.hanging.view_came()
        views = {place.key: view for place in self.layout_now.places if place.key and (view := self.view(place)) is not None}
        self.wall.show_layout(self.layout_now, views, self.alone, tr("Opening …"))
        self.words.say()
        self.bar.show_layout(*((1, 1) if self.alone else (self.layout_now.rows, self.layout_now.columns)))
        self.bar.show_stage(*self.hanging.where())
        self.changed.emit()

    def planes_shown(self) -> list[tuple[str, PlaneView]]:
        """(case id, view) of every plane on the wall, for reference lines."""
        found = []
        for place in self.layout_now.places if not self.alone else ():
            widget = self.view(place) if place.key else None
            if isinstance(widget, SliceView):
                found.append((place.case_id or self.opened.case.id, widget.view))
        return found

    # --- leaving and coming back ------------------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        return {"layout": self.layout_now.as_json(), "alone": self.alone if self.series is None else "",
                "hanging": self.hanging.state(), "links": self.linked.state() if self.linked is not None else {},
                "over": self.fusing.state() if self.fusing is not None else {},
                "company": self.company.state(), "strip": self.bar.strip_button.isChecked()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take what `state` gave; the first time, hang the case by the first protocol that fits."""
        if self.hanging.refused is not None:
            self.opened.bus.publish(Trouble(self.hanging.refused))
        self.bar.strip_button.setChecked(bool(state.get("strip", bool(self.company.book.relatives))))
        layout = layout_from_json(state.get("layout"))
        if layout is None:
            self.hanging.hang_first()
            self.refresh()
            return
        self.company.restore(dict(state.get("company", {})))
        if self.linked is not None:
            self.linked.restore(state.get("links", {}))
        known = {relative.case.id for relative in self.company.book.relatives}
        for case_id in layout.companions:
            layout = layout if case_id in known else layout.without(case_id)
        over = state.get("over", {})
        if self.fusing is not None and over.get("over") is not None and {over["over"], over.get("under", "")} <= known | {""}:
            self.fusing.choose(over["over"], over.get("under", ""), over)
        self.hanging.restore(state.get("hanging", {}))
        self.layout_now = layout
        self.company.want([*layout.companions, *(self.fusing.wanted() if self.fusing is not None else [])])
        self.show_alone(str(state.get("alone", "")))

    def shutdown(self) -> None:
        self._leave()
        if self.crossing is not None:
            self.crossing.shutdown()
        if self.sharing is not None:
            self.sharing.shutdown()
        if self.blinking is not None:
            self.blinking.shutdown()
        if self.linked is not None:
            self.linked.close()
        self.company.shutdown()

    # --- inside -----------------------------------------------------------------------------------------------------

    @property
    def acquired(self) -> str:
        """The plane the case's slices lie in."""
        return self.series.acquired_plane if self.series is not None else PICTURE

    def _wanted(self) -> list[str]:
        """The companions that are on the wall, or lie over what is."""
        return [*self.layout_now.companions, *(self.fusing.wanted() if self.fusing is not None else [])]

    def _first_show(self, case_id: str) -> str:
        companion = self.company.here.get(case_id)
        return companion.acquired if companion is not None else ACQUIRED

    def _more(self) -> list[Place]:
        """What fills a larger grid: the case's other planes, then the other images."""
        own = [Place(show) for show in VOLUME_SHOWS] if self.series is not None else [Place(PICTURE)]
        return [*own, *(Place(self._first_show(r.case.id), r.case.id) for r in self.company.book.relatives
                        if r.case.id not in self.layout_now.companions)]

    def _came(self, case_id: str) -> None:
        companion = self.company.here[case_id]
        self.layout_now = self.layout_now.named(case_id, companion.acquired)
        if self.linked is not None and companion.series is not None:
            self.linked.add(case_id, companion.series)
        if self.crossing is not None and isinstance(companion, CompanionSeries):
            self.crossing.join(companion)
        if self.sharing is not None and isinstance(companion, CompanionSeries):
            self.sharing.join(companion)
        if self.fusing is not None:
            self.fusing.try_now()
        self.refresh()
        if self.blinking is not None:
            self.blinking.came()

    def _went(self, case_id: str) -> None:
        if self.linked is not None:
            self.linked.remove(case_id)
        if self.crossing is not None:
            self.crossing.part(case_id)
        if self.sharing is not None:
            self.sharing.part(case_id)
        if self.blinking is not None:
            self.blinking.gone(case_id)
        if self.fusing is not None:
            self.fusing.gone(case_id)

    def _failed(self, case_id: str) -> None:
        self.set_layout(self.layout_now.without(case_id))

    def _fusing_changed(self) -> None:
        self.fusion_bar.follow(self.fusing.fusion)
        if self.fusing.over_id is None:
            self.layout_now = self.layout_now.fused(None)
        self.refresh()

    def _links_changed(self) -> None:
        if self.fusing is not None:
            self.fusing.retie()
        if self.blinking is not None:
            self.blinking.retied()
        self.words.say_links()

    def _view_made(self, key: str, view: Viewport) -> None:
        view.setParent(self.wall)
        case_id = key.partition(" of ")[2] or self.opened.case.id
        if isinstance(view, SliceView) and self.linked is not None:
            view.draw_others = OtherLines(self.linked, case_id, view.view, self.planes_shown)
            if self.sharing is not None:
                self.sharing.adopt(case_id, view)
        self.made.emit(key, view)

    def _strip_toggled(self, on: bool) -> None:
        self.strip.setVisible(on and bool(self.company.book.relatives))
        if on:
            self.company.ask_thumbs([self.opened.case, *(relative.case for relative in self.company.book.relatives)])

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.bar, self.fusion_bar, self.strip):
            column.addWidget(widget)
        column.addWidget(self.wall, 1)
        self.strip.hide()
        relatives = self.company.book.relatives
        volumes = [r for r in relatives if str(r.case.kind) == "volume"] if self.series is not None else []
        self.bar.show_company(bool(self.hanging.rules), len(relatives), len(volumes))
        self.bar.fill_hanging([rule.name for rule, _ in self.hanging.rules])

    def _connect(self) -> None:
        self.bar.layout_chosen.connect(self.show_grid)
        self.bar.stage_asked.connect(self.hanging.step)
        self.bar.hanging.triggered.connect(lambda action: self.hanging.hang(action.data()))
        self.bar.strip_toggled.connect(self._strip_toggled)
        self.strip.chosen.connect(self.add_series)
        self.wall.series_dropped.connect(self.put_series)
        self.wall.menu_asked.connect(self.places.open)
        self.company.came.connect(self._came)
        self.company.went.connect(self._went)
        self.company.failed.connect(self._failed)
        self.company.made.connect(self._view_made)
        self.company.pictured.connect(self.words.show_cards)
        self.company.trouble.connect(self.trouble)
        if self.fusing is not None:
            self.fusing.changed.connect(self._fusing_changed)
            self.fusing.trouble.connect(self.trouble)
            self.fusing.made.connect(self._view_made)
            self.fusion_bar.changed.connect(self.fusing.look_changed)
            self.fusion_bar.removed.connect(lambda: self.fuse(None))
        for view in self._own.values():
            if isinstance(view, SliceView) and self.linked is not None:
                view.draw_others = OtherLines(self.linked, self.opened.case.id, view.view, self.planes_shown)
