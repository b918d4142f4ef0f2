"""The page of a single picture: a radiograph or a photograph, with window presets, zoom and lengths."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from graticule.domain.case import Kind
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Floats
from graticule.domain.picture import Picture
from graticule.domain.progress import Progress
from graticule.domain.volume import Window
from graticule.editing.events import LabelsChanged
from graticule.editing.proposal import ProposalChanged
from graticule.editing.tools.tool import Pointer
from graticule.jobs import Handle
from graticule.presenters.layout import ONE_PICTURE, PICTURE
from graticule.presenters.open_case import OpenCase
from graticule.presenters.picture import PictureChanged, PicturePresenter
from graticule.presenters.proposed import preview_of
from graticule.presenters.segments import SegmentsPresenter, SegmentsShown
from graticule.ui.beside import join_companion
from graticule.ui.image_page import ImagePage
from graticule.ui.keys import with_key
from graticule.ui.overlays import Loading
from graticule.ui.picture_view import PictureView
from graticule.ui.reading import Reading
from graticule.ui.segments_panel import SegmentsPanel
from graticule.ui.theme import SEGMENT_COLOURS
from graticule.ui.tile_sources import FrameTiles
from graticule.ui.tile_view import TileSource
from graticule.ui.viewport import Viewport
from graticule.ui.words import tr


class PicturePage(ImagePage):
    KIND = Kind.IMAGE
    PLACES = ("picture", "image", "tool")
    _came = Signal(int)

    def __init__(self, opened: OpenCase, parent: QWidget | None = None) -> None:
        super().__init__(opened, parent)
        if not isinstance(opened.content, Picture):
            raise GraticuleError("This case holds no picture.")
        self.presenter = PicturePresenter(opened, opened.content)
        self.presenter.findings.said = tr
        if opened.content.colour:
            self.hand.tools = [tool for tool in self.hand.tools if tool.name not in ("window", "window-region")]
        if opened.content.count == 1:
            self.hand.tools = [tool for tool in self.hand.tools if tool.name != "scroll"]
            self.take_idle_tool()
        if opened.content.colour:
            self.take_idle_tool()
        self.presenter.restore(opened.view_state)
        self._restore_sizes(opened.view_state.get("lengths", {}))
        self.segments = SegmentsPresenter(opened, opened.content, self.bench, SEGMENT_COLOURS)
        self._restore_segments(opened.view_state.get("segment", ""))
        self.segments_panel = SegmentsPanel(self.segments, self.presenter.labels)
        self.restore_tool(opened.view_state.get("tool", ""))
        self.view = PictureView(self.presenter, self.hand)
        self.view.set_active(True)
        self._filling: Handle | None = None
        self._left = False
        self._came.connect(self._frame_came)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.reading = Reading(opened, {PICTURE: self.view}, self.hand, None, ONE_PICTURE, self)
        self._current = PICTURE
        column.addWidget(self.reading)
        if opened.content.count > 1:
            column.addWidget(self.acts.show_bar(float_over=False))
        self._connect()
        self.reading.restore(opened.view_state.get("wall", {}))
        self.tool_taken()
        self._load()

    def panels(self) -> list[tuple[str, QWidget]]:
        return [(tr("Segments"), self.segments_panel), (tr("Tool"), self.tool_panel), *self.workshop.panels(),
                *self.acts.panels(), (tr("History"), self.history_panel)]

    def view_state(self) -> dict[str, Any]:
        sizes = {tool.name: tool.options.radius_mm for tool in self.hand.tools if hasattr(tool.options, "radius_mm")}
        return {**self.presenter.state(), "tool": self.active_tool, "wall": self.reading.state(), "segment": self.segments.active,
                "paint": self.paint_where.state(),
                "lengths": {"unit": self.hand.lengths.unit, "radius": sizes}}

    def viewports(self) -> list[Viewport]:
        return list(self.reading.viewports().values())

    def named_viewports(self) -> list[tuple[str, Viewport]]:
        return list(self.reading.viewports().items())

    def current(self) -> Viewport:
        return self.reading.viewports().get(self._current, self.view)

    def activate(self, key: str) -> None:
        """The viewport that keys act on from now on."""
        views = self.reading.viewports()
        self._current = key if key in views else PICTURE
        for each, view in views.items():
            view.set_active(each == self._current)
        self._tell_fidelity()

    def slices(self) -> str:
        return "frames" if self.presenter.count > 1 else ""

    def preset(self, number: int) -> None:
        (self.reading.companion_of(self._current) or self.presenter).preset(number)

    def preset_names(self) -> list[str]:
        return [window.name for window in self.presenter.presets[:9]]

    def verbs(self) -> dict[str, Callable[[], object]]:
        labels = self.presenter.labels
        return {"picture.actual-size": self.presenter.actual_size, "picture.outline": labels.toggle_outline,
                "picture.previous-segment": partial(self.segments.step, -1),
                "picture.next-segment": partial(self.segments.step, 1)}

    def peek(self, on: bool) -> None:
        self.presenter.labels.peek(on)

    def hideEvent(self, event: QHideEvent) -> None:
        self.peek(False)
        super().hideEvent(event)

    def add_to_menu(self, menu: QMenu, pointer: Pointer) -> None:
        menu.addAction(with_key(tr("Every pixel (1:1)"), "picture.actual-size"), self.presenter.actual_size)
        picture = self.presenter.picture
        if picture.calibrated:
            menu.addAction(tr("Outline the regions with a scale"), lambda: self.presenter.toggle("regions"))
        if picture.overlay is not None:
            menu.addAction(tr("Graphics of the file"), lambda: self.presenter.toggle("overlay"))

    def shown_window(self) -> Window:
        return self.presenter.window

    def show_mark(self, mark: str) -> None:
        self.presenter.choose_mark(mark)

    def go_to_mark(self, at: Floats) -> None:
        self.presenter.go(at)

    def tile_source(self) -> TileSource:
        return FrameTiles(self.presenter)

    def shutdown(self) -> None:
        super().shutdown()
        self.reading.shutdown()
        self._left = True
        if self._filling is not None:
            self._filling.cancel()

    def _connect(self) -> None:
        bus = self.opened.bus
        self._leave = [bus.subscribe(PictureChanged, self._changed), bus.subscribe(LabelsChanged, self._labels_changed),
                       bus.subscribe(SegmentsShown, self._segments_shown), bus.subscribe(ProposalChanged, self._proposal_changed)]
        self.segments_panel.trouble.connect(self.trouble)
        self.segments_panel.added.connect(lambda: self.current().setFocus())
        self.view.opacity_steps.connect(self.presenter.labels.change_opacity)
        self.view.size_changed.connect(self.options.refresh)
        self.view.status.connect(self.status_changed)
        self.view.menu_asked.connect(self.open_menu)
        self.view.sheet_asked.connect(self.acts.show_sheet)
        self.view.maximise_asked.connect(self._maximise)
        self.view.activated.connect(self.activate)
        self.reading.made.connect(self._made)
        self.reading.trouble.connect(self.trouble)
        self.reading.changed.connect(self._wall_changed)
        self.tool_changed.connect(self.reading.company.follow_tool)

    def _made(self, key: str, view: Viewport) -> None:
        join_companion(self, self.reading, key, view, self.reading.maximise)

    def _maximise(self, name: str) -> None:
        """Alone on the wall, or back among the others; fitted when it is alone anyway."""
        if len(self.reading.layout_now.places) == 1:
            self.presenter.fit()
        else:
            self.reading.maximise(PICTURE)

    def _wall_changed(self) -> None:
        self.activate(self._current)
        self.note_looks()

    def _changed(self, event: PictureChanged) -> None:
        if event.case_id == self.opened.case.id and event.labels:
            self.view.labels_look_changed()
            self.segments_panel.follow_look()
        elif event.case_id == self.opened.case.id:
            self.view.window_changed() if event.window else self.view.update()
            if event.window:
                self.acts.window_changed()
                self.acts.frame_changed()
            self.note_soon()

    def _labels_changed(self, event: LabelsChanged) -> None:
        if event.case_id != self.opened.case.id:
            return
        self.view.labels_changed(event.touched)
        if event.committed:
            self.hand.labels_changed()
        if event.touched.elements:
            self.segments.labels_changed()
        self.segments_panel.labels_changed(event.touched)

    def _segments_shown(self, event: SegmentsShown) -> None:
        if event.case_id == self.opened.case.id:
            if frozenset(self.segments.hidden) != self.presenter.labels.hidden_segments:
                self.presenter.labels.set_hidden(self.segments.hidden)
            if self.segments.opacity != self.presenter.labels.see_through:
                self.presenter.labels.set_see_through(self.segments.opacity)
            self.segments_panel.refresh()

    def _proposal_changed(self, event: ProposalChanged) -> None:
        # While a range is still being dragged, what it was a moment ago stays in sight.
        if event.case_id == self.opened.case.id and self.bench.proposals.sketched is None:
            now = self.bench.proposals.now
            self.view.show_preview(None if now is None else preview_of(self.opened.workspace.labels, now))

    def _restore_sizes(self, kept: Mapping[str, Any]) -> None:
        """The brush as large as it was left, if it is still measured in the same unit."""
        if kept.get("unit") == self.hand.lengths.unit:
            for tool in self.hand.tools:
                if tool.name in kept["radius"]:
                    tool.options = replace(tool.options, radius_mm=float(kept["radius"][tool.name]))

    def _restore_segments(self, chosen: str) -> None:
        self.segments.hidden = set(self.presenter.labels.hidden_segments)
        self.segments.opacity = dict(self.presenter.labels.see_through)
        if chosen in {row.id for row in self.segments.rows()}:
            self.segments.select(chosen)

    def _load(self) -> None:
        """A picture is decoded at opening; formats that bring it later fill it in a job."""
        opening = self.opened.opening
        if opening is None:
            return

        def fill(progress: Progress) -> None:
            opening.fill(progress, self._tell_frame, self.presenter.index)

        self.view.loading = Loading(0, 1, tr("Loading the image …"))
        self._filling = self.opened.runner.start(fill, done=self._filled, failed=self._fill_failed, title=tr("Loading the image"))

    def _tell_frame(self, number: int) -> None:
        """In the decoding thread, which may outlive the page by a frame."""
        if not self._left:
            self._came.emit(number)

    def _frame_came(self, number: int) -> None:
        """A loop can be looked at while the rest of it is still coming."""
        if self._left or self.presenter.count == 1:
            return
        if number == 0:
            self.presenter.samples_changed()
        if number == self.presenter.index:
            self.view.loading = None
            self.view.samples_changed()

    def _fill_failed(self, error: GraticuleError) -> None:
        self.view.loading = None
        self.view.update()
        self.trouble(error)

    def _filled(self, nothing: None) -> None:
        self.view.loading = None
        self.presenter.samples_changed()
        self.view.samples_changed()
