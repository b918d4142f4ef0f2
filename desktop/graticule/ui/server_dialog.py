"""File → Server…: where the work is sent, for who began without one."""

from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from graticule.ui.pieces import dialog_foot, label, push
from graticule.ui.words import tr


def fault_in(address: str) -> str:
    """What is wrong with a server's address, in words; "" when nothing is, or when it is empty."""
    return "" if not address or address.startswith(("https://", "http://")) else tr("A server's address begins with https://")


class ServerDialog(QDialog):
    """`address` and `invitation` hold what was typed once the dialog was accepted."""

    def __init__(self, address: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Server"))
        self.setMinimumWidth(440)
        self._address, self._invitation = QLineEdit(address), QLineEdit()
        self._address.setPlaceholderText("https://labels.example.org")
        self._invitation.setPlaceholderText(tr("Invitation code, if you were given one"))
        self.wrong = label("", "bad", wrap=True)
        self.wrong.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 20, 20, 16)
        box.setSpacing(10)
        box.addWidget(label(tr("Server"), "title"))
        told = tr("Drafts and signed reads are sent there. Everything stays on this computer too.")
        box.addWidget(label(told, "muted", wrap=True))
        for widget in (self._address, self._invitation, self.wrong):
            box.addWidget(widget)
        box.addLayout(dialog_foot(self, push(tr("Keep"), self._keep, primary=True)))

    @property
    def address(self) -> str:
        return self._address.text().strip().rstrip("/")

    @property
    def invitation(self) -> str:
        return self._invitation.text().strip()

    def _keep(self) -> None:
        fault = fault_in(self.address)
        self.wrong.setText(fault)
        self.wrong.setVisible(bool(fault))
        if not fault:
            self.accept()
