"""The archives that this store knows: a list, and one form for either kind."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from graticule.domain.archive import BASIC, BEARER, DICOMWEB, DIMSE, GET, MOVE, NO_LOGIN, Node
from graticule.domain.errors import GraticuleError
from graticule.presenters.pacs import Archives
from graticule.ui.pieces import dialog_foot, label, push
from graticule.ui.words import tr

KINDS = ((DICOMWEB, "DICOMweb"), (DIMSE, "DIMSE (C-FIND, C-GET)"))
LOGINS = ((NO_LOGIN, "None"), (BASIC, "User name and password"), (BEARER, "Token"))
WAYS = ((GET, "C-GET: over the same connection"), (MOVE, "C-MOVE: the archive connects to this computer"))
WEB_ONLY, DIMSE_ONLY = ("url", "login", "user", "secret"), ("host", "port", "called_ae", "own_ae", "fetch_by", "own_port", "tls")


class NodesDialog(QDialog):
    """Every change is kept with “Keep”. Passwords go to the operating system's vault and are never shown again."""

    def __init__(self, archives: Archives, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Archives"))
        self.resize(720, 460)
        self._archives = archives
        self._nodes = archives.nodes() or [Node("")]
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Archives"))
        self.list.setFixedWidth(190)
        self._inputs: dict[str, QWidget] = {}
        self._form = self._fields()
        self.wrong = label("", "bad", wrap=True)
        self._arrange()
        self._list_again(0)
        self.list.currentRowChanged.connect(self._show)
        self._inputs["name"].setFocus()

    def _fields(self) -> QFormLayout:
        form = QFormLayout()
        form.setVerticalSpacing(8)
        form.setHorizontalSpacing(14)
        secret = QLineEdit()
        secret.setEchoMode(QLineEdit.EchoMode.Password)
        secret.setPlaceholderText(tr("Unchanged when empty"))
        url = QLineEdit()
        url.setPlaceholderText("https://pacs.hospital.example/dicom-web")
        for name, words, made in (
                ("name", "Name", QLineEdit()), ("kind", "Kind", _combo(KINDS)), ("url", "Address", url),
                ("login", "Login", _combo(LOGINS)), ("user", "User name", QLineEdit()), ("secret", "Password or token", secret),
                ("host", "Address", QLineEdit()), ("port", "Port", _port()),
                ("called_ae", "AE title of the archive", QLineEdit()),
                ("own_ae", "AE title of this computer", QLineEdit()), ("fetch_by", "Retrieve by", _combo(WAYS)),
                ("own_port", "Port of this computer", _port()), ("tls", "Encrypted (TLS)", QCheckBox()),
                ("ca_file", "Root certificate (PEM file)", QLineEdit())):
            made.setAccessibleName(tr(words))
            self._inputs[name] = made
            form.addRow(tr(words), made)
        self._inputs["name"].textEdited.connect(lambda text: self.list.item(self._at).setText(text or tr("New archive")))
        for name in ("kind", "login", "fetch_by"):
            self._inputs[name].currentIndexChanged.connect(self._fit)
        return form

    def _arrange(self) -> None:
        left = QVBoxLayout()
        left.addWidget(self.list, 1)
        left.addWidget(push(tr("Add"), self._add, sign="plus"))
        left.addWidget(push(tr("Remove"), self._remove, sign="trash"))
        right = QVBoxLayout()
        right.addLayout(self._form)
        right.addStretch(1)
        right.addWidget(self.wrong)
        middle = QHBoxLayout()
        middle.setSpacing(16)
        middle.addLayout(left)
        middle.addLayout(right, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 18, 20, 14)
        box.setSpacing(12)
        box.addWidget(label(tr("Archives"), "title"))
        told = tr("Addresses are kept in this store, passwords in the password vault of this computer.")
        box.addWidget(label(told, "muted", wrap=True))
        box.addLayout(middle, 1)
        box.addLayout(dialog_foot(self, push(tr("Keep"), self._keep, primary=True)))

    def _list_again(self, at: int) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        self.list.addItems([node.name or tr("New archive") for node in self._nodes])
        self.list.setCurrentRow(at)
        self.list.blockSignals(False)
        self._at = at
        self._load(self._nodes[at])

    def _show(self, at: int) -> None:
        if 0 <= at < len(self._nodes):
            self._nodes[self._at] = self._entered()
            self.list.item(self._at).setText(self._nodes[self._at].name or tr("New archive"))
            self._at = at
            self._load(self._nodes[at])

    def _add(self) -> None:
        self._nodes[self._at] = self._entered()
        self._nodes.append(Node(""))
        self._list_again(len(self._nodes) - 1)
        self._inputs["name"].setFocus(Qt.FocusReason.OtherFocusReason)

    def _remove(self) -> None:
        del self._nodes[self._at]
        self._nodes = self._nodes or [Node("")]
        self._list_again(min(self._at, len(self._nodes) - 1))

    def _load(self, node: Node) -> None:
        for name, made in self._inputs.items():
            _set(made, "" if name == "secret" else getattr(node, name))
        self.wrong.setText("")
        self._fit()

    def _entered(self) -> Node:
        values = {name: _value(made) for name, made in self._inputs.items() if name != "secret"}
        return replace(Node(""), **values)

    def _fit(self) -> None:
        """Show only what this kind of archive needs."""
        node = self._entered()
        hidden = set(DIMSE_ONLY if node.kind == DICOMWEB else WEB_ONLY)
        if node.kind == DICOMWEB:
            hidden |= {"user"} if node.login != BASIC else set()
            hidden |= {"secret"} if node.login == NO_LOGIN else set()
        elif node.fetch_by == GET:
            hidden.add("own_port")
        for name, made in self._inputs.items():
            self._form.setRowVisible(made, name not in hidden)

    def _keep(self) -> None:
        self._nodes[self._at] = self._entered()
        nodes = [node for node in self._nodes if node != Node("")]
        secret = _value(self._inputs["secret"])
        try:
            self._archives.keep(nodes)
            if secret:
                self._archives.put_secret(self._nodes[self._at].checked(), secret)
        except GraticuleError as error:
            self.wrong.setText(f"{tr(error.message)} {tr(error.hint)}")
            return
        self.accept()


def _combo(rows: tuple[tuple[str, str], ...]) -> QComboBox:
    made = QComboBox()
    for value, words in rows:
        made.addItem(tr(words), value)
    return made


def _port() -> QSpinBox:
    made = QSpinBox()
    made.setRange(1, 65_535)
    made.setGroupSeparatorShown(False)
    return made


def _set(made: QWidget, value: object) -> None:
    if isinstance(made, QComboBox):
        made.setCurrentIndex(made.findData(value))
    elif isinstance(made, QSpinBox):
        made.setValue(int(value))
    elif isinstance(made, QCheckBox):
        made.setChecked(bool(value))
    else:
        made.setText(str(value))


def _value(made: QWidget) -> object:
    if isinstance(made, QComboBox):
        return made.currentData()
    if isinstance(made, QSpinBox):
        return made.value()
    return made.isChecked() if isinstance(made, QCheckBox) else made.text().strip()
