"""Cine: play, pause, speed, back and forth, and a slider over the frames or slices."""

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from PySide6.QtCore import QElapsedTimer, QSignalBlocker, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QToolButton, QWidget

from graticule.presenters.cine import Cine, fps_of
from graticule.ui.pieces import flat
from graticule.ui.theme import TOKENS, font, icon
from graticule.ui.words import tr

TICK_MS = 8


class Stack(Protocol):
    """What can be played: the frames of a picture, or the slices of a plane."""

    @property
    def index(self) -> int: ...

    @property
    def count(self) -> int: ...

    def scroll(self, steps: int) -> None: ...


class CineBar(QWidget):
    """stack: what is played now; asked each time, since another view may be the current one. frame_ms: of the file, or 0."""

    def __init__(self, stack: Callable[[], Stack], frame_ms: float = 0.0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("cineBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(f"#cineBar {{ background: {TOKENS.raised}; border: 1px solid {TOKENS.line}; "
                           f"border-radius: {TOKENS.radius}px; }}")
        self._stack = stack
        self._cine = Cine(1, fps_of(frame_ms))
        self._since = QElapsedTimer()
        self._timer = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._play = flat("play", tr("Play or pause (C)"), self.toggle)
        self._bounce = flat("bounce", tr("Back and forth instead of from the start again"), self._toggle_bounce)
        self._bounce.setCheckable(True)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._slider.setAccessibleName(tr("Frame"))
        self._slider.valueChanged.connect(self._dragged)
        self._count, self._speed = QLabel(), QLabel()
        for words in (self._count, self._speed):
            words.setFont(font(TOKENS.label_px, tabular=True))
        box = QHBoxLayout(self)
        box.setContentsMargins(8, 4, 8, 4)
        box.setSpacing(6)
        slower = flat("minus", tr("Slower"), lambda: self._faster(-1))
        faster = flat("plus", tr("Faster"), lambda: self._faster(1))
        for widget in (self._play, self._slider, self._count, slower, self._speed, faster, self._bounce):
            box.addWidget(widget, 1 if widget is self._slider else 0)
        for button in self.findChildren(QToolButton):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.follow()

    def closable(self) -> None:
        """With a button that pauses and puts the bar away."""
        self.layout().addWidget(flat("close", tr("Close"), self._close_bar))

    def _close_bar(self) -> None:
        self.pause()
        self.hide()

    @property
    def playing(self) -> bool:
        return self._timer.isActive()

    def toggle(self) -> None:
        """Play, or pause where it stands."""
        if self.playing:
            self.pause()
        elif self._stack().count > 1:
            self._begin()
            self._timer.start()
        self._play.setIcon(icon("pause" if self.playing else "play", TOKENS.text))

    def pause(self) -> None:
        self._timer.stop()
        self._play.setIcon(icon("play", TOKENS.muted))

    def follow(self) -> None:
        """Another frame is shown, or another view is the current one."""
        stack = self._stack()
        with QSignalBlocker(self._slider):
            self._slider.setRange(0, max(0, stack.count - 1))
            self._slider.setValue(stack.index)
        self._count.setText(f"{stack.index + 1} / {stack.count}")
        self._speed.setText(tr("{fps} per second", fps=f"{self._cine.fps:g}"))

    def _begin(self) -> None:
        stack = self._stack()
        self._cine = replace(self._cine, count=stack.count, first=stack.index)
        self._since.start()

    def _tick(self) -> None:
        """What stands on the screen follows the clock: when drawing is slow, frames are left out, never time."""
        stack = self._stack()
        if stack.count != self._cine.count:
            self._begin()
        wanted = self._cine.frame_at(self._since.elapsed() / 1000.0)
        if wanted != stack.index:
            stack.scroll(wanted - stack.index)
            self.follow()

    def _dragged(self, frame: int) -> None:
        stack = self._stack()
        stack.scroll(frame - stack.index)
        if self.playing:
            self._begin()
        self.follow()

    def _faster(self, steps: int) -> None:
        self._cine = self._cine.faster(steps)
        if self.playing:
            self._begin()
        self.follow()

    def _toggle_bounce(self) -> None:
        self._cine = replace(self._cine, bounce=self._bounce.isChecked())
        if self.playing:
            self._begin()
