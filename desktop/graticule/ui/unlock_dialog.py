"""Asks for the passphrase of a store; stays until it is right or given up."""

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from graticule.domain.errors import GraticuleError
from graticule.ui.pieces import label, push
from graticule.ui.words import tr


class UnlockDialog(QDialog):
    """`attempt(passphrase)` opens the store or raises GraticuleError, which is shown beside the field."""

    def __init__(self, attempt: Callable[[str], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._attempt = attempt
        self.setWindowTitle(tr("Unlock"))
        self.setMinimumWidth(400)
        self.passphrase = QLineEdit()
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.setPlaceholderText(tr("Passphrase"))
        self.wrong = label("", "bad", wrap=True)
        self.wrong.hide()
        self.unlock = push(tr("Unlock"), self._try, primary=True, sign="unlock")
        self.unlock.setDefault(True)
        quit_button = push(tr("Quit"), self.reject)
        quit_button.setAutoDefault(False)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(quit_button)
        buttons.addWidget(self.unlock)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 20, 20, 16)
        box.setSpacing(10)
        box.addWidget(label(tr("Your work is locked"), "title"))
        box.addWidget(label(tr("Everything on this computer is encrypted. The passphrase opens it."), "muted", wrap=True))
        box.addWidget(self.passphrase)
        box.addWidget(self.wrong)
        box.addLayout(buttons)

    def _try(self) -> None:
        try:
            self._attempt(self.passphrase.text())
        except GraticuleError as error:
            self.wrong.setText(tr(str(error)))
            self.wrong.show()
            self.passphrase.selectAll()
            return
        self.accept()
