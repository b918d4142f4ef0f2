"""The strip over a signed read: it is locked, which version it is, and how to correct it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QWidget

from graticule.presenters.signing import REASONS
from graticule.ui.pieces import Elided, label
from graticule.ui.theme import TOKENS, pixmap
from graticule.ui.words import tr


class LockBanner(QFrame):
    """Choosing a reason is the confirmation: a correction is a new version, the signed one stays."""

    correction_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        mark = label("")
        mark.setPixmap(pixmap("lock", TOKENS.small_icon, TOKENS.good))
        self.words = Elided()
        self.correct = QPushButton(tr("Correct as a new version"))
        menu = QMenu(self.correct)
        title = menu.addAction(tr("Why is it corrected?"))
        title.setEnabled(False)
        for reason, words in REASONS.items():
            menu.addAction(tr(words), lambda reason=reason: self.correction_wanted.emit(reason))
        self.correct.setMenu(menu)
        box = QHBoxLayout(self)
        box.setContentsMargins(12, 4, 8, 4)
        box.setSpacing(8)
        box.addWidget(mark)
        box.addWidget(self.words, 1)
        box.addWidget(self.correct)
        self.setSizePolicy(self.sizePolicy().horizontalPolicy(), self.sizePolicy().Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.hide()

    def show_lock(self, locked: bool, version: int) -> None:
        self.words.say(f"{tr('Signed and locked')}  ·  {tr('Version {n}', n=version)}")
        self.setVisible(locked)
