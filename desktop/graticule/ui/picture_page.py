"""The page of a single picture: a radiograph or a photograph, with window presets, zoom and lengths."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from graticule.domain.case import Kind
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Floats
from graticule.domain.picture import Picture
from graticule.domain.progress import Progress
from graticule.domain.volume import Window
from graticule.editing.events import LabelsChanged
from graticule.editing.tools.tool import Pointer
from graticule.jobs import Handle
from graticule.presenters.layout import ONE_PICTURE, PICTURE
from graticule.presenters.open_case import OpenCase
from graticule.presenters.picture import PictureChanged, PicturePresenter
from graticule.ui.beside import join_companion
from graticule.ui.image_page import ImagePage
from graticule.ui.keys import with_key
from graticule.ui.overlays import Loading
from graticule.ui.picture_view import PictureView
from graticule.ui.reading import Reading
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
        return [*self.acts.panels(), (tr("Tool"), self.options)]

    def view_state(self) -> dict[str, Any]:
        return {**self.presenter.state(), "tool": self.active_tool, "wall": self.reading.state()}

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
        return {"picture.actual-size": self.presenter.actual_size}

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
        self._leave = [bus.subscribe(PictureChanged, self._changed), bus.subscribe(LabelsChanged, self._labels_changed)]
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
        if event.case_id == self.opened.case.id:
            self.view.window_changed() if event.window else self.view.update()
            if event.window:
                self.acts.window_changed()
                self.acts.frame_changed()
            self.note_soon()

    def _labels_changed(self, event: LabelsChanged) -> None:
        if event.case_id == self.opened.case.id:
            self.view.update()

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
