"""A side column of the window: stays at its edge, or floats to a second monitor and comes back."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

Area = Qt.DockWidgetArea


class Column(QDockWidget):
    """Without a title bar while docked (its panel has its own head); with the system's window frame while floating."""

    def __init__(self, name: str, title: str, panel: QWidget, area: Area, window: QMainWindow) -> None:
        super().__init__(title, window)
        self.setObjectName(name)
        self.setAllowedAreas(Area.LeftDockWidgetArea | Area.RightDockWidgetArea)
        self.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetFloatable | QDockWidget.DockWidgetFeature.DockWidgetClosable
                         | QDockWidget.DockWidgetFeature.DockWidgetMovable)
        self._bare = QWidget()
        self.setTitleBarWidget(self._bare)
        self.setWidget(panel)
        self.topLevelChanged.connect(self._floated)
        window.addDockWidget(area, self)

    def toggle_floating(self) -> None:
        self.setFloating(not self.isFloating())

    def _floated(self, floating: bool) -> None:
        self.setTitleBarWidget(None if floating else self._bare)  # type: ignore[arg-type]
