"""File → Send to the archive…: the results of the open case, exported, read back and sent."""

from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QVBoxLayout, QWidget

from graticule.presenters.pacs import Archives
from graticule.ui.pieces import dialog_foot, label, push
from graticule.ui.words import tr

FORMAT_WORDS = {"dicom-seg": "Segments (DICOM SEG)", "dicom-sr": "Measurements (DICOM SR)", "rtstruct": "Contours (RTSTRUCT)",
                "dicom-labelmap": "Segments as a label map (DICOM)", "dicom-fractional": "Segments with fractions (DICOM)",
                "dicom-ann": "Points and outlines (DICOM)", "dicom-ecg": "ECG marks (DICOM)"}


class SendDialog(QDialog):
    """`node` and `formats` hold what was chosen once the dialog was accepted."""

    def __init__(self, archives: Archives, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Send to the archive"))
        self.setMinimumWidth(440)
        self._nodes = archives.nodes()
        self._choice = QComboBox()
        self._choice.addItems([node.name for node in self._nodes])
        self._choice.setAccessibleName(tr("Archive"))
        self._boxes = {name: QCheckBox(tr(FORMAT_WORDS.get(name, name))) for name in archives.sendable()}
        if "dicom-seg" in self._boxes:
            self._boxes["dicom-seg"].setChecked(True)
        self._send = push(tr("Send"), self.accept, primary=True, sign="export")
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 20, 20, 16)
        box.setSpacing(10)
        box.addWidget(label(tr("Send to the archive"), "title"))
        told = tr("Your labels of “{case}” are exported, read back by another program, and sent.", case=title)
        box.addWidget(label(told, "muted", wrap=True))
        box.addWidget(self._choice)
        for check in self._boxes.values():
            check.toggled.connect(self._fit)
            box.addWidget(check)
        box.addLayout(dialog_foot(self, self._send))
        self._fit()

    @property
    def node(self):  # type: ignore[no-untyped-def]
        return self._nodes[self._choice.currentIndex()]

    @property
    def formats(self) -> list[str]:
        return [name for name, check in self._boxes.items() if check.isChecked()]

    def _fit(self) -> None:
        self._send.setEnabled(bool(self.formats and self._nodes))
