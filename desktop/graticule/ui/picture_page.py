"""The page of a single picture: a radiograph or a photograph, with window presets, zoom and lengths."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from graticule.domain.case import Kind
from graticule.domain.errors import GraticuleError
from graticule.domain.picture import Picture
from graticule.domain.progress import Progress
from graticule.editing.events import LabelsChanged
from graticule.editing.tools.tool import Pointer
from graticule.jobs import Handle
from graticule.presenters.open_case import OpenCase
from graticule.presenters.picture import PictureChanged, PicturePresenter
from graticule.ui.image_page import ImagePage
from graticule.ui.overlays import Loading
from graticule.ui.picture_view import PictureView
from graticule.ui.words import tr


class PicturePage(ImagePage):
    KIND = Kind.IMAGE

    def __init__(self, opened: OpenCase, parent: QWidget | None = None) -> None:
        super().__init__(opened, parent)
        if not isinstance(opened.content, Picture):
            raise GraticuleError("This case holds no picture.")
        self.presenter = PicturePresenter(opened, opened.content)
        if opened.content.colour:
            self.hand.tools = [tool for tool in self.hand.tools if tool.name != "window"]
            self.hand.choose("pan")
        self.presenter.restore(opened.view_state)
        self.hand.choose(opened.view_state.get("tool", ""))
        self.view = PictureView(self.presenter, self.hand)
        self.view.set_active(True)
        self._filling: Handle | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self._connect()
        self.tool_taken()
        self._load()

    def panels(self) -> list[tuple[str, QWidget]]:
        return [(tr("Tool"), self.options)]

    def view_state(self) -> dict[str, Any]:
        return {**self.presenter.state(), "tool": self.active_tool}

    def viewports(self) -> list[PictureView]:
        return [self.view]

    def hint(self) -> str:
        return f"{tr(self.hand.tool.hint)}. {tr('Wheel zooms, middle button moves')}"

    def preset(self, number: int) -> None:
        self.presenter.preset(number)

    def preset_names(self) -> list[str]:
        return [window.name for window in self.presenter.presets[:9]]

    def key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_A and not event.modifiers():
            self.presenter.actual_size()
            return True
        return False

    def add_to_menu(self, menu: QMenu, pointer: Pointer) -> None:
        menu.addAction(tr("Every pixel (1:1)") + "\tA", self.presenter.actual_size)

    def shutdown(self) -> None:
        super().shutdown()
        if self._filling is not None:
            self._filling.cancel()

    def _connect(self) -> None:
        bus = self.opened.bus
        self._leave = [bus.subscribe(PictureChanged, self._changed), bus.subscribe(LabelsChanged, self._labels_changed)]
        self.view.status.connect(self.status_changed)
        self.view.menu_asked.connect(self.open_menu)
        self.view.maximise_asked.connect(lambda name: self.presenter.fit())

    def _changed(self, event: PictureChanged) -> None:
        if event.case_id == self.opened.case.id:
            self.view.window_changed() if event.window else self.view.update()
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
            opening.fill(progress, lambda k: None)

        self.view.loading = Loading(0, 1, tr("Loading the image …"))
        self._filling = self.opened.runner.start(fill, done=self._filled, failed=self._fill_failed, title=tr("Loading the image"))

    def _fill_failed(self, error: GraticuleError) -> None:
        self.view.loading = None
        self.view.update()
        self.trouble(error)

    def _filled(self, nothing: None) -> None:
        self.view.loading = None
        self.presenter.samples_changed()
        self.view.samples_changed()
