"""What the pages of volumes and pictures share: the hand, the keys, the viewing record, and the page's contract with the desk."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QWidget

from graticule.domain.case import Kind
from graticule.domain.edits import ElementChange
from graticule.domain.elements import Region
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Floats
from graticule.domain.viewing import Look
from graticule.domain.volume import Window
from graticule.editing.tools.marks import held_under, titled
from graticule.editing.tools.palette import tools_for
from graticule.editing.tools.tool import Bench, Pointer, Tool
from graticule.presenters.desk_events import Trouble
from graticule.presenters.hand import Hand
from graticule.presenters.open_case import OpenCase
from graticule.presenters.thinking import JobThinking
from graticule.presenters.viewing import ViewingRecord
from graticule.ui.image_acts import ImageActs
from graticule.ui.image_keys import ImageKeys, now_ms
from graticule.ui.keys import BOUND, with_key
from graticule.ui.options_form import OptionsForm
from graticule.ui.strokes import LOOKS, spoken_strokes
from graticule.ui.tile_view import TileSource
from graticule.ui.viewport import ZOOM_PER_STEP, Viewport
from graticule.ui.words import tr

NOTE_MS = 50


class ImagePage(QWidget):
    """What goes wrong in a gesture is published as Trouble, for a notice."""

    status_changed = Signal(str)
    tool_changed = Signal(str)
    fidelity_changed = Signal(str)

    KIND = Kind.VOLUME
    PLACES: tuple[str, ...] = ("image", "tool")  # whose keys are heard here (`settings/actions.py`)

    def __init__(self, opened: OpenCase, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.opened = opened
        self.bench = Bench(opened.workspace, opened.content, opened.ontology, opened.new_id)
        self._plug_in_troubles: list[GraticuleError] = []
        self.bench.thinking = JobThinking(opened.runner, self.trouble)
        self.hand = Hand(tools_for(self.KIND, self._plug_in_troubles.append), self.bench, self.trouble)
        self.record = ViewingRecord()
        self.reading: Any = None  # the wall with its layouts; every page makes one
        self.options = OptionsForm()
        self.take_idle_tool()
        self.options.show_tool(self.hand.tool)
        self.options.changed.connect(self._options_changed)
        self._keys = ImageKeys(self)
        self.acts = ImageActs(self)
        self._fidelity = ""
        self._leave: list[Any] = []
        # While something moves, what stands on the screen is written down once per moment, not at every event.
        self._noting = QTimer(self, singleShot=True, interval=NOTE_MS)
        self._noting.timeout.connect(self.note_looks)

    # --- for subclasses ---------------------------------------------------------------------------------------------

    def viewports(self) -> list[Viewport]:
        return []

    def named_viewports(self) -> list[tuple[str, Viewport]]:
        """The same with the names under which the viewing record keeps them."""
        return [(viewport.view.name, viewport) for viewport in self.viewports()]

    def current(self) -> Viewport:
        """The viewport that keys act on."""
        return self.viewports()[0]

    def preset(self, number: int) -> None:
        """The key of a window preset was pressed; 0 resets."""

    def preset_names(self) -> list[str]:
        return []

    def shown_window(self) -> Window:
        """Where the greys of the current view lie."""
        return Window(1.0, 0.5)

    def show_mark(self, mark: str) -> None:
        """This mark is the chosen one now; "" for none."""

    def go_to_mark(self, at: Floats) -> None:
        """Bring the views to a place of the image."""
        self.current().view.look_at(tuple(float(v) for v in at))

    def tile_source(self) -> TileSource | None:
        """What tiles would show; None when there is only one image."""
        return None

    def verbs(self) -> dict[str, Callable[[], object]]:
        """The actions of this page only, by name."""
        return {}

    def peek(self, on: bool) -> None:
        """See the image without its labels while a key is held."""

    def slices(self) -> str:
        """What there is to scroll through: "scroll" (slices), "frames", or "" for nothing."""
        return "scroll"

    # --- the page's contract ----------------------------------------------------------------------------------------

    @property
    def active_tool(self) -> str:
        return self.hand.chosen.name

    def tools(self) -> list[Tool]:
        return [tool for tool in self.hand.tools if tool.group != "answer"]  # lent by a question, not chosen

    def set_tool(self, name: str) -> None:
        if self.hand.choose(name):
            self.tool_taken()

    def looks(self) -> list[Look]:
        return self.record.take(now_ms())

    def hint(self) -> str:
        return f"{spoken_strokes(self.hand, slices=self.slices())}  –  {tr(self.hand.tool.hint)}"

    def perform(self, name: str) -> bool:
        """Do an action of `settings/actions.py` by its name (menus do)."""
        return self._keys.perform(name)

    def can(self, name: str) -> bool:
        return self._keys.can(name)

    def take_idle_tool(self) -> None:
        """A fresh case lies in the tool of the preset: the first of its list that the case has."""
        for name in BOUND.now.preset.idle:
            if self.hand.find(name) is not None:
                self.hand.choose(name)
                return

    def restore_tool(self, name: str) -> None:
        """The tool that marked or measured here last is taken up again; looking is left to the preset in force."""
        found = self.hand.find(name)
        if found is not None and found.group != LOOKS:
            self.hand.choose(name)

    def bindings_changed(self) -> None:
        """Other keys or strokes are in force: a tool that only looks gives way to the preset's."""
        if self.hand.tool.group == LOOKS:
            self.take_idle_tool()
        self.tool_taken()

    def shutdown(self) -> None:
        for leave in self._leave:
            leave()
        self._leave.clear()
        self._noting.stop()
        self.acts.shutdown()
        self.hand.put_away()
        self.record.hide_all(now_ms())

    # --- events -----------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        for error in self._plug_in_troubles:
            self.trouble(error)
        self._plug_in_troubles.clear()
        self.acts.take_screen()
        self.note_looks()

    def hideEvent(self, event: QHideEvent) -> None:
        self._keys.let_go()
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
        for name, viewport in self.named_viewports():
            if viewport.isVisible():
                self.record.see(replace(viewport.view.look(), view=name), now)
            else:
                self.record.hide(name, now)
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

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The page itself shows no focus: its current view does."""
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.current().setFocus(event.reason())

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
        self.hand.options_changed()
        self.current().refresh_preview()

    def finish_mark(self) -> None:
        """Enter: close what grows by clicks."""
        self.hand.finish()
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
        self.attempt(lambda: self.opened.workspace.do(titled("Delete", region), ElementChange.remove(region)))

    def open_menu(self, at: QPoint, pointer: Pointer) -> None:
        """What can be done here: the line under the pointer, window presets, fit."""
        menu = QMenu(self)
        held = held_under(self.bench, pointer)
        region = held.region if held else self.current().region_under()
        if region is not None:
            menu.addAction(tr("Delete {what}", what=titled("", region)), lambda: self.delete_region(region))
            menu.addSeparator()
        for number, name in enumerate(self.preset_names(), 1):
            menu.addAction(with_key(name, f"image.preset-{number}"), lambda number=number: self.preset(number))
        if self.preset_names():
            menu.addAction(with_key(tr("Reset window"), "image.reset-window"), lambda: self.preset(0))
            menu.addSeparator()
        menu.addAction(with_key(tr("Fit to view"), "image.fit"), self.current().view.fit)
        self.add_to_menu(menu, pointer)
        menu.addSeparator()
        self.acts.add_to_menu(menu)
        menu.exec(at)

    def add_to_menu(self, menu: QMenu, pointer: Pointer) -> None:
        """What only this page offers."""
