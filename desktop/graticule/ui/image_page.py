"""What the pages of volumes and pictures share: the hand, the keys, the viewing record, and the page's contract with the desk."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QWidget

from graticule.domain.case import Kind
from graticule.domain.edits import ElementChange
from graticule.domain.elements import Region, Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Floats
from graticule.domain.viewing import Look
from graticule.domain.volume import Window
from graticule.editing.events import LabelsChanged
from graticule.editing.proposal import ProposalChanged
from graticule.editing.tools.marks import held_under, titled
from graticule.editing.tools.palette import tools_for
from graticule.editing.tools.tool import Bench, Pointer, Tool, ToolChanged
from graticule.presenters.desk_events import Trouble
from graticule.presenters.hand import Hand
from graticule.presenters.open_case import OpenCase
from graticule.presenters.paint_where import PaintWhere
from graticule.presenters.segments import SegmentsShown
from graticule.presenters.thinking import JobThinking
from graticule.presenters.tool_sizes import stretched
from graticule.presenters.viewing import ViewingRecord
from graticule.ui.assistant_panel import AssistantPanel
from graticule.ui.history_panel import HistoryPanel
from graticule.ui.image_acts import ImageActs
from graticule.ui.image_keys import ImageKeys, now_ms
from graticule.ui.keys import BOUND, with_key
from graticule.ui.options_form import OptionsForm
from graticule.ui.paint_where import PaintWherePanel, ToolPanel
from graticule.ui.proposal_bar import ProposalBar
from graticule.ui.replaying import Stage
from graticule.ui.section import left_in_section
from graticule.ui.strokes import LOOKS, spoken_strokes
from graticule.ui.tile_view import TileSource
from graticule.ui.viewport import ZOOM_PER_STEP, Viewport
from graticule.ui.words import tr
from graticule.ui.workshop import Workshop

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
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # Tab goes to its views: from a page it would come back to one
        self.opened = opened
        self.bench = Bench(opened.workspace, opened.content, opened.ontology, opened.new_id)
        self._plug_in_troubles: list[GraticuleError] = []
        self.bench.thinking = JobThinking(opened.runner, self.trouble)
        self.hand = Hand(tools_for(self.KIND, self._plug_in_troubles.append), self.bench, self.trouble)
        self.record = ViewingRecord()
        self.reading: Any = None  # the wall with its layouts; every page makes one
        self.options = OptionsForm()
        self.options.lengths = self.hand.lengths
        for tool in self.hand.tools if self.hand.lengths.stretch > 1 else ():
            tool.options = stretched(tool.options, self.hand.lengths)
        self.take_idle_tool()
        self.options.show_tool(self.hand.tool)
        self.options.changed.connect(self._options_changed)
        self.paint_where = PaintWhere(self.bench, self.shown_window)
        self.paint_where.restore(opened.view_state.get("paint", {}))
        self.paint_panel = PaintWherePanel(self.paint_where)
        self.paint_panel.changed.connect(self._options_changed)
        self.tool_panel = ToolPanel(self.options, self.paint_panel)
        self.tool_panel.follow(self.hand.tool)
        self.options.acted.connect(self._tool_act)
        self.options.segments = self._segments
        self._proposal_bar = ProposalBar(self, self.finish_mark, self.cancel)
        bus = opened.bus
        self._follow = [bus.subscribe(ToolChanged, self._tool_says), bus.subscribe(ProposalChanged, self._proposal_told)]
        self.workshop = Workshop(self)
        self.history_panel = HistoryPanel(opened, self if isinstance(self, Stage) else None)
        self.history_panel.trouble.connect(self.trouble)
        self.assistant_panel: AssistantPanel | None = None
        self.bench.assistant = opened.assistant
        if opened.assistant is not None and self.hand.find("assistant") is not None:
            self.assistant_panel = AssistantPanel(opened, opened.assistant, self.hand, self.attempt)
            self.assistant_panel.redraw.connect(lambda: self.current().refresh_preview())
            self.tool_changed.connect(self.assistant_panel.follow)
        self._keys = ImageKeys(self)
        self.acts = ImageActs(self)
        self._fidelity = ""
        self._leave: list[Any] = []
        self._deaf = [opened.bus.subscribe(LabelsChanged, self._elements_changed),
                      opened.bus.subscribe(SegmentsShown, self._selection_changed)]
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
        if self._proposal_bar.isVisibleTo(self):
            return f"{tr('Enter takes it · Esc drops it')}  –  {tr(self.hand.tool.hint)}"
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
        self.hand.put_away()
        self.history_panel.close_panel()
        if self.assistant_panel is not None:
            self.assistant_panel.close_panel()
        self.workshop.close()
        for leave in (*self._leave, *self._follow, *self._deaf):
            leave()
        self._leave.clear()
        self._noting.stop()
        self.acts.shutdown()
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

    def enterEvent(self, event: QEnterEvent) -> None:
        """The hand comes back from a button of the right column, and the keys with it."""
        if left_in_section(self.window().focusWidget()):
            self.current().setFocus(Qt.FocusReason.MouseFocusReason)
        super().enterEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The page itself shows no focus: its current view does."""
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.current().setFocus(event.reason())

    # --- what keys and menu do --------------------------------------------------------------------------------------

    def show_history(self) -> None:
        """The list of what was done: opened, or put away again."""
        self.history_panel.setVisible(not self.history_panel.isVisible())

    def cancel(self) -> None:
        if self.history_panel.replaying.stop():
            return
        self.workshop.refining.drop()
        self.hand.cancel()
        self.current().refresh_preview()

    def tool_taken(self) -> None:
        """Another tool is in the hand: show its options, cursor and name."""
        self.options.show_tool(self.hand.tool)
        self.tool_panel.follow(self.hand.tool)
        for viewport in self.viewports():
            viewport.follow_tool()
        self.tool_changed.emit(self.active_tool)

    def _tool_act(self, name: str) -> None:
        """A button of the tool's form."""
        self.hand.act(name)
        self.options.refresh()
        self.current().refresh_preview()
        self.current().setFocus()

    def _tool_says(self, event: ToolChanged) -> None:
        if event.case_id == self.opened.case.id:
            if event.options:
                self.options.refresh()
            self.current().refresh_preview()

    def _proposal_told(self, event: ProposalChanged) -> None:
        if event.case_id != self.opened.case.id:
            return
        self.hand.proposal_changed()
        stood = self._proposal_bar.isVisibleTo(self)
        self._proposal_bar.follow(self.bench.proposals, self.current())
        if self._proposal_bar.isVisibleTo(self) != stood:
            self.tool_changed.emit(self.active_tool)

    def _segments(self) -> list[tuple[str, str, str]]:
        """(id, name, colour) of the segments, for forms that choose among them."""
        names = [(segment, segment.name or self.opened.ontology.label(segment.type))
                 for segment in self.opened.workspace.labels.of(Segment)]
        return [(segment.id, name, segment.colour) for segment, name in names]

    def _options_changed(self) -> None:
        self.hand.options_changed()
        self.current().refresh_preview()

    def finish_mark(self) -> None:
        """Enter: close what grows by clicks."""
        self.hand.finish()
        self.current().refresh_preview()

    def take_back(self) -> None:
        """Backspace: the last place of what grows by clicks."""
        self.hand.take_back()
        self.current().refresh_preview()

    def switch_edges(self) -> None:
        """The brush stops at edges, or does not."""
        brush = self.hand.find("brush")
        if brush is not None:
            brush.options = replace(brush.options, edge_aware=not brush.options.edge_aware)
            self.set_tool("brush")
            self.options.refresh()

    def _elements_changed(self, event: LabelsChanged) -> None:
        """Segments came, went or were locked: what may be painted over is another list."""
        if event.case_id == self.opened.case.id and any(kind == Segment.KIND for kind, _ in event.touched.elements):
            self.paint_where.labels_changed()
            self.paint_panel.refresh()

    def _selection_changed(self, event: SegmentsShown) -> None:
        if event.case_id == self.opened.case.id:
            self.paint_panel.refresh()

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
