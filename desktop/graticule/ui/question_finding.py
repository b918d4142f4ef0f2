"""One finding of a matrix: absent, possible or present in one compact row; side, size and boxes below it when it is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QToolTip, QWidget

from graticule.domain.errors import GraticuleError
from graticule.study.question import Question
from graticule.study.questions import ABSENT, LATERALITY, NOT_ASSESSABLE, POSSIBLE, PRESENT, TYPES
from graticule.ui.keys import letter
from graticule.ui.question_keys import FormPart, open_menu, reasons_menu, ring
from graticule.ui.theme import TOKENS, font, grown
from graticule.ui.words import tr, trn

if TYPE_CHECKING:
    from graticule.presenters.question_form import QuestionForm
    from graticule.ui.question_marks import QuestionMarks

ROW, SECOND, SENTENCE, CELL, PAD = grown(26), grown(24), grown(36), grown(26), 8
TONES = {ABSENT: TOKENS.muted, POSSIBLE: TOKENS.warn, PRESENT: TOKENS.bad}
LETTERS = {ABSENT: "A", POSSIBLE: "P", PRESENT: "D"}


@dataclass(frozen=True)
class _Cell:
    """One place to press: where, what it says, whether it is chosen, and what it does."""

    box: QRect
    words: str
    tip: str
    chosen: bool
    colour: str
    act: Callable[[], object]


class FindingRow(FormPart):
    """Keys: A P D answer; then the side (R L B), the size, X draws a box, J looks at it; O: all others are absent."""

    def __init__(self, form: QuestionForm, question: Question, marks: QuestionMarks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form, self._marks, self.question = form, marks, question
        self._parts = [q.id for q in form.questions if q.row == question.row and q.id != question.id and TYPES[q.type].options(q)]
        self._hovered = QPoint(-1, -1)
        self._reasons = reasons_menu(self, self._cannot, self._take_back)
        self._why = QLineEdit(self)
        self._why.setPlaceholderText(tr("Explain why the answer stands, or change it"))
        self._why.returnPressed.connect(self._explain)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.refresh()

    @property
    def covers(self) -> list[str]:
        """Ids of the questions that are answered in this row."""
        return [self.question.id, *self._parts]

    def refresh(self) -> None:
        conflict = bool(self._conflicts())
        self._why.setVisible(conflict)
        self.setFixedHeight(ROW + (SECOND if self._second() else 0) + (SENTENCE + 32 if conflict else 0))
        self._why.setGeometry(PAD, self.height() - 32, max(60, self.width() - 2 * PAD), 28)
        self.setEnabled(not self._form.locked)
        self.setAccessibleName(self._spoken())
        self.setAccessibleDescription(self.question.help)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, self.height())

    def draw(self) -> None:
        self._marks.draw(self.question.id, lambda: self.setFocus(Qt.FocusReason.OtherFocusReason))

    def _nothing_to_draw(self) -> None:
        raise GraticuleError("Only a finding that is possible or present is marked on the image.",
                             "Press P or D for the finding with the frame around it, then X.")

    def after(self, *, stay: bool = False) -> None:
        self.refresh()
        if not stay and self.complete():
            self.done.emit()

    def complete(self) -> bool:
        return all(self._form.answered(name) for name in self.covers if self._form.is_asked(name))

    def key(self, key: str) -> Callable[[], object] | None:
        if self._gives(self.question, key):
            return lambda: self._form.press(self.question.id, key)
        for part in self._open_parts():
            if self._gives(part, key) and not key.isdigit():
                return lambda: self._form.press(part.id, key)
        if key == letter("form.draw") and self._marks.can_draw and self.question.marks.need:
            return self.draw if self._can_mark() else self._nothing_to_draw
        if key == letter("form.look") and self._form.regions(self.question.id):
            return self._look
        if key == letter("form.others-absent"):
            return lambda: self._form.rest_absent(self.question.matrix)
        if key == letter("form.not-assessable") and self.question.may_be_not_assessable:
            return lambda: open_menu(self._reasons, self)
        return None

    # Drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            self._paint(painter)
        finally:
            painter.end()

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._why.setGeometry(PAD, self.height() - 32, max(60, self.width() - 2 * PAD), 28)

    def _paint(self, painter: QPainter) -> None:
        value = self._value()
        cells = self._cells()
        if value in (POSSIBLE, PRESENT):
            painter.fillRect(QRect(0, 2, 3, self.height() - 4), QColor(TONES[value]))
        weight = QColor(TOKENS.text if value != ABSENT else TOKENS.muted)
        painter.setFont(font(TOKENS.label_px))
        painter.setPen(weight)
        room = QRect(PAD, 0, max(10, cells[0].box.left() - PAD - 4), ROW)
        words = QFontMetrics(painter.font()).elidedText(tr(self.question.text), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
        for cell in cells:
            self._paint_cell(painter, cell)
        if self._second() and not self._form.sides_known and self._side_part():
            painter.setPen(QColor(TOKENS.warn))
            room = QRect(PAD + 8, ROW, self.width() - 120, SECOND - 2)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, tr("Side unknown"))
        for at, conflict in enumerate(self._conflicts()[:1]):
            painter.setPen(QColor(TOKENS.warn))
            painter.drawText(QRect(PAD, self.height() - 32 - SENTENCE * (at + 1), self.width() - 2 * PAD, SENTENCE),
                             Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap, tr(conflict))
        if self.hasFocus():
            ring(painter, self, TOKENS.accent, TOKENS.focus_ring, TOKENS.radius)

    def _paint_cell(self, painter: QPainter, cell: _Cell) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        hovered = cell.box.contains(self._hovered)
        ground = QColor(cell.colour) if cell.chosen else QColor(TOKENS.hover if hovered else TOKENS.raised)
        painter.setPen(QPen(QColor(cell.colour if cell.chosen else TOKENS.line), 1))
        painter.setBrush(ground)
        painter.drawRoundedRect(cell.box, 4, 4)
        painter.setPen(QColor(TOKENS.on_accent if cell.chosen else TOKENS.muted))
        painter.setFont(font(TOKENS.label_px))
        painter.drawText(cell.box, Qt.AlignmentFlag.AlignCenter, cell.words)

    # Cells

    def _cells(self) -> list[_Cell]:
        value, right = self._value(), self.width() - PAD
        made = []
        for place, option in enumerate(TYPES[self.question.type].options(self.question)):
            box = QRect(right - (3 - place) * (CELL + 3) + 3, 3, CELL, ROW - 6)
            made.append(_Cell(box, LETTERS[option.value], f"{tr(option.label)} ({LETTERS[option.value]})", value == option.value,
                              TONES[option.value], lambda option=option: self._form.give(self.question.id, option.value)))
        if self._reason():
            made[0] = _Cell(made[0].box.united(made[-1].box), "–", tr(NOT_ASSESSABLE.get(self._reason(), "")), True, TOKENS.faint,
                            lambda: open_menu(self._reasons, self))
            del made[1:]
        return [*made, *self._second_cells()]

    def _second_cells(self) -> list[_Cell]:
        made: list[_Cell] = []
        metrics, left = QFontMetrics(font(TOKENS.label_px)), PAD + 8

        def add(words: str, tip: str, chosen: bool, act: Callable[[], object]) -> None:
            nonlocal left
            width = max(22, metrics.horizontalAdvance(words) + 14)
            made.append(_Cell(QRect(left, ROW, width, SECOND - 4), words, tip, chosen, TOKENS.accent, act))
            left += width + 3

        if not self._second():
            return made
        if self._side_part() and not self._form.sides_known:
            left += metrics.horizontalAdvance(tr("Side unknown")) + 10
        for part in self._open_parts():
            held = self._form.answer(part.id)
            for option in TYPES[part.type].options(part):
                short = option.keys[0].upper() if part.type == LATERALITY else tr(option.label).split(" (")[0]
                add(short, f"{tr(option.label)} ({option.keys[0].upper()})", held is not None and held.value == option.value,
                    lambda part=part, option=option: self._form.give(part.id, option.value))
            left += 6
        regions = self._form.regions(self.question.id)
        if self._can_mark():
            add(tr("X Box"), tr("Draw a box (X)"), False, self.draw)
        if regions:
            add(trn(len(regions), "J 1 box", "J {n} boxes"), tr("Look at it (J)"), False, self._look)
        return made

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        cell = self._cell_at(event.position().toPoint())
        if cell is not None:
            self.attempt(cell.act)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hovered = event.position().toPoint()
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = QPoint(-1, -1)
        self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            cell = self._cell_at(event.pos())
            QToolTip.showText(event.globalPos(), cell.tip if cell else tr(self.question.help), self)
            return True
        return super().event(event)

    def _cell_at(self, at: QPoint) -> _Cell | None:
        return next((cell for cell in self._cells() if cell.box.contains(at)), None)

    # Asked

    def _value(self) -> Any:
        answer = self._form.answer(self.question.id)
        return answer.value if answer else None

    def _reason(self) -> str:
        answer = self._form.answer(self.question.id)
        return (answer.not_assessable or "") if answer else ""

    def _second(self) -> bool:
        return self._value() in (POSSIBLE, PRESENT) and (bool(self._parts) or self._can_mark() or self._has_marks())

    def _open_parts(self) -> list[Question]:
        return [self._form.question(name) for name in self._parts
                if self._form.is_asked(name) and not self._form.side_unknown(name)]

    def _side_part(self) -> bool:
        return any(self._form.question(name).type == LATERALITY for name in self._parts if self._form.is_asked(name))

    def _can_mark(self) -> bool:
        return self._marks.can_draw and bool(self.question.marks.need) and self._value() in (POSSIBLE, PRESENT)

    def _has_marks(self) -> bool:
        return bool(self._form.regions(self.question.id))

    def _conflicts(self) -> list[str]:
        return [conflict.sentence for name in self._parts if self._form.is_asked(name) for conflict in self._form.conflicts(name)]

    @staticmethod
    def _gives(question: Question, key: str) -> bool:
        return any(key in option.keys for option in TYPES[question.type].options(question))

    def _look(self) -> None:
        regions = self._form.regions(self.question.id)
        if regions:
            self._marks.jump(regions[0])

    def _cannot(self, reason: str) -> None:
        self.attempt(lambda: self._form.not_assessable(self.question.id, reason))

    def _take_back(self) -> None:
        self.attempt(lambda: self._form.clear(self.question.id), stay=True)

    def _explain(self) -> None:
        name = next((name for name in self._parts if self._form.is_asked(name) and self._form.conflicts(name)), "")
        if name:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self.attempt(lambda: self._form.explain(name, self._why.text()))
            self._why.clear()

    def _spoken(self) -> str:
        value = self._value()
        said = TYPES[self.question.type].words(value, self.question) if value else tr("Not answered")
        return f"{tr(self.question.text)}: {tr(said)}"
