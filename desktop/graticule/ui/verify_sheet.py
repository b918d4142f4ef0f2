"""The answer to “Verify this store”: all is well, or a list of what does not hold."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QVBoxLayout, QWidget

from graticule.presenters.session import Finding
from graticule.ui.pieces import label, push
from graticule.ui.words import tr, trn


class VerifySheet(QDialog):
    def __init__(self, findings: list[Finding], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Verify this store"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(640, 360 if findings else 160)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 20, 20, 16)
        box.setSpacing(10)
        if not findings:
            box.addWidget(label(tr("Everything holds"), "title"))
            told = tr("Every hash, chain and signature was computed again, and all of them fit.")
            box.addWidget(label(told, "muted", wrap=True))
            box.addStretch(1)
        else:
            box.addWidget(label(trn(len(findings), "1 thing does not hold", "{n} things do not hold"), "title"))
            box.addWidget(label(tr("Nothing was changed. Send this list to whoever looks after your study."), "muted", wrap=True))
            text = QPlainTextEdit("\n".join(f"{one.what} · {one.where}\n    {one.why}" for one in findings))
            text.setReadOnly(True)
            box.addWidget(text, 1)
        box.addWidget(push(tr("Close"), self.close, primary=True), 0, Qt.AlignmentFlag.AlignRight)
