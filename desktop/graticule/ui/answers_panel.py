"""The right column: clinical context and questions on top, below them what the page has to say (segments, tool options)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication, QComboBox, QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from graticule.domain.errors import GraticuleError
from graticule.resources import resource
from graticule.ui.pieces import flat, label
from graticule.ui.section import Folds, Section
from graticule.ui.still_wheel import StillWheel
from graticule.ui.theme import TOKENS, wide
from graticule.ui.words import tr

if TYPE_CHECKING:  # the rules of the questions are read after the first paint
    from graticule.presenters.clinical_context import ClinicalContext
    from graticule.study.question import Question
    from graticule.ui.question_form import QuestionPanel

_EXAMPLE_PX = 96
LEAST_LETTERS = 6


class AnswersPanel(QWidget):
    """Empty between cases; `show_case` fills it. What the focused question means stands at the foot."""

    def __init__(self, float_or_dock: Callable[[], None], folds: Folds | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folds = folds or Folds()
        self.form: QuestionPanel | None = None
        self._had_focus = False
        self._still = StillWheel(self)
        head = QHBoxLayout()
        head.setContentsMargins(12, 8, 6, 4)
        head.addWidget(label(tr("Answers"), "section"))
        head.addStretch(1)
        self._count = label("", "muted")
        head.addWidget(self._count)
        head.addWidget(flat("layout-single", tr("Float, or bring back"), float_or_dock))
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._hint = _Hint()
        self._context: ClinicalContext | None = None
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(head)
        box.addWidget(self._scroll, 1)
        box.addWidget(self._hint)
        self.setMinimumWidth(wide(250))
        self.clear()

    def clear(self) -> None:
        if self.form is not None:
            where = QApplication.focusWidget()
            self._had_focus = where is not None and self.form.isAncestorOf(where)
            self.form.shutdown()
        self.form = None
        self._context = None
        self._count.clear()
        self._hint.say(None)
        self._scroll.setWidget(QWidget())

    def show_context(self, context: ClinicalContext) -> None:
        """What is known of the patient; call it before `show_case`."""
        self._context = context

    def show_case(self, form: QuestionPanel | None, panels: list[tuple[str, QWidget]]) -> None:
        """form: None when the protocol asks nothing of this case. panels: title and widget of each section of the page."""
        context, had_focus = self._context, self._had_focus
        self.clear()
        self.form, self._had_focus = form, had_focus
        column = QWidget()
        box = QVBoxLayout(column)
        box.setContentsMargins(2, 0, 2, 12)
        box.setSpacing(8)
        if context is not None and (context.shown or context.hidden):
            box.addWidget(_section(tr("Clinical information"), _context_table(context)))
        if form is not None:
            form.counted.connect(self._count.setText)
            form.asked_about.connect(self._hint.say)
            self._count.setText(form.count())
            box.addWidget(form)
        for at, (title, panel) in enumerate(panels):
            box.addWidget(Section(title, panel, self._folds, ruled=bool(at) or form is not None))
        box.addStretch(1)
        for combo in column.findChildren(QComboBox):  # a long entry must not push the column out of its place
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            combo.setMinimumContentsLength(LEAST_LETTERS)
        self._still.keep(column)
        self._scroll.setWidget(column)

    def resume_focus(self) -> None:
        """A reader who finished the last case from the form goes on in the form."""
        if self._had_focus and self.form is not None:
            self.form.take_focus()
        self._had_focus = False


class _Hint(QWidget):
    """What the focused question means, with an example picture where the protocol has one."""

    def __init__(self) -> None:
        super().__init__()
        self._words = label("", "muted", wrap=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._picture = label("")
        box = QHBoxLayout(self)
        box.setContentsMargins(12, 6, 12, 8)
        box.addWidget(self._words, 1)
        box.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def say(self, question: Question | None) -> None:
        help = question.help if question is not None else ""
        self._words.setText(tr(help) if help else "")
        shown = _example(question.picture) if question is not None and question.picture else None
        self._picture.setVisible(shown is not None)
        if shown is not None:
            self._picture.setPixmap(shown)
        self.setVisible(bool(help) or shown is not None)


def _example(path: str) -> QPixmap | None:
    try:
        picture = QPixmap(str(resource(*path.split("/"))))
    except GraticuleError:
        return None
    if picture.isNull():
        return None
    return picture.scaled(_EXAMPLE_PX, _EXAMPLE_PX, Qt.AspectRatioMode.KeepAspectRatio,
                          Qt.TransformationMode.SmoothTransformation)


def _context_table(context: ClinicalContext) -> QWidget:
    made = QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setVerticalSpacing(2)
    grid.setColumnStretch(1, 1)
    for row, (what, words) in enumerate(context.shown):
        grid.addWidget(label(tr(what), "muted"), row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(label(words, wrap=True), row, 1)
    if context.hidden:
        names = ", ".join(tr(what) for what in context.hidden)
        grid.addWidget(label(tr("Hidden by the protocol: {names}", names=names), "muted", wrap=True), len(context.shown), 0, 1, 2)
    return made


def _section(title: str, panel: QWidget) -> QWidget:
    made = QWidget()
    box = QVBoxLayout(made)
    box.setContentsMargins(10, 4, 10, 4)
    box.setSpacing(TOKENS.step)
    if title:
        box.addWidget(label(title, "section"))
    box.addWidget(panel)
    return made
