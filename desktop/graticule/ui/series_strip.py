"""The patient's other images as a strip: small pictures to drag into a viewport, or to put there by a double click."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QMimeData, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QDrag, QFont, QFontMetrics, QImage, QKeyEvent, QPainter, QPixmap, QWheelEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from graticule.ui.place_frame import SERIES_MIME
from graticule.ui.theme import TOKENS, font, grown, icon, wide
from graticule.ui.words import tr
from graticule.ui.worklist_model import Index

THUMB_PX, CARD_PX, STRIP_PX = 44, wide(184), grown(54)
CARD = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class Card:
    """One series. where: what it is to the case ("Prior 1 · 92 days before"). shown: it stands on the wall."""

    case_id: str
    title: str
    where: str
    sign: str
    own: bool = False
    shown: bool = False
    thumb: QImage | None = None


class SeriesStrip(QListWidget):
    """`chosen(case_id)` on a double click or Enter."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self.setFlow(QListWidget.Flow.LeftToRight)
        self.setWrapping(False)
        self.setFixedHeight(STRIP_PX)
        self.setSpacing(0)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setDragEnabled(True)
        self.setMouseTracking(True)
        self.setItemDelegate(_CardDelegate(self))
        self.setAccessibleName(tr("Images of this patient"))
        self.itemDoubleClicked.connect(lambda item: self.chosen.emit(item.data(CARD).case_id))

    def show_cards(self, cards: Sequence[Card]) -> None:
        while self.count() > len(cards):
            self.takeItem(self.count() - 1)
        for at, card in enumerate(cards):
            item = self.item(at) or QListWidgetItem(self)
            item.setData(CARD, card)
            item.setToolTip(f"{card.title}\n{card.where}")
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{card.title}, {card.where}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and item is not None:
            self.chosen.emit(item.data(CARD).case_id)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A strip scrolls sideways, whichever way the wheel turns."""
        turned = event.angleDelta().y() or event.angleDelta().x()
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() - round(turned / 120 * CARD_PX / 2))
        event.accept()

    def startDrag(self, actions: Qt.DropAction) -> None:
        item = self.currentItem()
        if item is None:
            return
        card: Card = item.data(CARD)
        data = QMimeData()
        data.setData(SERIES_MIME, card.case_id.encode("utf-8"))
        drag = QDrag(self)
        drag.setMimeData(data)
        if card.thumb is not None:
            drag.setPixmap(QPixmap.fromImage(card.thumb))
        drag.exec(Qt.DropAction.CopyAction)


class _CardDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(CARD_PX, STRIP_PX - 2)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        card: Card = index.data(CARD)
        painter.save()
        try:
            self._ground(painter, option, card)
            self._draw(painter, option.rect, card)
        finally:
            painter.restore()

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem, card: Card) -> None:
        rect = option.rect
        if option.state & QStyle.StateFlag.State_MouseOver or option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(TOKENS.hover))
        if card.shown:
            painter.fillRect(QRect(rect.left() + 4, rect.bottom() - 1, rect.width() - 8, 2),
                             QColor(TOKENS.accent if card.own else TOKENS.faint))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QColor(TOKENS.accent))
            painter.drawRect(rect.adjusted(0, 0, -1, -1))

    def _draw(self, painter: QPainter, rect: QRect, card: Card) -> None:
        thumb = QRect(rect.left() + 6, rect.top() + (rect.height() - THUMB_PX) // 2, THUMB_PX, THUMB_PX)
        painter.fillRect(thumb, QColor(TOKENS.image_ground))
        if card.thumb is not None:
            size = card.thumb.size().scaled(thumb.size(), Qt.AspectRatioMode.KeepAspectRatio)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
            painter.drawImage(QRect(thumb.center().x() - size.width() // 2, thumb.center().y() - size.height() // 2,
                                    size.width(), size.height()), card.thumb)
        else:
            icon(card.sign, TOKENS.faint).paint(painter, thumb.adjusted(12, 12, -12, -12))
        left = thumb.right() + 9
        width = rect.right() - left - 6
        colour = TOKENS.accent if card.own else TOKENS.muted
        strong = font(TOKENS.label_px, QFont.Weight.Medium)
        _line(painter, card.title, strong, TOKENS.text, QRect(left, rect.top() + 6, width, 18))
        _line(painter, card.where, font(TOKENS.overlay_px), colour, QRect(left, rect.top() + 24, width, 16))


def _line(painter: QPainter, text: str, face: QFont, colour: str, rect: QRect) -> None:
    painter.setFont(face)
    painter.setPen(QColor(colour))
    painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter,
                     QFontMetrics(face).elidedText(text, Qt.TextElideMode.ElideRight, rect.width()))


