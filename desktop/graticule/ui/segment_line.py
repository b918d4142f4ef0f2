"""One line of the segment list: colour, name, status, amount, eye, lock, and the rest behind one button."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from graticule.presenters.segment_rows import SegmentRow
from graticule.ui.pieces import Elided, flat
from graticule.ui.segment_menu import STATUS_ICONS, segment_menu, status_menu, status_words
from graticule.ui.segment_swatch import Swatch
from graticule.ui.theme import TOKENS, font, grown, icon, wide
from graticule.ui.words import tr

TALL_PX, LOW_PX = 40, 30
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_TONES = {"done": TOKENS.good, "flagged": TOKENS.warn, "in-progress": TOKENS.muted}


def height_of(row: SegmentRow) -> int:
    """Pixels a line needs: two rows of words where there is a meaning or a warning."""
    return grown(TALL_PX if row.meaning or row.warning else LOW_PX)


class SegmentLine(QFrame):
    """Emits what the reader wants with its segment's id; shows what it is told (`show_row`), also of another segment.

    groups: (id, name) of the groups that its segment may be moved to. fades: whether one segment can be seen through here.
    locks_done: whether what is marked as done is locked with it.
    """

    chosen = Signal(str)
    eye_pressed = Signal(str)
    solo_pressed = Signal(str)
    lock_pressed = Signal(str)
    renamed = Signal(str, str)
    recoloured = Signal(str, str)
    sought = Signal(str)
    deleted = Signal(str)
    another_asked = Signal(str)
    meaning_asked = Signal(str)
    status_chosen = Signal(str, str)
    opacity_chosen = Signal(str, float)
    group_chosen = Signal(str, str)
    lock_done_chosen = Signal(bool)
    refine_asked = Signal(str, str)
    stepped = Signal(int)

    def __init__(self, row: SegmentRow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = row
        self.groups: Callable[[], list[tuple[str, str]]] = list
        self.fades = True
        self.locks_done: Callable[[], bool] = bool
        self.setObjectName("segmentLine")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._swatch = Swatch()
        self._name, self._meaning = Elided(), Elided(role="muted")
        self._editor = QLineEdit()
        self._editor.editingFinished.connect(self._rename)
        self._amount = QLabel()
        self._amount.setFont(font(TOKENS.body_px, tabular=True))
        self._amount.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._amount.setMinimumWidth(wide(56))
        self._status = flat("new", "", lambda: self._below(self._status, status_menu(self, self._row)))
        self._eye = flat("eye", "", self._press_eye)
        self._lock = flat("unlock", "", lambda: self.lock_pressed.emit(self.id))
        self._more = flat("more", tr("More"), self._open_menu)
        self._lay_out()
        self._dress()

    @property
    def id(self) -> str:
        return self._row.id

    @property
    def row(self) -> SegmentRow:
        return self._row

    def show_row(self, row: SegmentRow) -> None:
        """Only what differs is set: while painting that is the amount, many times a second."""
        before, self._row = self._row, row
        if row.id != before.id:
            self._stack.setCurrentIndex(0)
        if row.amount != before.amount:
            self._amount.setText(row.amount)
        if replace(row, amount="") != replace(before, amount=""):
            self._dress()

    def edit(self) -> None:
        """Type another name, in place."""
        self._editor.setText(self._row.name)
        self._stack.setCurrentIndex(1)
        self._editor.selectAll()
        self._editor.setFocus()

    def _dress(self) -> None:
        row = self._row
        self._swatch.show_colour(row.colour, row.visible)
        self._name.say(row.name)
        self._name.setFont(font(TOKENS.body_px, font().weight().Medium if row.active else font().weight().Normal))
        self._say_below(tr(row.warning) if row.warning else row.meaning, "warn" if row.warning else "muted")
        self._amount.setText(row.amount)
        _show(self._status, STATUS_ICONS[row.status], status_words(row.status), _TONES.get(row.status, TOKENS.faint))
        eye = tr("Hide (Alt: show only this one)") if row.visible else tr("Show (Alt: show only this one)")
        _show(self._eye, "eye" if row.visible else "eye-off", eye, TOKENS.text if row.visible else TOKENS.faint)
        _show(self._lock, "lock" if row.locked else "unlock", tr("Unlock") if row.locked else tr("Lock"),
              TOKENS.text if row.locked else TOKENS.faint)
        self._lock.setVisible(row.locked)
        self._margin.setContentsMargins(22 if row.possible else 8, 2, 2, 2)
        spoken = (row.name, row.amount, status_words(row.status), tr(row.warning))
        self.setAccessibleName(", ".join(part for part in spoken if part))
        colour = TOKENS.accent_soft if row.active else "transparent"
        self.setStyleSheet(f"#segmentLine {{ background: {colour}; border-radius: {TOKENS.radius}px; }}"
                           f"#segmentLine:hover {{ background: {TOKENS.accent_soft if row.active else TOKENS.hover}; }}"
                           f"#segmentLine:focus {{ border: {TOKENS.focus_ring}px solid {TOKENS.accent}; }}")

    def _say_below(self, words: str, role: str) -> None:
        if self._meaning.property("role") != role:
            self._meaning.setProperty("role", role)
            self._meaning.style().unpolish(self._meaning)
            self._meaning.style().polish(self._meaning)
        self._meaning.say(words)
        self._meaning.setVisible(bool(words))

    # --- gestures ---------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.chosen.emit(self.id)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.sought.emit(self.id)

    def contextMenuEvent(self, event: object) -> None:
        self._open_menu()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(self.id)
        elif event.key() in _STEPS:
            self.stepped.emit(_STEPS[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_F2:
            self.edit()
        elif event.key() == Qt.Key.Key_Delete:
            self.deleted.emit(self.id)
        else:
            super().keyPressEvent(event)

    def _press_eye(self) -> None:
        alone = bool(QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.AltModifier)
        (self.solo_pressed if alone else self.eye_pressed).emit(self.id)

    def _rename(self) -> None:
        if self._stack.currentIndex() == 1:
            self._stack.setCurrentIndex(0)
            self.renamed.emit(self.id, self._editor.text())

    def _open_menu(self) -> None:
        self._below(self._more, segment_menu(self, self._row, self.groups()))

    def _below(self, button: QToolButton, menu: object) -> None:
        menu.exec(button.mapToGlobal(button.rect().bottomLeft()))

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
        self._margin = QHBoxLayout(self)
        self._margin.setSpacing(2)
        self._margin.addWidget(self._swatch)
        self._margin.addSpacing(5)
        self._margin.addWidget(holder, 1)
        self._margin.addWidget(self._amount)
        for button in (self._status, self._eye, self._lock, self._more):
            button.setFixedSize(wide(22), grown(26))
            button.setStyleSheet("padding: 2px;")
            self._margin.addWidget(button)


def _show(button: QToolButton, sign: str, words: str, colour: str) -> None:
    button.setIcon(icon(sign, colour))
    button.setToolTip(words)
    button.setAccessibleName(words)
