"""A reader's hand on the real window: mouse, wheel and keys go through the window's own handle, and a clock counts the seconds
they would cost a person.

The seconds are a model, the same on every machine: `Pace` states it. What the program itself spends is measured beside it.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from graticule.domain.geometry import Array

NONE, LEFT = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
# Places that a drag is sampled at, in screen pixels: at this pace a window gets about sixty events a second.
_SAMPLE_PX = 5.0


@dataclass(frozen=True)
class Pace:
    """What a gesture costs a person. click_s: a press with the way to it, or to where a drag begins. screen_mm: of a pixel."""

    click_s: float = 0.3
    drag_mm_per_s: float = 80.0
    notch_s: float = 0.15
    key_s: float = 0.25
    screen_mm: float = 25.4 / 96


@dataclass
class Clock:
    """presses: of buttons and keys; notches: of the wheel; drawn_mm: of drags, on the screen. thinking_s: of this machine."""

    presses: int = 0
    keys: int = 0
    notches: int = 0
    drawn_mm: float = 0.0
    thinking_s: float = 0.0

    @property
    def interactions(self) -> int:
        """A press with its drag is one, a key is one, a run of the wheel counts its notches."""
        return self.presses + self.keys + self.notches

    def seconds(self, pace: Pace | None = None) -> float:
        pace = pace or Pace()
        return (self.presses * pace.click_s + self.keys * pace.key_s + self.notches * pace.notch_s
                + self.drawn_mm / pace.drag_mm_per_s)


class MouseHand:
    """Works in the pixels of one view. Nothing is called on the page: what the events do not reach, the hand cannot do."""

    def __init__(self, window: QWidget, view: QWidget) -> None:
        self.window, self.view = window, view
        self.clock, self.pace = Clock(), Pace()
        # Whether the program has nothing left to compute; the hand waits for it, as a person would.
        self.settled: Callable[[], bool] = lambda: True
        self._handle = window.windowHandle()

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
        """To whatever has the keyboard."""
        self.clock.keys += 1
        began = time.perf_counter()
        QTest.keyClick(self._handle, key, held)
        self._settle(began)

    def to(self, at: Sequence[float]) -> None:
        QTest.mouseMove(self._handle, self._place(at))

    def click(self, at: Sequence[float], held: Qt.KeyboardModifier = NONE) -> None:
        self.drag([at], held)

    def press_widget(self, widget: QWidget) -> None:
        """A button of a panel, in its middle."""
        self.clock.presses += 1
        at = widget.mapTo(self.window, widget.rect().center())
        QTest.mouseMove(self._handle, at)
        QTest.mouseClick(self._handle, LEFT, NONE, at)
        self._settle(time.perf_counter())

    def drag(self, way: Sequence[Sequence[float]] | Array, held: Qt.KeyboardModifier = NONE,
             button: Qt.MouseButton = LEFT) -> None:
        """Press at the first place of the view, through the others, and let go at the last."""
        places = _sampled(np.asarray(way, dtype=float))
        self.clock.presses += 1
        self.clock.drawn_mm += float(np.linalg.norm(np.diff(places, axis=0), axis=1).sum()) * self.pace.screen_mm
        began = time.perf_counter()
        self.to(places[0])
        QTest.mousePress(self._handle, button, held, self._place(places[0]))
        for at in places[1:]:
            self.to(at)
        QTest.mouseRelease(self._handle, button, held, self._place(places[-1]))
        self._settle(began)

    def wheel(self, notches: int, at: Sequence[float], held: Qt.KeyboardModifier = NONE) -> None:
        """Away from the person where positive. A key held meanwhile is pressed once."""
        self.clock.notches += abs(notches)
        self.clock.keys += bool(notches and held != NONE)
        began = time.perf_counter()
        self.to(at)
        for _ in range(abs(notches)):
            QTest.wheelEvent(self._handle, QPointF(self._place(at)), QPoint(0, 120 if notches > 0 else -120), QPoint(0, 0), held)
            QApplication.processEvents()
        self._settle(began)

    def _place(self, at: Sequence[float]) -> QPoint:
        """Whole pixels of the window, as a mouse has them."""
        return self.view.mapTo(self.window, QPoint(round(float(at[0])), round(float(at[1]))))

    def _settle(self, began: float) -> None:
        """Until what the gesture asked for is there."""
        for _ in range(3):
            QApplication.processEvents()
        while not self.settled():
            QApplication.processEvents()
        self.clock.thinking_s += time.perf_counter() - began


def _sampled(way: Array) -> Array:
    """(n, 2) places, near enough to each other for a mouse that moves."""
    parts = [way[:1]]
    for start, end in pairwise(way):
        steps = max(1, int(np.ceil(np.linalg.norm(end - start) / _SAMPLE_PX)))
        parts.append(start + (end - start) * np.linspace(0, 1, steps + 1)[1:, None])
    return np.concatenate(parts)
