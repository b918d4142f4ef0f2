"""The settings, drawn from their own declaration: a field that is added there appears here."""

from collections.abc import Mapping
from dataclasses import Field, fields, replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QFormLayout, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from graticule.settings import Settings
from graticule.ui.pieces import dialog_foot, label, push
from graticule.ui.words import tr


class SettingsDialog(QDialog):
    """`settings` holds what was chosen once the dialog was accepted."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.settings = settings
        self.setWindowTitle(tr("Settings"))
        self.setMinimumWidth(440)
        self._inputs: dict[str, QWidget] = {}
        form = QFormLayout()
        form.setVerticalSpacing(10)
        form.setHorizontalSpacing(16)
        for item in fields(Settings):
            if not item.metadata["hidden"]:
                self._add(form, item, getattr(settings, item.name))
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 20, 20, 16)
        box.setSpacing(14)
        box.addWidget(label(tr("Settings"), "title"))
        box.addLayout(form)
        box.addLayout(dialog_foot(self, push(tr("Keep"), self._keep, primary=True)))

    def _add(self, form: QFormLayout, item: "Field[Any]", value: Any) -> None:
        shown = _input(value, item.metadata)
        shown.setAccessibleName(tr(item.metadata["label"]))
        self._inputs[item.name] = shown
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(shown)
        if item.metadata["help"]:
            column.addWidget(label(tr(item.metadata["help"]), "muted", wrap=True))
        name = label(tr(item.metadata["label"]))
        name.setAlignment(Qt.AlignmentFlag.AlignTop)
        form.addRow(name, column)

    def _keep(self) -> None:
        self.settings = replace(self.settings, **{name: _value(shown) for name, shown in self._inputs.items()})
        self.accept()


def _input(value: Any, declared: Mapping[str, Any]) -> QWidget:
    choices = declared["choices"]
    if isinstance(value, bool):
        box = QCheckBox()
        box.setChecked(value)
        return box
    if isinstance(value, int):
        number = QSpinBox()
        number.setRange(declared["least"], declared["most"])
        number.setSingleStep(5)
        number.setValue(value)
        return number
    if choices:
        combo = QComboBox()
        for choice in choices:
            words = choices[choice] if isinstance(choices, Mapping) else ""
            combo.addItem(tr(words) if words else LANGUAGES.get(choice, choice), choice)
        combo.setCurrentIndex(combo.findData(value))
        return combo
    return QLineEdit(str(value))


def _value(shown: QWidget) -> Any:
    if isinstance(shown, QCheckBox):
        return shown.isChecked()
    if isinstance(shown, QSpinBox):
        return shown.value()
    if isinstance(shown, QComboBox):
        return shown.currentData()
    return shown.text() if isinstance(shown, QLineEdit) else None


LANGUAGES = {"": "—", "en": "English", "de": "Deutsch"}
