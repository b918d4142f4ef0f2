"""One line of the code list: colour, words, track and key; what the measurement says of it at the right edge."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from graticule.domain.codes import Concept
from graticule.presenters.code_choice import Choice
from graticule.presenters.episodes import short_title
from graticule.ui.theme import SEGMENT_COLOURS, TOKENS, font, grown

CHOICE = Qt.ItemDataRole.UserRole
LINE_PX = grown(26)


def concept_colour(concept: Concept, place: int) -> str:
    return concept.colour or SEGMENT_COLOURS[place % len(SEGMENT_COLOURS)]


class CodeLine(QStyledItemDelegate):
    """Drawn from the Choice under the role CHOICE."""

    def sizeHint(self, option: QStyleOptionViewItem, index: object) -> QSize:
        return QSize(120, LINE_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: object) -> None:
        choice: Choice = index.data(CHOICE)
        painter.save()
        box = option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor(TOKENS.accent_soft))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, QColor(TOKENS.hover))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(concept_colour(choice.concept, choice.place)))
        painter.drawRoundedRect(box.left() + 6, box.center().y() - 5, 11, 11, 3, 3)
        painter.setFont(font(TOKENS.overlay_px))
        right = self._note(painter, box, choice)
        painter.setFont(font(TOKENS.body_px))
        painter.setPen(QColor(TOKENS.muted if choice.against else TOKENS.text))
        words = box.adjusted(26, 0, -right - 8, 0)
        text = painter.fontMetrics().elidedText(choice.concept.label, Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.restore()

    def _note(self, painter: QPainter, box: object, choice: Choice) -> int:
        """The words at the right edge; how many pixels they and the key take."""
        key = choice.concept.key.upper()
        colour = TOKENS.muted if not choice.remark else TOKENS.bad if choice.against else TOKENS.good
        note = choice.remark or short_title(choice.concept.track)
        width = painter.fontMetrics().horizontalAdvance(note)
        painter.setPen(QColor(colour))
        painter.drawText(box.adjusted(0, 0, -30, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, note)
        if key:
            painter.setPen(QColor(TOKENS.muted))
            painter.drawText(box.adjusted(box.width() - 24, 0, -8, 0), Qt.AlignmentFlag.AlignCenter, key)
        return width + 34
