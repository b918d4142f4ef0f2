"""A part of the right column under its title: a press folds it up or opens it, and what the reader chose is kept."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from graticule.ui.pieces import line
from graticule.ui.theme import TOKENS, icon

Kind = TypeVar("Kind", bound=QWidget)
_WRITTEN = (QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox)
SETTLE_MS = 60  # until the column has taken its new height


class Folds:
    """Which sections the reader folded up or opened, by name; of the others nothing is known."""

    def __init__(self) -> None:
        self.open: dict[str, bool] = {}

    def restore(self, kept: object) -> None:
        """Take what a file says; anything else in it is forgotten."""
        if isinstance(kept, dict):
            self.open = {str(name): value for name, value in kept.items() if isinstance(value, bool)}


class Section(QWidget):
    """It goes and comes back with its panel, title, line and all. A panel whose class says `FOLDED` begins folded."""

    def __init__(self, title: str, panel: QWidget, folds: Folds, *, ruled: bool) -> None:
        super().__init__()
        self._folds, self._name = folds, type(panel).__name__
        self.panel = panel
        self.head = QPushButton(title)
        self.head.setProperty("fold", True)
        self.head.setCheckable(True)
        self.head.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a press leaves the keys to the image
        self.head.setIconSize(QSize(TOKENS.small_icon, TOKENS.small_icon))
        self.head.toggled.connect(self._show)
        self.head.clicked.connect(self._keep)
        self._body = QWidget()
        inside = QVBoxLayout(self._body)
        inside.setContentsMargins(10, 0, 10, 6)
        inside.addWidget(panel)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        if ruled:
            box.addWidget(line())
        box.addWidget(self.head)
        box.addWidget(self._body)
        begins_open = folds.open.get(self._name, not getattr(panel, "FOLDED", False))
        self.head.setChecked(begins_open)
        self._show(begins_open)
        panel.installEventFilter(self)
        if panel.isHidden() and panel.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide):
            self.hide()  # never shown here: without a parent it would be a window for a moment, and take the keys away

    @property
    def opened(self) -> bool:
        return self.head.isChecked()

    def open(self) -> None:
        """Something in it was asked for elsewhere: by a key, a menu, another section."""
        self.head.setChecked(True)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent) and self.parentWidget() is not None:
            self.setHidden(event.type() is QEvent.Type.HideToParent)
        return False

    def _show(self, on: bool) -> None:
        self.head.setIcon(icon("chevron-down" if on else "chevron-right", TOKENS.muted))
        self._body.setVisible(on)

    def _keep(self, on: bool) -> None:
        self._folds.open[self._name] = on


def bring_into_sight(panel: QWidget) -> None:
    """Open the section that a panel stands in and scroll to it; nothing when the panel itself is put away."""
    if panel.isHidden():
        return
    section = _above(panel, Section)
    if section is not None:
        section.open()
    QTimer.singleShot(SETTLE_MS, panel, lambda: _scroll_to(section or panel))


def left_in_section(widget: QWidget | None) -> bool:
    """Whether the keyboard stands in a section, at something that is not written into."""
    return widget is not None and not isinstance(widget, _WRITTEN) and _above(widget, Section) is not None


def show_in_place(panel: QWidget, on: bool) -> None:
    """Show or put away a widget that may have no place yet: shown without one, it would be a window for a moment."""
    if panel.parentWidget() is not None or not on:
        panel.setVisible(on)


def _scroll_to(widget: QWidget) -> None:
    column = _above(widget, QScrollArea)
    if column is not None:
        column.ensureWidgetVisible(widget)


def _above(widget: QWidget, kind: type[Kind]) -> Kind | None:
    found = widget.parentWidget()
    while found is not None and not isinstance(found, kind):
        found = found.parentWidget()
    return found
