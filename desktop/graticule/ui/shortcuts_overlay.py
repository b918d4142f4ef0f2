"""`?`: the keys of the current view, over everything, gone with the next key or click."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from graticule.ui.pieces import label
from graticule.ui.theme import TOKENS
from graticule.ui.words import tr

if TYPE_CHECKING:
    from graticule.editing.tools.tool import Tool

# Keys of the window itself, and of every image view (pages handle these).
WINDOW_KEYS = (("N", "Next undone case"), ("Shift+N", "Previous undone case"), ("Ctrl+Enter", "Finish and open the next"),
               ("Ctrl+Z", "Undo"), ("Ctrl+Y", "Redo"), ("Ctrl+F", "Search the worklist"), ("Ctrl+B", "Worklist narrow or wide"),
               ("F6", "Go to the next column"), ("F11", "Full screen"), ("?", "These keys"))
FORM_KEYS = (("1–9", "Answer"), ("0", "Not assessable"), ("← →", "How sure"), ("Enter  Tab", "Next question"))


class ShortcutsOverlay(QWidget):
    """Covers `host` with a veil and one card of key lists."""

    def __init__(self, host: QWidget, tools: list[Tool], page_keys: list[tuple[str, str]]) -> None:
        super().__init__(host)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        columns = [(tr("Window"), [(key, tr(words)) for key, words in WINDOW_KEYS]),
                   (tr("Questions, while they have the focus ring"), [(key, tr(words)) for key, words in FORM_KEYS])]
        if tools:
            columns.insert(0, (tr("Tools"), [(tool.key.upper(), tr(tool.title)) for tool in tools if tool.key]))
        if page_keys:
            columns.insert(1, (tr("This view"), [(key, tr(words)) for key, words in page_keys]))
        card = QFrame()
        card.setObjectName("notice")
        box = QVBoxLayout(card)
        box.setContentsMargins(24, 20, 24, 20)
        box.setSpacing(12)
        box.addWidget(label(tr("Keys"), "title"))
        row = QHBoxLayout()
        row.setSpacing(36)
        for title, keys in columns:
            row.addWidget(_column(title, keys), 0, Qt.AlignmentFlag.AlignTop)
        box.addLayout(row)
        box.addWidget(label(tr("Any key or click closes this."), "muted"))
        middle = QVBoxLayout(self)
        middle.addWidget(card, 0, Qt.AlignmentFlag.AlignCenter)
        host.installEventFilter(self)
        self.setGeometry(host.rect())
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            veil = QColor(TOKENS.ground)
            veil.setAlpha(200)
            painter.fillRect(self.rect(), veil)
        finally:
            painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt):
            self._leave()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._leave()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize:
            self.setGeometry(self.parentWidget().rect())
        return False

    def _leave(self) -> None:
        self.hide()
        self.deleteLater()


def _column(title: str, keys: list[tuple[str, str]]) -> QWidget:
    made = QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(14)
    grid.setVerticalSpacing(6)
    grid.addWidget(label(title, "section"), 0, 0, 1, 2)
    for at, (key, words) in enumerate(keys, start=1):
        cap = QLabel(key)
        cap.setObjectName("keycap")
        grid.addWidget(cap, at, 0, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(label(words), at, 1)
    return made
