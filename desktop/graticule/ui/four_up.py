"""Four viewports in a square, or one of them alone."""

from collections.abc import Mapping

from PySide6.QtWidgets import QGridLayout, QWidget

_PLACES = {"axial": (0, 0), "3d": (0, 1), "coronal": (1, 0), "sagittal": (1, 1)}
GAP_PX = 2


class FourUp(QWidget):
    """views: by name; names without a place of their own are not laid out."""

    def __init__(self, views: Mapping[str, QWidget], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._views = dict(views)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GAP_PX)
        for name, (row, column) in _PLACES.items():
            self._grid.addWidget(self._views[name], row, column)

    def show_layout(self, layout: str) -> None:
        """"grid" for all four, else the name of the one that fills the space."""
        alone = layout if layout in self._views else ""
        for name, view in self._views.items():
            view.setVisible(not alone or name == alone)
        for row in (0, 1):
            self._grid.setRowStretch(row, 1 if not alone or _PLACES[alone][0] == row else 0)
            self._grid.setColumnStretch(row, 1 if not alone or _PLACES[alone][1] == row else 0)
