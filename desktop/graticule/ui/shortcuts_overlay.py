"""`?`: the keys and strokes of the current view, over everything; searched, copied or printed. Esc or a click beside closes."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QTextDocument
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from graticule.ui.keys import BOUND
from graticule.ui.pieces import label, push
from graticule.ui.theme import TOKENS, wide
from graticule.ui.view_keys import SheetRow, as_html, as_text, sheet
from graticule.ui.words import tr

MARGIN, GAP, ROOM = 24, 28, 40
COLUMN_PX = 330


class ShortcutsOverlay(QWidget):
    """Covers `host` with a veil and one card. place: the view whose keys are told ("" while no case is open)."""

    def __init__(self, host: QWidget, place: str) -> None:
        super().__init__(host)
        self._groups = sheet(place, BOUND.now)
        self._title = tr("Keys and mouse: {preset}", preset=tr(BOUND.now.preset.title))
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search a key or what it does"))
        self.search.setAccessibleName(tr("Search a key or what it does"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._fill)
        self._count = 0
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setAccessibleName(tr("Keys"))
        self._scroll.setObjectName("clear")
        self._card = self._make_card()
        self._before = QGuiApplication.focusObject()
        host.installEventFilter(self)
        self.setGeometry(host.rect())
        self._place()
        self.show()
        self.raise_()
        self.search.setFocus(Qt.FocusReason.PopupFocusReason)

    def rows(self) -> list[SheetRow]:
        """What is listed now."""
        return [row for rows in self._found().values() for row in rows]

    def copy(self) -> None:
        QGuiApplication.clipboard().setText(as_text(self._title, self._found()))

    def print_sheet(self) -> None:
        """Ask for a printer (or a PDF file) and print what is listed."""
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter()
        if QPrintDialog(printer, self).exec():
            self.document().print_(printer)

    def document(self) -> QTextDocument:
        document = QTextDocument()
        document.setHtml(as_html(self._title, self._found()))
        return document

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            veil = QColor(TOKENS.ground)
            veil.setAlpha(210)
            painter.fillRect(self.rect(), veil)
        finally:
            painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_F1):
            self._leave()

    def event(self, event: QEvent) -> bool:
        """No key of the page or the window is heard while the sheet is open."""
        if event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._card.geometry().contains(event.position().toPoint()):
            self._leave()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize:
            self.setGeometry(self.parentWidget().rect())
            self._place()
        return False

    def _leave(self) -> None:
        self.hide()
        if isinstance(self._before, QWidget):
            self._before.setFocus(Qt.FocusReason.PopupFocusReason)
        self.deleteLater()

    def _make_card(self) -> QFrame:
        card = QFrame(self)
        card.setObjectName("notice")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(label(self._title, "title"))
        head.addStretch(1)
        self.search.setFixedWidth(wide(230))
        head.addWidget(self.search)
        for button in (push(tr("Copy"), self.copy), push(tr("Print…"), self.print_sheet), push(tr("Close"), self._leave)):
            button.setAutoDefault(False)
            head.addWidget(button)
        box = QVBoxLayout(card)
        box.setContentsMargins(MARGIN, 18, MARGIN, 16)
        box.setSpacing(12)
        box.addLayout(head)
        box.addWidget(self._scroll, 1)
        box.addWidget(label(tr("Keys in blue are your own. File → Keys and mouse… changes them."), "muted", wrap=True))
        return card

    def _place(self) -> None:
        room = self.rect().adjusted(ROOM, ROOM, -ROOM, -ROOM)
        self._card.setGeometry(room)
        count = max(1, min(4, (room.width() - 2 * MARGIN) // wide(COLUMN_PX)))
        if count != self._count:
            self._count = count
            self._fill()

    def _found(self) -> dict[str, list[SheetRow]]:
        wanted = self.search.text().strip().casefold()
        found = {group: [row for row in rows if not wanted or wanted in f"{row.keys} {row.words} {group}".casefold()]
                 for group, rows in self._groups.items()}
        return {group: rows for group, rows in found.items() if rows}

    def _fill(self) -> None:
        """Groups go to the shortest column, in their order."""
        page = QWidget()
        page.setObjectName("clear")
        across = QHBoxLayout(page)
        across.setContentsMargins(0, 0, 8, 0)
        across.setSpacing(GAP)
        columns, heights = [QVBoxLayout() for _ in range(self._count)], [0] * self._count
        for column in columns:
            column.setSpacing(14)
            across.addLayout(column, 1)
        for group, rows in self._found().items():
            at = heights.index(min(heights))
            columns[at].addWidget(_group(group, rows))
            heights[at] += len(rows) + 2
        for column in columns:
            column.addStretch(1)
        if not self.rows():
            columns[0].insertWidget(0, label(tr("No key found."), "muted"))
        self._scroll.setWidget(page)


def _group(title: str, rows: list[SheetRow]) -> QWidget:
    made = QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(1, 1)
    grid.addWidget(label(title, "section"), 0, 0, 1, 2)
    for at, row in enumerate(rows, start=1):
        grid.addWidget(_caps(row), at, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        words = label(row.words, wrap=True)
        words.setToolTip(tr("The preset has {keys}", keys=row.was or "–") if row.own else "")
        grid.addWidget(words, at, 1)
    return made


def _caps(row: SheetRow) -> QWidget:
    held = QWidget()
    line = QHBoxLayout(held)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(4)
    for key in row.keys.split("  "):
        cap = QLabel(key)
        cap.setObjectName("keycap")
        cap.setProperty("own", row.own)
        line.addWidget(cap)
    return held
