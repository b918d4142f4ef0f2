"""The page of a volume: three linked planes and 3D, the segments, and the slices as they arrive."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from graticule.domain.case import Kind
from graticule.domain.errors import GraticuleError
from graticule.domain.volume import Volume
from graticule.editing.events import LabelsChanged
from graticule.editing.tools.tool import Pointer
from graticule.presenters.open_case import OpenCase
from graticule.presenters.segments import SegmentsPresenter, SegmentsShown
from graticule.presenters.volume import VIEW_3D, LayoutChanged, Part, ViewsChanged, VolumePresenter
from graticule.ui.arrival import Arrival
from graticule.ui.four_up import FourUp
from graticule.ui.image_page import ImagePage
from graticule.ui.segments_panel import SegmentsPanel
from graticule.ui.slice_view import SliceView
from graticule.ui.surfaces import Surfaces
from graticule.ui.theme import SEGMENT_COLOURS
from graticule.ui.view3d import View3D
from graticule.ui.words import tr


class VolumePage(ImagePage):
    """Bench seams: `views[name].painted_ns` after each paint, `view3d.painted_ns`; events go in as ordinary Qt events."""

    KIND = Kind.VOLUME

    def __init__(self, opened: OpenCase, parent: QWidget | None = None) -> None:
        super().__init__(opened, parent)
        if not isinstance(opened.content, Volume):
            raise GraticuleError("This case holds no volume.")
        volume = opened.content
        self.presenter = VolumePresenter(opened, volume)
        self.segments = SegmentsPresenter(opened, volume, self.bench, SEGMENT_COLOURS)
        labels = opened.workspace.labels
        self.views = {name: SliceView(self.presenter, view, labels, self.hand) for name, view in self.presenter.views.items()}
        self.view3d = View3D(volume, opened.runner)
        self.surfaces = Surfaces(self.view3d, labels, volume.grid, opened.runner)
        self.segments_panel = SegmentsPanel(self.segments, self.presenter)
        self._four_up = FourUp({**self.views, VIEW_3D: self.view3d})
        self._current = self.presenter.acquired_plane
        self._arrival = Arrival(volume, list(self.views.values()), opened.runner, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._four_up)
        self._restore(opened.view_state)
        self._connect()
        self._four_up.show_layout(self.presenter.layout)
        self._activate(self.presenter.layout if self.presenter.layout in self.views else self._current)
        self._arrival.start(opened.opening, self.presenter.first_slice())

    # --- the page's contract ----------------------------------------------------------------------------------------

    def panels(self) -> list[tuple[str, QWidget]]:
        return [(tr("Segments"), self.segments_panel), (tr("Tool"), self.options)]

    def view_state(self) -> dict[str, Any]:
        options = {tool.name: tool.options.radius_mm for tool in self.hand.tools if hasattr(tool.options, "radius_mm")}
        return {**self.presenter.state(), "tool": self.active_tool, "radius_mm": options, "segment": self.segments.active}

    def shutdown(self) -> None:
        self._arrival.stop()
        super().shutdown()
        self.surfaces.close()
        self.view3d.shutdown()

    # --- for ImagePage ----------------------------------------------------------------------------------------------

    def viewports(self) -> list[SliceView]:
        return list(self.views.values())

    def current(self) -> SliceView:
        return self.views[self._current]

    def preset(self, number: int) -> None:
        self.presenter.preset(number)

    def preset_names(self) -> list[str]:
        return [window.name for window in self.presenter.presets[:9]]

    def key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            return False
        if key in _SCROLL:
            self.current().view.scroll(_SCROLL[key])
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.current().view.scroll(-10**6 if key == Qt.Key.Key_Home else 10**6)
        elif key in (Qt.Key.Key_Q, Qt.Key.Key_W):
            self.segments.step(-1 if key == Qt.Key.Key_Q else 1)
        elif key == Qt.Key.Key_M:
            self.presenter.toggle_layout()
        elif key == Qt.Key.Key_V:
            look = self.presenter.label_look
            self.presenter.set_label_look(replace(look, outline_only=not look.outline_only))
        elif key == Qt.Key.Key_G:
            self._peek(True)
        else:
            return False
        return True

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_G and not event.isAutoRepeat():
            self._peek(False)
        else:
            super().keyReleaseEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._peek(False)
        super().hideEvent(event)

    def add_to_menu(self, menu: QMenu, pointer: Pointer) -> None:
        menu.addAction(tr("All views go here"), lambda: self.current().view.look_at(pointer.at))
        menu.addAction(tr("Four views") + "\tM", self.presenter.toggle_layout)

    # --- inside -----------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        bus = self.opened.bus
        self._leave = [bus.subscribe(ViewsChanged, self._views_changed), bus.subscribe(LayoutChanged, self._layout_changed),
                       bus.subscribe(LabelsChanged, self._labels_changed), bus.subscribe(SegmentsShown, self._segments_shown)]
        self._arrival.finished.connect(self._all_arrived)
        self._arrival.failed.connect(self.trouble)
        self.segments_panel.trouble.connect(self.trouble)
        for view in (*self.views.values(), self.view3d):
            view.activated.connect(self._activate)
            view.maximise_asked.connect(self.presenter.maximise)
        for view in self.views.values():
            view.status.connect(self.status_changed)
            view.menu_asked.connect(self.open_menu)
            view.opacity_steps.connect(self.presenter.change_opacity)
            view.size_changed.connect(self.options.refresh)

    def _restore(self, state: dict[str, Any]) -> None:
        self.presenter.restore(state)
        self.segments.hidden = set(self.presenter.hidden_segments)
        self.surfaces.hidden = self.presenter.hidden_segments
        for tool in self.hand.tools:
            if tool.name in state.get("radius_mm", {}):
                tool.options = replace(tool.options, radius_mm=float(state["radius_mm"][tool.name]))
        if state.get("segment") in {row.id for row in self.segments.rows()}:
            self.segments.select(state["segment"])
        if self.hand.choose(state.get("tool", "")):
            self.tool_taken()
        self.segments_panel.follow_look()

    def _activate(self, name: str) -> None:
        if name in self.views:
            self._current = name
        for each, view in {**self.views, VIEW_3D: self.view3d}.items():
            view.set_active(each == name)
        self._tell_fidelity()

    def _views_changed(self, event: ViewsChanged) -> None:
        if event.case_id != self.opened.case.id:
            return
        for name in event.views:
            self.views[name].refresh(event.part)
        if event.part is Part.LABELS:
            self.segments_panel.follow_look()
        elif event.part is not Part.MARKS:
            self.note_soon()

    def _layout_changed(self, event: LayoutChanged) -> None:
        if event.case_id == self.opened.case.id:
            self._four_up.show_layout(event.layout)
            self._activate(event.layout if event.layout in (*self.views, VIEW_3D) else self._current)
            # The view that had the keyboard may be hidden now; it must not go to a text field of a panel.
            (self.view3d if event.layout == VIEW_3D else self.current()).setFocus()
            for view in self.views.values():
                view.update()
            self.note_looks()

    def _labels_changed(self, event: LabelsChanged) -> None:
        if event.case_id != self.opened.case.id:
            return
        for view in self.views.values():
            view.labels_changed(event.touched)
        self.surfaces.labels_changed(event.touched)
        if event.touched.elements:
            self.segments.labels_changed()
            self.segments_panel.refresh()
        else:
            self.segments_panel.amounts_changed()

    def _segments_shown(self, event: SegmentsShown) -> None:
        if event.case_id != self.opened.case.id:
            return
        hidden = frozenset(self.segments.hidden)
        if hidden != self.presenter.hidden_segments:
            self.presenter.set_hidden(hidden)
            self.surfaces.show_hidden(hidden)
        self.segments_panel.refresh()

    def _all_arrived(self) -> None:
        self.presenter.all_arrived()
        self.view3d.start()

    def _peek(self, on: bool) -> None:
        self.presenter.set_label_look(replace(self.presenter.label_look, peek=on))


_SCROLL = {Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1,
           Qt.Key.Key_PageUp: -10, Qt.Key.Key_PageDown: 10}
