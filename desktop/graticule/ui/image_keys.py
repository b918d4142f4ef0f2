"""What each named action does on the pages of volumes and pictures; which key does it stands in the bindings."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QPointF
from PySide6.QtGui import QKeyEvent

from graticule.presenters.image_view import Keys
from graticule.settings.actions import ACTIONS
from graticule.ui.keys import acts_of

TAP_MS = 220
PAN_PX, WINDOW_PX = 40.0, 12.0
_HELD = {action.name for action in ACTIONS if action.held}
Verbs = dict[str, Callable[[], object]]


class ImageKeys:
    """page: an ImagePage; every key ends in one of its verbs. A verb that answers False leaves the key to others."""

    def __init__(self, page: Any) -> None:
        self._page = page
        self._space_since = 0
        self._down: dict[int, str] = {}
        self._verbs: Verbs = {}

    def press(self, event: QKeyEvent) -> bool:
        """True when the key was taken."""
        for name in acts_of(event, *self._page.PLACES):
            if name in _HELD:
                if not event.isAutoRepeat():
                    self._down[event.key()] = name
                    self._hold(name, True)
                return True
            if self.perform(name):
                return True
        return False

    def release(self, event: QKeyEvent) -> bool:
        """What was only held is over: the hand is given back, the glass put away, the segments are seen again."""
        if event.isAutoRepeat() or event.key() not in self._down:
            return False
        self._hold(self._down.pop(event.key()), False)
        return True

    def let_go(self) -> None:
        """The page is hidden: nothing stays held."""
        for name in self._down.values():
            self._hold(name, False)
        self._down.clear()

    def perform(self, name: str) -> bool:
        """Do an action by its name; False when this page does not have it or it does not fit now."""
        if name.startswith("tool."):
            return self._take_tool(name.removeprefix("tool."))
        if not self._verbs:
            self._verbs = {**image_verbs(self._page), **self._page.verbs()}
        verb = self._verbs.get(name)
        return verb is not None and verb() is not False

    def can(self, name: str) -> bool:
        """Whether the page knows the action (the menu shows those)."""
        self.perform("")
        return name in self._verbs

    def _take_tool(self, name: str) -> bool:
        if all(tool.name != name for tool in self._page.tools()):
            return False
        self._page.set_tool(name)
        return True

    def _hold(self, name: str, on: bool) -> None:
        page = self._page
        if name == "image.glass":
            page.acts.hold_glass(on)
        elif name.endswith(".peek"):
            page.peek(on)
        elif on:
            self._space_since = now_ms()
            page.hand.borrow("pan")
            page.current().follow_tool()
        else:
            self._give_hand_back()

    def _give_hand_back(self) -> None:
        """A tap swaps the last two tools; holding the key only lent the hand for panning."""
        self._page.hand.give_back()
        if now_ms() - self._space_since < TAP_MS:
            self._page.hand.back()
        self._page.tool_taken()


def image_verbs(page: Any) -> Verbs:
    """The actions of every image page."""
    acts, workspace = page.acts, page.opened.workspace
    presets = {f"image.preset-{n}": partial(page.preset, n) for n in range(1, 10)}
    return {
        **presets, "image.reset-window": partial(page.preset, 0), "image.cancel": page.cancel,
        "image.zoom-in": partial(page.zoom, 1), "image.zoom-out": partial(page.zoom, -1), "image.delete": page.delete_under,
        "image.larger": partial(page.resize_tool, 1), "image.smaller": partial(page.resize_tool, -1),
        "image.undo": lambda: page.attempt(workspace.undo), "image.redo": lambda: page.attempt(workspace.redo),
        "image.fit": partial(_fit, page), "image.invert": acts.invert, "image.sheet": acts.show_sheet,
        "image.turn-right": partial(acts.turn, 1), "image.turn-left": partial(acts.turn, -1),
        "image.flip": partial(acts.flip, left_right=True), "image.flip-up": partial(acts.flip, left_right=False),
        "image.tiles": acts.show_tiles, "image.histogram": acts.toggle_histogram, "image.reset": acts.reset,
        "image.true-size": acts.true_size, "image.play": acts.cine, "image.finish-mark": page.finish_mark,
        "image.take-back": page.take_back, "image.edge-aware": page.switch_edges,
        **page.workshop.verbs(), "image.layout": page.reading.bar.open_layouts, "image.next-stage": partial(_stage, page, 1),
        "image.previous-stage": partial(_stage, page, -1), "image.next-view": partial(_step_view, page, 1),
        "image.previous-view": partial(_step_view, page, -1), "image.menu": partial(_menu, page),
        "image.maximise": lambda: page.current().maximise_asked.emit(page.current().view.name),
        "image.next": partial(_scroll, page, 1), "image.previous": partial(_scroll, page, -1),
        "image.on-ten": partial(_scroll, page, 10), "image.back-ten": partial(_scroll, page, -10),
        "image.first": partial(_scroll, page, -10**6), "image.last": partial(_scroll, page, 10**6),
        "image.pan-left": partial(_pan, page, -PAN_PX, 0), "image.pan-right": partial(_pan, page, PAN_PX, 0),
        "image.pan-up": partial(_pan, page, 0, -PAN_PX), "image.pan-down": partial(_pan, page, 0, PAN_PX),
        "image.narrower": partial(_window, page, -WINDOW_PX, 0), "image.wider": partial(_window, page, WINDOW_PX, 0),
        "image.brighter": partial(_window, page, 0, -WINDOW_PX), "image.darker": partial(_window, page, 0, WINDOW_PX)}


def _scroll(page: Any, steps: int) -> bool:
    view = page.current().view
    if getattr(view, "count", 2) < 2:
        return False
    view.scroll(steps)
    return True


def _pan(page: Any, right_px: float, down_px: float) -> None:
    page.current().view.pan(right_px, down_px)


def _fit(page: Any) -> None:
    page.current().view.fit()


def _window(page: Any, right_px: float, down_px: float) -> None:
    page.current().view.change_window(right_px, down_px)


def _stage(page: Any, step: int) -> bool:
    if not page.reading.hanging.rules:
        return False
    page.reading.hanging.step(step)
    return True


def _step_view(page: Any, step: int) -> None:
    """Round through the views that are seen, in reading order; the keyboard goes there."""
    views = [view for _, view in page.named_viewports()] + [page.view3d] * hasattr(page, "view3d")
    shown = [view for view in views if view.isVisible()]
    shown.sort(key=lambda view: (view.mapTo(page, view.rect().topLeft()).y(), view.mapTo(page, view.rect().topLeft()).x()))
    if shown:
        here = next((view for view in shown if view.hasFocus()), page.current())
        at = shown.index(here) if here in shown else 0
        shown[(at + step) % len(shown)].setFocus()


def _menu(page: Any) -> None:
    viewport = page.current()
    middle = QPointF(viewport.width() / 2, viewport.height() / 2)
    viewport.ask_menu(middle, Keys())


def now_ms() -> int:
    return time.monotonic_ns() // 1_000_000
