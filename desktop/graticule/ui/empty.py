"""What stands in the middle when no case is open: what to do next, with a button."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from graticule.ui.pieces import label, push
from graticule.ui.theme import TOKENS, pixmap


class Empty(QWidget):
    """A sign, a title, a sentence and at most one button, in the middle."""

    def __init__(self, sign: str, title: str, sentence: str, button: str = "", act: Callable[[], object] | None = None,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("empty")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        mark = label("")
        mark.setPixmap(pixmap(sign, 40, TOKENS.faint))
        box = QVBoxLayout(self)
        box.setSpacing(8)
        box.addStretch(1)
        box.addWidget(mark, 0, Qt.AlignmentFlag.AlignHCenter)
        for words in (label(title, "title", wrap=True), label(sentence, "muted", wrap=True)):
            words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            box.addWidget(words)
        if button and act is not None:
            box.addSpacing(8)
            box.addWidget(push(button, act, primary=True), 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(1)
