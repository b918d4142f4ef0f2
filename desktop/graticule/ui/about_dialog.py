"""Help → About."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from graticule import __version__
from graticule.ui.pieces import label, push
from graticule.ui.words import tr


class AboutDialog(QDialog):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("About Graticule"))
        self.setFixedWidth(440)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 24, 24, 16)
        box.setSpacing(10)
        box.addWidget(label("Graticule", "title"))
        box.addWidget(label(tr("Version {version}", version=__version__), "muted"))
        box.addWidget(label(tr("An annotation workstation for clinicians. The graticule is the fine grid in an eyepiece, "
                               "and the grid of ECG paper."), wrap=True))
        box.addWidget(label(tr("For making reference standards. Not for diagnosis."), "warn", wrap=True))
        licence = tr("Apache License 2.0. Other people's work inside it: THIRD_PARTY.md beside the program.")
        box.addWidget(label(licence, "muted", wrap=True))
        box.addSpacing(6)
        box.addWidget(push(tr("Close"), self.accept, primary=True), 0, Qt.AlignmentFlag.AlignRight)
