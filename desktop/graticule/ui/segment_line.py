"""One line of the segment list: colour, name, millilitres, eye, lock, and the rest behind one button."""

from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QSizePolicy,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from graticule.presenters.segments import SegmentRow
from graticule.ui.pieces import Elided, flat
from graticule.ui.theme import SEGMENT_COLOURS, TOKENS, font, grown, icon, wide
from graticule.ui.words import tr


class Swatch(QWidget):
    """A square of the segment's colour; hollow when the segment is hidden."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(14, 14)
        self._colour, self._filled = TOKENS.faint, True

    def show_colour(self, colour: str, filled: bool) -> None:
        self._colour, self._filled = colour, filled
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QColor(self._colour))
            painter.setBrush(QColor(self._colour) if self._filled else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -2, -2), 3, 3)
        finally:
            painter.end()


class SegmentLine(QFrame):
    """Emits what the reader wants with its segment's id; shows what it is told (`show_row`)."""

    chosen = Signal(str)
    eye_pressed = Signal(str)
    lock_pressed = Signal(str)
    renamed = Signal(str, str)
    recoloured = Signal(str, str)
    sought = Signal(str)
    deleted = Signal(str)

    def __init__(self, row: SegmentRow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.id = row.id
        self._row = row
        self.setObjectName("segmentLine")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._swatch = Swatch()
        self._name, self._meaning = Elided(), Elided(role="muted")
        self._editor = QLineEdit()
        self._editor.editingFinished.connect(self._rename)
        self._amount = QLabel()
        self._amount.setFont(font(TOKENS.body_px, tabular=True))
        self._amount.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._amount.setMinimumWidth(wide(58))
        self._eye = flat("eye", "", lambda: self.eye_pressed.emit(self.id))
        self._lock = flat("unlock", "", lambda: self.lock_pressed.emit(self.id))
        self._more = flat("more", tr("More"), self._open_menu)
        self._lay_out()
        self._dress()

    def show_row(self, row: SegmentRow) -> None:
        """Only what differs is set: while painting that is the amount, many times a second."""
        before, self._row = self._row, row
        if row.amount != before.amount:
            self._amount.setText(row.amount)
        if replace(row, amount="") != replace(before, amount=""):
            self._dress()

    def _dress(self) -> None:
        row = self._row
        self._swatch.show_colour(row.colour, row.visible)
        self._name.say(row.name)
        self._name.setFont(font(TOKENS.body_px, font().weight().Medium if row.active else font().weight().Normal))
        self._meaning.say(row.meaning)
        self._meaning.setVisible(bool(row.meaning))
        self._amount.setText(row.amount)
        _show(self._eye, "eye" if row.visible else "eye-off", tr("Hide") if row.visible else tr("Show"), row.visible)
        _show(self._lock, "lock" if row.locked else "unlock", tr("Unlock") if row.locked else tr("Lock"), row.locked)
        self.setAccessibleName(f"{row.name}, {row.amount}")
        colour = TOKENS.accent_soft if row.active else "transparent"
        self.setStyleSheet(f"#segmentLine {{ background: {colour}; border-radius: {TOKENS.radius}px; }}"
                           f"#segmentLine:hover {{ background: {TOKENS.accent_soft if row.active else TOKENS.hover}; }}"
                           f"#segmentLine:focus {{ border: {TOKENS.focus_ring}px solid {TOKENS.accent}; }}")

    def sizeHint(self) -> QSize:
        return QSize(200, 38 if self._row.meaning else 32)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.chosen.emit(self.id)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.sought.emit(self.id)

    def contextMenuEvent(self, event: object) -> None:
        self._open_menu()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(self.id)
        elif event.key() == Qt.Key.Key_F2:
            self._edit()
        elif event.key() == Qt.Key.Key_Delete:
            self.deleted.emit(self.id)
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        words = QWidget()
        column = QVBoxLayout(words)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._name)
        column.addWidget(self._meaning)
        holder = QWidget()
        holder.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._stack = QStackedLayout(holder)
        self._stack.addWidget(words)
        self._stack.addWidget(self._editor)
        line = QHBoxLayout(self)
        line.setContentsMargins(8, 2, 2, 2)
        line.setSpacing(3)
        line.addWidget(self._swatch)
        line.addSpacing(5)
        line.addWidget(holder, 1)
        line.addWidget(self._amount)
        for button in (self._eye, self._lock, self._more):
            button.setFixedSize(wide(22), grown(26))
            button.setStyleSheet("padding: 2px;")
            line.addWidget(button)

    def _edit(self) -> None:
        self._editor.setText(self._row.name)
        self._stack.setCurrentIndex(1)
        self._editor.selectAll()
        self._editor.setFocus()

    def _rename(self) -> None:
        if self._stack.currentIndex() == 1:
            self._stack.setCurrentIndex(0)
            self.renamed.emit(self.id, self._editor.text())

    def _open_menu(self) -> None:
        menu = QMenu(self)
        menu.addAction(tr("Go to"), lambda: self.sought.emit(self.id))
        menu.addAction(tr("Rename"), self._edit)
        colours = menu.addMenu(tr("Colour"))
        for colour in SEGMENT_COLOURS[:14]:
            colours.addAction(icon("fill", colour), colour, lambda colour=colour: self.recoloured.emit(self.id, colour))
        menu.addSeparator()
        menu.addAction(icon("trash"), tr("Delete"), lambda: self.deleted.emit(self.id))
        menu.exec(self._more.mapToGlobal(self._more.rect().bottomLeft()))


def _show(button: QToolButton, sign: str, words: str, strong: bool) -> None:
    button.setIcon(icon(sign, TOKENS.text if strong else TOKENS.faint))
    button.setToolTip(words)
    button.setAccessibleName(words)
