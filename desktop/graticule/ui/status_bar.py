"""The bottom line: who reads, what mouse and wheel do, what is under the pointer, how true the picture is, where the work is."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from graticule.presenters.sync_status import SyncStatus
from graticule.ui.pieces import Elided, label
from graticule.ui.sync_words import in_words, sign_of
from graticule.ui.theme import TOKENS, font, grown, icon, pixmap
from graticule.ui.words import tr

HEIGHT = grown(30)


class StatusBar(QWidget):
    """Five fields; hint and fidelity are shortened when the window is narrow, with all of it in their tooltips."""

    sync_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self._person = label("")
        self._person.setPixmap(pixmap("user", TOKENS.small_icon, TOKENS.muted))
        self._person.hide()
        self._reader = label("", "status")
        self._hint = Elided(role="muted")
        self._pointer = label("", "status")
        self._pointer.setFont(font(TOKENS.label_px, tabular=True))
        self._fidelity = Elided(role="muted")
        self.sync = self._sync_button()
        box = QHBoxLayout(self)
        box.setContentsMargins(12, 0, 8, 0)
        box.setSpacing(8)
        box.addWidget(self._person)
        box.addWidget(self._reader)
        box.addSpacing(8)
        box.addWidget(self._hint, 3)
        for widget in (self._pointer, self.sync):
            widget.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        box.addWidget(self._pointer)
        box.addWidget(self._fidelity, 1)
        box.addWidget(self.sync)

    def show_reader(self, name: str) -> None:
        self._reader.setText(name)
        self._reader.setToolTip(tr("Reader"))
        self._person.setVisible(bool(name))

    def show_hint(self, text: str) -> None:
        self._hint.say(text)

    def show_pointer(self, text: str) -> None:
        self._pointer.setText(text)

    def show_fidelity(self, text: str) -> None:
        self._fidelity.say(text)

    def show_sync(self, status: SyncStatus) -> None:
        words, tip = in_words(status)
        sign, colour = sign_of(status)
        self.sync.setVisible(True)
        self.sync.setIcon(icon(sign, colour))
        self.sync.setText(words)
        self.sync.setToolTip(tip)
        self.sync.setAccessibleName(f"{words}. {tip}")

    def fields(self) -> dict[str, str]:
        """What stands in each field, for screen readers and tests."""
        return {"reader": self._reader.text(), "hint": self._hint.said, "pointer": self._pointer.text(),
                "fidelity": self._fidelity.said, "sync": self.sync.text()}

    def _sync_button(self) -> QToolButton:
        button = QToolButton()
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setProperty("quiet", True)
        button.setFont(font(TOKENS.label_px, tabular=True))
        button.clicked.connect(lambda checked=False: self.sync_wanted.emit())
        button.hide()
        return button
