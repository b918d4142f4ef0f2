"""Keeps the wheel for scrolling a column: a choice that happens to lie under the pointer stays as it is."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QSlider, QWidget

KINDS = (QComboBox, QAbstractSpinBox, QSlider)


class StillWheel(QObject):
    """Installed on every choice, number field and slider of a panel; keys and clicks still change them."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Wheel:
            event.ignore()
            return True
        return False

    def keep(self, column: QWidget) -> None:
        """All that stand in a column now."""
        for kind in KINDS:
            for widget in column.findChildren(kind):
                widget.installEventFilter(self)
