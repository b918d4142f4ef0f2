"""Cards in the corner: what happened, what it means for the labels, what to do."""

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from graticule.domain.errors import GraticuleError
from graticule.ui.pieces import flat, label, push
from graticule.ui.theme import TOKENS, pixmap, wide
from graticule.ui.words import tr

WIDTH, MARGIN, AT_MOST = wide(300), 8, 4
STAY_MS = 8_000

SIGNS = {"good": ("finished", TOKENS.good), "info": ("info", TOKENS.accent), "warn": ("warning", TOKENS.warn),
         "bad": ("error", TOKENS.bad)}


@dataclass(frozen=True, slots=True)
class Notice:
    """kind: good, info, warn or bad. A good or info card goes by itself; the others stay until they are closed."""

    kind: str
    what: str
    meaning: str = ""
    hint: str = ""
    details: str = ""

    @classmethod
    def of(cls, error: GraticuleError, meaning: str = "") -> "Notice":
        return cls("warn", tr(error.message), meaning, tr(error.hint) if error.hint else "")


class NoticeCard(QFrame):
    gone = Signal(object)
    grown = Signal()

    def __init__(self, notice: Notice, parent: QWidget) -> None:
        super().__init__(parent)
        self.notice = notice
        self.setObjectName("notice")
        self.setFixedWidth(WIDTH)
        sign, colour = SIGNS[notice.kind]
        mark = label("")
        mark.setPixmap(pixmap(sign, TOKENS.icon, colour))
        self.close_button = flat("close", tr("Close"), self.leave)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(label(notice.what, "question", wrap=True), 1)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 10, 8, 12)
        box.setSpacing(4)
        box.addLayout(head)
        inner = QVBoxLayout()
        inner.setContentsMargins(30, 0, 8, 0)
        for text in (notice.meaning, notice.hint):
            if text:
                inner.addWidget(label(text, "muted", wrap=True))
        if notice.details:
            self._add_details(inner, notice.details)
        box.addLayout(inner)
        self.setAccessibleName(" ".join(part for part in (notice.what, notice.meaning, notice.hint) if part))
        if notice.kind in ("good", "info"):
            QTimer.singleShot(STAY_MS, self, self.leave)

    def fitting_height(self) -> int:
        """Wrapped text needs its width first: a layout's size hint alone would cut it off."""
        box = self.layout()
        box.invalidate()
        return max(box.totalHeightForWidth(WIDTH), box.totalMinimumSize().height())

    def _fold(self, text: QPlainTextEdit) -> None:
        text.setVisible(text.isHidden())
        self.grown.emit()

    def leave(self) -> None:
        self.gone.emit(self)
        self.hide()
        self.deleteLater()

    def _add_details(self, box: QVBoxLayout, details: str) -> None:
        text = QPlainTextEdit(details)
        text.setReadOnly(True)
        text.setFixedHeight(120)
        text.hide()
        row = QHBoxLayout()
        row.setContentsMargins(0, 4, 0, 0)
        row.addWidget(push(tr("Details"), partial(self._fold, text)))
        row.addWidget(push(tr("Copy"), partial(_copy, details), sign="copy"))
        row.addStretch(1)
        box.addLayout(row)
        box.addWidget(text)


def _copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


class Notices(QObject):
    """Stacks cards in the lower right corner of `host`, above everything in it, clear of the status bar."""

    def __init__(self, host: QWidget, foot: QWidget) -> None:
        super().__init__(host)
        self._host, self._foot = host, foot
        self.cards: list[NoticeCard] = []
        host.installEventFilter(self)

    def show(self, notice: Notice) -> None:
        if any(card.notice == notice for card in self.cards):
            return
        card = NoticeCard(notice, self._host)
        card.gone.connect(self._gone)
        card.grown.connect(self._place)
        self.cards.append(card)
        for old in self.cards[:-AT_MOST]:
            old.leave()
        card.show()
        self._place()
        QTimer.singleShot(0, self, self._place)  # once more when the style sheet has been applied to its words

    def clear_passing(self) -> None:
        """Take away what was only said in passing: another case is on the desk."""
        for card in list(self.cards):
            if card.notice.kind == "info":
                card.leave()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize:
            self._place()
        return False

    def _gone(self, card: NoticeCard) -> None:
        self.cards = [other for other in self.cards if other is not card]
        self._place()

    def _place(self) -> None:
        bottom = self._host.height() - self._foot.height() - MARGIN
        for card in reversed(self.cards):
            height = card.fitting_height()
            bottom -= height
            card.setGeometry(self._host.width() - WIDTH - MARGIN, bottom, WIDTH, height)
            card.raise_()
            bottom -= 8
