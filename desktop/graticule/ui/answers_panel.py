"""The right column: the questions on top, below them what the page has to say (segments, episodes, tool options)."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from graticule.ui.pieces import flat, label, line
from graticule.ui.question_form import QuestionPanel
from graticule.ui.theme import TOKENS
from graticule.ui.words import tr


class AnswersPanel(QWidget):
    """Empty between cases; `show_case` fills it."""

    def __init__(self, float_or_dock: Callable[[], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form: QuestionPanel | None = None
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
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(head)
        box.addWidget(self._scroll, 1)
        self.setMinimumWidth(240)
        self.clear()

    def clear(self) -> None:
        if self.form is not None:
            self.form.shutdown()
        self.form = None
        self._count.clear()
        self._scroll.setWidget(QWidget())

    def show_case(self, form: QuestionPanel | None, panels: list[tuple[str, QWidget]]) -> None:
        """form: None when the protocol asks nothing of this case. panels: title and widget of each section of the page."""
        self.clear()
        self.form = form
        column = QWidget()
        box = QVBoxLayout(column)
        box.setContentsMargins(2, 0, 2, 12)
        box.setSpacing(8)
        if form is not None:
            form.counted.connect(self._count.setText)
            self._count.setText(form.count())
            box.addWidget(form)
        for at, (title, panel) in enumerate(panels):
            if at or form is not None:
                box.addWidget(line())
            box.addWidget(_section(title, panel))
        box.addStretch(1)
        self._scroll.setWidget(column)


def _section(title: str, panel: QWidget) -> QWidget:
    made = QWidget()
    box = QVBoxLayout(made)
    box.setContentsMargins(10, 4, 10, 4)
    box.setSpacing(TOKENS.step)
    if title:
        box.addWidget(label(title, "section"))
    box.addWidget(panel)
    return made
