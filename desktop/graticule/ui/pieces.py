"""Small pieces every panel is made of: titles, lines, buttons with icon and word."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QComboBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from graticule.ui.theme import TOKENS, icon, wide
from graticule.ui.words import tr


def label(text: str, role: str = "", *, wrap: bool = False) -> QLabel:
    """A label. role: title, section, muted, bad, warn, good, or "" for body text (themes/dark.qss)."""
    made = QLabel(text)
    made.setProperty("role", role)
    made.setWordWrap(wrap)
    return made


def line() -> QFrame:
    """One horizontal pixel between two things."""
    made = QFrame()
    made.setProperty("role", "line")
    return made


def push(text: str, act: Callable[[], object], *, primary: bool = False, sign: str = "") -> QPushButton:
    made = QPushButton(text)
    made.setProperty("primary", primary)
    if sign:
        made.setIcon(icon(sign, TOKENS.on_accent if primary else TOKENS.text))
        made.setIconSize(QSize(TOKENS.small_icon, TOKENS.small_icon))
    made.clicked.connect(lambda checked=False: act())
    return made


def dialog_foot(dialog: QDialog, go: QPushButton, *others: QPushButton) -> QHBoxLayout:
    """The last row of a dialog: other ways on the left, Cancel and the one that Enter presses on the right."""
    go.setDefault(True)
    row = QHBoxLayout()
    row.setSpacing(8)
    for other in others:
        row.addWidget(other)
    row.addStretch(1)
    row.addWidget(push(tr("Cancel"), dialog.reject))
    row.addWidget(go)
    return row


def flat(sign: str, words: str, act: Callable[[], object]) -> QToolButton:
    """A button that is only an icon; `words` say in its tooltip what it does, and are read by screen readers."""
    made = QToolButton()
    made.setIcon(icon(sign, TOKENS.muted))
    made.setIconSize(QSize(TOKENS.small_icon, TOKENS.small_icon))
    made.setToolTip(words)
    made.setAccessibleName(words)
    made.clicked.connect(lambda checked=False: act())
    return made


def leave_keys(panel: QWidget) -> None:
    """A click on what the panel holds leaves the keyboard with the image, so that Enter, Esc and the tools' keys go on working
    there; Tab still comes here. What is typed into keeps its own way."""
    for sort in (QAbstractButton, QAbstractSlider, QComboBox):
        for one in panel.findChildren(sort):
            if one.focusPolicy() & Qt.FocusPolicy.ClickFocus:
                one.setFocusPolicy(Qt.FocusPolicy.TabFocus)


def shrinkable(box: QComboBox) -> None:
    """A choice in a row gives way in a narrow window: its words are shortened before the row is too wide."""
    box.setMinimumWidth(wide(72))
    box.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)


class Elided(QLabel):
    """A label that shortens its text with … instead of pushing its neighbours away; the tooltip has all of it."""

    def __init__(self, text: str = "", role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._text = ""
        self.say(text)

    @property
    def said(self) -> str:
        """All of it, also where less is shown."""
        return self._text

    def say(self, text: str) -> None:
        self._text = text
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        shown = QFontMetrics(self.font()).elidedText(self._text, Qt.TextElideMode.ElideRight, max(0, self.width()))
        self.setText(shown)
        self.setToolTip(self._text if shown != self._text else "")
