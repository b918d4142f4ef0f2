"""What every part of the form does with the keyboard: it takes its own keys before any shortcut of the window does."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QFrame, QMenu, QWidget

from graticule.domain.errors import GraticuleError
from graticule.study.questions import NOT_ASSESSABLE
from graticule.ui.keys import acts_of, is_on
from graticule.ui.words import tr

_PLAIN = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier


class FormPart(QFrame):
    """A question that takes the focus as a whole. `step`: the reader goes on (+1) or back (−1) with the arrows."""

    done = Signal()
    refused = Signal(object)
    step = Signal(int)
    focused = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def key(self, key: str) -> Callable[[], object] | None:
        """What this character does here; None when nothing."""
        return None

    def after(self, *, stay: bool = False) -> None:
        """An act was done: show it, and go on when nothing more is needed."""

    def refresh(self) -> None:
        """Show the answers as they are."""

    def event(self, event: QEvent) -> bool:
        """One letter is an answer here even where it is a shortcut of the window (N: next case)."""
        if event.type() is QEvent.Type.ShortcutOverride and (self._act_of(event) is not None or _is_stray(event)):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        act = self._act_of(event)
        if act is not None:
            self.attempt(act)
        elif is_on(event, "form.next") or is_on(event, "form.previous"):
            self.step.emit(1 if is_on(event, "form.next") else -1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & ~_PLAIN:
            self.done.emit()
        elif not _is_stray(event):
            super().keyPressEvent(event)

    def attempt(self, act: Callable[[], object], *, stay: bool = False) -> None:
        try:
            act()
        except GraticuleError as error:
            self.refresh()
            self.refused.emit(error)
            return
        self.after(stay=stay)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def _act_of(self, event: QEvent) -> Callable[[], object] | None:
        if not isinstance(event, QKeyEvent) or event.modifiers() & ~_PLAIN or not event.text().strip():
            return None
        return self.key(event.text().lower())


def _is_stray(event: QEvent) -> bool:
    """A letter or digit that means nothing here ends here: a slip while answering must not flip the image."""
    return (isinstance(event, QKeyEvent) and not event.modifiers() & ~_PLAIN and event.text().isalnum()
            and not acts_of(event, "window"))


def reasons_menu(parent: QWidget, cannot: Callable[[str], None], take_back: Callable[[], None]) -> QMenu:
    """Why a question cannot be answered; a digit chooses."""
    menu = QMenu(parent)
    for place, (reason, words) in enumerate(NOT_ASSESSABLE.items(), 1):
        menu.addAction(f"&{place}   {tr(words)}", lambda reason=reason: cannot(reason))
    menu.addSeparator()
    menu.addAction(f"&0   {tr('Take the answer back')}", take_back)
    return menu


def open_menu(menu: QMenu, beside: QWidget) -> None:
    menu.popup(beside.mapToGlobal(QPoint(8, beside.height())))


def ring(painter: QPainter, widget: QWidget, colour: str, width: int, radius: int) -> None:
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QColor, QPen

    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(colour), width))
    painter.drawRoundedRect(QRectF(widget.rect()).adjusted(1, 1, -1, -1), radius, radius)
