"""Which assistant may be asked, and where it listens; it says what would leave this computer before anything does."""

from PySide6.QtWidgets import QComboBox, QDialog, QFileDialog, QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from graticule.domain.assistant import AssistantNode
from graticule.domain.errors import GraticuleError
from graticule.presenters.assistants import SENT, CaseAssistant
from graticule.ui.pieces import dialog_foot, flat, label, push
from graticule.ui.words import tr

KEPT = "••••••••"


class AssistantDialog(QDialog):
    """Accepted once the choice is kept."""

    def __init__(self, assistant: CaseAssistant, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._assistant = assistant
        self.setWindowTitle(tr("Assistant"))
        self.setMinimumWidth(480)
        node = assistant.node or AssistantNode("", "")
        self.sort = QComboBox()
        self.sort.setAccessibleName(tr("Assistant"))
        self.sort.addItem(tr("None"), "")
        for sort in assistant.sorts:
            self.sort.addItem(sort.title, sort.name)
        self.sort.setCurrentIndex(max(0, self.sort.findData(node.kind)))
        self.address = QLineEdit(node.address)
        self.address.setAccessibleName(tr("Address"))
        self.key = QLineEdit()
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self.key.setAccessibleName(tr("Access key"))
        self.key.setPlaceholderText(KEPT if node.address else tr("only if the server asks for one"))
        self.ca_file = QLineEdit(node.ca_file)
        self.ca_file.setAccessibleName(tr("Root certificate"))
        self._refused = label("", "bad", wrap=True)
        self._refused.hide()
        self.sort.currentIndexChanged.connect(lambda number: self._follow())
        self._arrange()
        self._follow()

    def _arrange(self) -> None:
        certificate = QHBoxLayout()
        certificate.addWidget(self.ca_file)
        certificate.addWidget(flat("folder", tr("Choose a file"), self._choose_file))
        form = QFormLayout()
        form.setVerticalSpacing(10)
        form.setHorizontalSpacing(16)
        form.addRow(tr("Assistant"), self.sort)
        form.addRow(tr("Address"), self.address)
        form.addRow(tr("Access key"), self.key)
        form.addRow(tr("Root certificate"), certificate)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 20, 20, 16)
        box.setSpacing(14)
        box.addWidget(label(tr("Assistant"), "title"))
        box.addLayout(form)
        box.addWidget(label(tr(SENT), "muted", wrap=True))
        box.addWidget(self._refused)
        box.addLayout(dialog_foot(self, push(tr("Use this"), self._keep, primary=True)))

    def _follow(self) -> None:
        chosen = self.sort.currentData()
        for widget in (self.address, self.key, self.ca_file):
            widget.setEnabled(bool(chosen))
        example = next((sort.example for sort in self._assistant.sorts if sort.name == chosen), "")
        self.address.setPlaceholderText(example)

    def _choose_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, tr("Root certificate"), "", "PEM (*.pem *.crt *.cer)")
        if path:
            self.ca_file.setText(path)

    def _keep(self) -> None:
        chosen = str(self.sort.currentData())
        node = AssistantNode(chosen, self.address.text().strip(), self.ca_file.text().strip()) if chosen else None
        try:
            self._assistant.set_up(node, self.key.text() or None)
        except GraticuleError as fault:
            self._refused.setText(f"{tr(fault.message)} {tr(fault.hint)}")
            self._refused.show()
            return
        self.accept()
