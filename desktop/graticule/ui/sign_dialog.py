"""Signing: one of the few dialogs, since a signature cannot be undone."""

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from graticule.domain.errors import GraticuleError
from graticule.presenters.signing import MEANING, Signing
from graticule.presenters.worklist import KIND_ICONS
from graticule.ui.pieces import label, line, push
from graticule.ui.theme import icon, wide
from graticule.ui.words import tr, trn

WIDTH, MARGIN = wide(500), 20


class SignDialog(QDialog):
    """Lists the finished reads, asks the password once, signs those that are ticked. `signed` holds their ids afterwards."""

    def __init__(self, signing: Signing, password_hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._signing = signing
        self.signed: list[str] = []
        self.setWindowTitle(tr("Sign and lock"))
        self.setFixedWidth(WIDTH)
        self.reads = self._reads()
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setPlaceholderText(tr("Your password"))
        self.wrong = label("", "bad", wrap=True)
        self.wrong.hide()
        self._now = label("", "muted")
        self.sign = push("", self._sign, primary=True, sign="sign")
        self.sign.setDefault(True)
        self._arrange(password_hint)
        self._count()

    def ticked(self) -> list[str]:
        rows = [self.reads.item(at) for at in range(self.reads.count())]
        return [row.data(Qt.ItemDataRole.UserRole) for row in rows if row.checkState() == Qt.CheckState.Checked]

    def _reads(self) -> QListWidget:
        made = QListWidget()
        made.setAccessibleName(tr("Reads to sign"))
        for row in self._signing.waiting():
            item = QListWidgetItem(icon(KIND_ICONS[row.kind]), f"{row.title}  ·  {row.modality}")
            item.setData(Qt.ItemDataRole.UserRole, row.case_id)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked)
            made.addItem(item)
        made.itemChanged.connect(lambda item: self._count())
        made.setFixedHeight(min(240, max(1, made.count()) * 26 + 4))
        return made

    def _count(self) -> None:
        many = len(self.ticked())
        self.sign.setText(trn(many, "Sign 1 read", "Sign {n} reads"))
        self.sign.setEnabled(many > 0)
        self._now.setText(tr("Signed as {name} at {time}", name=self._signing.reader,
                             time=datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %Z")))

    def _sign(self) -> None:
        wanted = self.ticked()
        try:
            self._signing.sign(wanted, self.password.text(), tr(MEANING))
        except GraticuleError as error:
            self.wrong.setText(tr(str(error)))
            self.wrong.show()
            self.adjustSize()
            self.password.selectAll()
            self.password.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.signed = wanted
        self.accept()

    def _arrange(self, password_hint: str) -> None:
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        cancel = push(tr("Cancel"), self.reject)
        cancel.setAutoDefault(False)
        buttons.addWidget(cancel)
        buttons.addWidget(self.sign)
        box = QVBoxLayout(self)
        box.setContentsMargins(MARGIN, 20, MARGIN, 16)
        box.setSpacing(10)
        box.addWidget(label(tr("Sign and lock"), "title"))
        box.addWidget(self.reads)
        meaning = label(tr(MEANING), wrap=True)
        meaning.setMinimumHeight(meaning.heightForWidth(WIDTH - 2 * MARGIN))
        box.addWidget(meaning)
        locked = tr("A signed read is locked. It can be corrected later as a new version; this one stays.")
        box.addWidget(label(locked, "muted", wrap=True))
        box.addWidget(line())
        box.addWidget(self.password)
        if password_hint:
            box.addWidget(label(tr("Demonstration: the password is “{password}”.", password=password_hint), "muted"))
        box.addWidget(self.wrong)
        box.addWidget(self._now)
        box.addLayout(buttons)
        self.password.setFocus(Qt.FocusReason.OtherFocusReason)
