"""The first minute: who you are, then the demonstration or your own server, then reading. No wizard afterwards."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from graticule.ui.pieces import label, push
from graticule.ui.server_dialog import fault_in
from graticule.ui.theme import wide
from graticule.ui.words import tr

SHORTEST = 8
WIDTH, MARGIN = wide(460), 28
INNER = WIDTH - 2 * MARGIN


@dataclass(frozen=True, slots=True)
class FirstAnswers:
    """demonstration: open the sample project; then the other fields are empty. server: "" to work on this computer only."""

    demonstration: bool = False
    name: str = ""
    password: str = ""
    server: str = ""
    invitation: str = ""


class FirstRun(QWidget):
    """Three steps in the middle of the window; `answered` comes with the last."""

    answered = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("empty")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.name = _line(tr("Your name, as it will stand on your signature"))
        self.password, self.again = _secret(tr("Password")), _secret(tr("Password, once more"))
        self.server = _line("https://labels.example.org")
        self.invitation = _line(tr("Invitation code, if you were given one"))
        self.wrong = label("", "bad", wrap=True)
        self._step = label("", "muted")
        self.steps = QStackedWidget()
        self.steps.addWidget(self._who())
        self.steps.addWidget(self._where())
        card = QFrame()
        card.setObjectName("notice")
        card.setFixedWidth(WIDTH)
        box = QVBoxLayout(card)
        box.setContentsMargins(MARGIN, 24, MARGIN, 24)
        box.setSpacing(12)
        box.addWidget(self._step)
        box.addWidget(self.steps)
        box.addWidget(self.wrong)
        middle = QVBoxLayout(self)
        middle.addStretch(1)
        middle.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        middle.addStretch(1)
        self._go(0)

    def refuse(self, sentence: str) -> None:
        """Say why the store could not be made, and let the reader try again."""
        self.wrong.setText(sentence)
        self.wrong.setVisible(bool(sentence))
        self.setEnabled(True)

    def next(self) -> None:
        """From the first step to the second, when name and password will do."""
        if not self.name.text().strip():
            self.refuse(tr("Please give your name."))
        elif len(self.password.text()) < SHORTEST:
            self.refuse(tr("The password needs at least {n} characters.", n=SHORTEST))
        elif self.password.text() != self.again.text():
            self.refuse(tr("The two passwords differ."))
        else:
            self._go(1)

    def start(self, server: str) -> None:
        if fault_in(server):
            self.refuse(fault_in(server))
            return
        code = self.invitation.text().strip() if server else ""
        self._send(FirstAnswers(False, self.name.text().strip(), self.password.text(), server.rstrip("/"), code))

    def _send(self, answers: FirstAnswers) -> None:
        self.refuse("")
        self.setEnabled(False)
        self._step.setText(tr("Step {n} of 3", n=3) + "  ·  " + tr("Preparing your desk…"))
        self.answered.emit(answers)

    def _go(self, step: int) -> None:
        self.refuse("")
        self.steps.setCurrentIndex(step)
        self._step.setText(tr("Step {n} of 3", n=step + 1))
        (self.name, self.server)[step].setFocus(Qt.FocusReason.OtherFocusReason)

    def _who(self) -> QWidget:
        buttons = QHBoxLayout()
        buttons.addWidget(push(tr("Look at the demonstration"), lambda: self._send(FirstAnswers(True))))
        buttons.addStretch(1)
        ahead = push(tr("Continue"), self.next, primary=True, sign="next")
        buttons.addWidget(ahead)
        self.again.returnPressed.connect(self.next)
        told = _told(tr("The password signs your reads and unlocks your work on this computer. Nobody can recover it."))
        return _page(label(tr("Who is reading?"), "title"), self.name, self.password, self.again, told, buttons)

    def _where(self) -> QWidget:
        buttons = QHBoxLayout()
        buttons.addWidget(push(tr("Back"), lambda: self._go(0), sign="previous"))
        buttons.addStretch(1)
        buttons.addWidget(push(tr("Without a server"), lambda: self.start("")))
        buttons.addWidget(push(tr("Start reading"), lambda: self.start(self.server.text().strip()), primary=True, sign="check"))
        self.server.returnPressed.connect(lambda: self.start(self.server.text().strip()))
        told = _told(tr("The address your study lead gave you. You can read offline; work is sent when there is a connection."))
        return _page(label(tr("Which server?"), "title"), self.server, self.invitation, told, buttons)


def _page(*parts: QWidget | QHBoxLayout) -> QWidget:
    page = QWidget()
    box = QVBoxLayout(page)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(10)
    for part in parts:
        if isinstance(part, QHBoxLayout):
            box.addSpacing(8)
            box.addLayout(part)
        else:
            box.addWidget(part)
    return page


def _told(words: str) -> QWidget:
    """Wrapped words with room for all their lines: a stack of pages does not ask how high they get at its width."""
    made = label(words, "muted", wrap=True)
    made.setMinimumHeight(made.heightForWidth(INNER))
    return made


def _line(words: str) -> QLineEdit:
    made = QLineEdit()
    made.setPlaceholderText(words)
    return made


def _secret(words: str) -> QLineEdit:
    made = _line(words)
    made.setEchoMode(QLineEdit.EchoMode.Password)
    return made
