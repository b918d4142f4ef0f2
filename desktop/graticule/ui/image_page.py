"""What the pages of volumes and pictures share: the hand, the keys, the viewing record, and the page's contract with the desk."""

from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QWidget

from graticule.domain.case import Kind
from graticule.domain.edits import ElementChange
from graticule.domain.elements import Region
from graticule.domain.errors import GraticuleError
from graticule.domain.viewing import Look
from graticule.editing.tools.length import end_under
from graticule.editing.tools.palette import tools_for
from graticule.editing.tools.tool import Bench, Pointer, Tool
from graticule.presenters.desk_events import Trouble
from graticule.presenters.hand import Hand
from graticule.presenters.open_case import OpenCase
from graticule.presenters.viewing import ViewingRecord
from graticule.ui.image_keys import ImageKeys, now_ms
from graticule.ui.options_form import OptionsForm
from graticule.ui.viewport import ZOOM_PER_STEP, Viewport
from graticule.ui.words import tr

NOTE_MS = 50


class ImagePage(QWidget):
    """What goes wrong in a gesture is published as Trouble, for a notice."""

    status_changed = Signal(str)
    tool_changed = Signal(str)
    fidelity_changed = Signal(str)

    KIND = Kind.VOLUME

    def __init__(self, opened: OpenCase, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.opened = opened
        self.bench = Bench(opened.workspace, opened.content, opened.ontology, opened.new_id)
        self._plug_in_troubles: list[GraticuleError] = []
        self.hand = Hand(tools_for(self.KIND, self._plug_in_troubles.append), self.bench, self.trouble)
        self.record = ViewingRecord()
        self.options = OptionsForm()
        self.options.show_tool(self.hand.tool)
        self.options.changed.connect(self._options_changed)
        self._keys = ImageKeys(self)
        self._fidelity = ""
        self._leave: list[Any] = []
        # While something moves, what stands on the screen is written down once per moment, not at every event.
        self._noting = QTimer(self, singleShot=True, interval=NOTE_MS)
        self._noting.timeout.connect(self.note_looks)

    # --- for subclasses ---------------------------------------------------------------------------------------------

    def viewports(self) -> list[Viewport]:
        return []

    def current(self) -> Viewport:
        """The viewport that keys act on."""
        return self.viewports()[0]

    def preset(self, number: int) -> None:
        """The key of a window preset was pressed; 0 resets."""

    def preset_names(self) -> list[str]:
        return []

    def key(self, event: QKeyEvent) -> bool:
        """Keys of this page only; True when one was taken."""
        return False

    # --- the page's contract ----------------------------------------------------------------------------------------

    @property
    def active_tool(self) -> str:
        return self.hand.chosen.name

    def tools(self) -> list[Tool]:
        return self.hand.tools

    def set_tool(self, name: str) -> None:
        if self.hand.choose(name):
            self.tool_taken()

    def looks(self) -> list[Look]:
        return self.record.take(now_ms())

    def hint(self) -> str:
        return f"{tr(self.hand.tool.hint)}. {tr('Wheel slices, Ctrl+wheel zoom, middle button moves')}"

    def shutdown(self) -> None:
        for leave in self._leave:
            leave()
        self._leave.clear()
        self._noting.stop()
        self.hand.cancel()
        self.record.hide_all(now_ms())

    # --- events -----------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        for error in self._plug_in_troubles:
            self.trouble(error)
        self._plug_in_troubles.clear()
        self.note_looks()

    def hideEvent(self, event: QHideEvent) -> None:
        self.record.hide_all(now_ms())

    def trouble(self, error: GraticuleError) -> None:
        """Tell the reader why something was refused."""
        self.opened.bus.publish(Trouble(error))

    def note_soon(self) -> None:
        if not self._noting.isActive():
            self._noting.start()

    def note_looks(self) -> None:
        """Write down what stands on the screen now."""
        now = now_ms()
        for viewport in self.viewports():
            if viewport.isVisible():
                self.record.see(viewport.view.look(), now)
            else:
                self.record.hide(viewport.view.name, now)
        self._tell_fidelity()

    def _tell_fidelity(self) -> None:
        words = self.current().view.fidelity()
        if words != self._fidelity:
            self._fidelity = words
            self.fidelity_changed.emit(words)

    @property
    def fidelity(self) -> str:
        return self.current().view.fidelity()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._keys.press(event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not self._keys.release(event):
            super().keyReleaseEvent(event)

    # --- what keys and menu do --------------------------------------------------------------------------------------

    def cancel(self) -> None:
        self.hand.cancel()
        self.current().refresh_preview()

    def tool_taken(self) -> None:
        """Another tool is in the hand: show its options, cursor and name."""
        self.options.show_tool(self.hand.tool)
        for viewport in self.viewports():
            viewport.follow_tool()
        self.tool_changed.emit(self.active_tool)

    def _options_changed(self) -> None:
        self.current().refresh_preview()

    def resize_tool(self, steps: float) -> None:
        if self.hand.resize(steps):
            self.options.refresh()
            self.current().refresh_preview()

    def zoom(self, steps: float) -> None:
        viewport = self.current()
        viewport.view.zoom(ZOOM_PER_STEP**steps, (viewport.width() / 2, viewport.height() / 2))

    def attempt(self, act: Any) -> None:
        try:
            act()
        except GraticuleError as error:
            self.trouble(error)

    def delete_under(self) -> None:
        region = self.current().region_under()
        if region is not None:
            self.delete_region(region)

    def delete_region(self, region: Region) -> None:
        title = f"Delete length {region.value} {region.unit}"
        self.attempt(lambda: self.opened.workspace.do(title, ElementChange.remove(region)))

    def open_menu(self, at: QPoint, pointer: Pointer) -> None:
        """What can be done here: the line under the pointer, window presets, fit."""
        menu = QMenu(self)
        held = end_under(self.bench, pointer)
        region = held.region if held else self.current().region_under()
        if region is not None:
            words = tr("Delete length {value} {unit}", value=region.value, unit=region.unit)
            menu.addAction(words, lambda: self.delete_region(region))
            menu.addSeparator()
        for number, name in enumerate(self.preset_names(), 1):
            menu.addAction(f"{name}\t{number}", lambda number=number: self.preset(number))
        if self.preset_names():
            menu.addAction(tr("Reset window") + "\t0", lambda: self.preset(0))
            menu.addSeparator()
        menu.addAction(tr("Fit to view") + "\tF", self.current().view.fit)
        self.add_to_menu(menu, pointer)
        menu.exec(at)

    def add_to_menu(self, menu: QMenu, pointer: Pointer) -> None:
        """What only this page offers."""
