"""Asks for what a table of numbers does not say: how fast it was sampled, and in which unit. Nothing is filled in beforehand."""

from PySide6.QtWidgets import QComboBox, QDialog, QFormLayout, QLineEdit, QVBoxLayout, QWidget

from graticule.ui.pieces import dialog_foot, label, push
from graticule.ui.words import tr, trn

UNITS = ("mV", "uV", "V")
_FASTEST_HZ = 10_000_000


class StatementDialog(QDialog):
    """`said` holds (rate, unit, gain) as they were typed once the dialog was accepted. files: how many it is about."""

    def __init__(self, files: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("ECG as a table"))
        self.setMinimumWidth(440)
        self.rate, self.gain, self.unit = QLineEdit(), QLineEdit(), QComboBox()
        self.rate.setPlaceholderText(tr("samples a second, e.g. 500"))
        self.gain.setPlaceholderText(tr("only if the values are steps of a converter"))
        self.unit.addItem(tr("Choose …"), "")
        for unit in UNITS:
            self.unit.addItem(unit.replace("u", "µ"), unit)
        self.wrong = label("", "bad", wrap=True)
        self.wrong.hide()
        fields = QFormLayout()
        fields.addRow(tr("Sampling rate"), self.rate)
        fields.addRow(tr("Unit of the values"), self.unit)
        fields.addRow(tr("Steps per unit"), self.gain)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 20, 20, 16)
        box.setSpacing(10)
        box.addWidget(label(tr("Rate and unit are not in the file"), "title", wrap=True))
        told = trn(files, "1 table of numbers could be an ECG. Intervals and heights depend on what you state here.",
                   "{n} tables of numbers could be ECGs. Intervals and heights depend on what you state here.")
        box.addWidget(label(told, "muted", wrap=True))
        box.addLayout(fields)
        box.addWidget(self.wrong)
        box.addLayout(dialog_foot(self, push(tr("Import"), self._keep, primary=True)))

    @property
    def said(self) -> tuple[str, str, str]:
        return self.rate.text().strip().replace(",", "."), self.unit.currentData(), self.gain.text().strip().replace(",", ".")

    def _keep(self) -> None:
        rate, unit, gain = self.said
        whole = _is_number(rate) and unit and (not gain or _is_number(gain))
        fault = "" if whole else tr("State a rate, such as 500, and a unit.")
        self.wrong.setText(fault)
        self.wrong.setVisible(bool(fault))
        if not fault:
            self.accept()


def _is_number(text: str) -> bool:
    try:
        return 0 < float(text) <= _FASTEST_HZ
    except ValueError:
        return False
