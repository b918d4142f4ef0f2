"""The wall of viewports: up to three by three places, or one of them alone."""

from collections.abc import Mapping

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from graticule.presenters.layout import MOST, Layout
from graticule.ui.place_frame import PlaceFrame

GAP_PX = 2


class Wall(QWidget):
    """Views belong to their makers; the wall only gives them a place, and takes it back."""

    series_dropped = Signal(int, str)
    menu_asked = Signal(int, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.frames = [PlaceFrame(number, self) for number in range(MOST * MOST)]
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GAP_PX)
        for frame in self.frames:
            frame.series_dropped.connect(self.series_dropped)
            frame.menu_asked.connect(self.menu_asked)
            frame.hide()

    def show_layout(self, layout: Layout, views: Mapping[str, QWidget], alone: str = "", waiting: str = "") -> None:
        """views: by key; a place whose view is not there yet says `waiting`. alone: the one view that fills the wall."""
        single = layout.find(alone)
        for number, frame in enumerate(self.frames):
            place = layout.places[number] if number < len(layout.places) else None
            frame.hold(views.get(place.key) if place else None, waiting if place and place.key else "")
        for number, frame in enumerate(self.frames):
            self._grid.removeWidget(frame)
            shown = number == single if single is not None else number < len(layout.places)
            if shown:
                self._grid.addWidget(frame, *((0, 0) if single is not None else divmod(number, layout.columns)))
            frame.setVisible(shown)
        for at in range(MOST):
            self._grid.setRowStretch(at, 1 if at < (1 if single is not None else layout.rows) else 0)
            self._grid.setColumnStretch(at, 1 if at < (1 if single is not None else layout.columns) else 0)
