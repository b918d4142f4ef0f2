"""How labels lie over the image: their opacity, outline or fill, and who made them."""

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSlider, QVBoxLayout, QWidget

from graticule.presenters.volume import LabelLook, VolumePresenter
from graticule.ui.pieces import leave_keys
from graticule.ui.section import show_in_place
from graticule.ui.theme import TOKENS, font, icon
from graticule.ui.words import tr


class LabelLookRow(QWidget):
    """look: the presenter of the image, volume or picture; only a volume shows who made its voxels."""

    def __init__(self, look: VolumePresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._volume = look
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(0, 100)
        self.opacity.setAccessibleName(tr("Opacity of the labels"))
        self.opacity.setToolTip(tr("Opacity of the labels (Alt+wheel)"))
        self.opacity.valueChanged.connect(lambda value: self._look(opacity=value / 100))
        self.percent = QLabel()
        self.percent.setFont(font(TOKENS.body_px, tabular=True))
        self.outline = _toggle("outline", tr("Outline"), tr("Outlines only (V); hold G to see the bare image"))
        self.outline.toggled.connect(lambda on: self._look(outline_only=on))
        self.authors = _toggle("authors", tr("Authors"), tr("Colour every voxel by who made it (Shift+Q)"))
        self.authors.toggled.connect(self._see_authors)
        show_in_place(self.authors, hasattr(look, "see_authors"))
        self._lay_out()
        leave_keys(self)
        self.follow()

    def follow(self) -> None:
        """Opacity, outline or authors changed by key or wheel."""
        look = self._volume.label_look
        with QSignalBlocker(self.opacity), QSignalBlocker(self.outline), QSignalBlocker(self.authors):
            self.opacity.setValue(round(look.opacity * 100))
            self.outline.setChecked(look.outline_only)
            self.authors.setChecked(getattr(self._volume, "authors_seen", False))
        self.percent.setText(f"{look.opacity * 100:.0f} %")

    def _look(self, **changes: object) -> None:
        look: LabelLook = replace(self._volume.label_look, **changes)
        self._volume.set_label_look(look)

    def _see_authors(self, on: bool) -> None:
        self._volume.see_authors(on)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(QLabel(tr("Opacity")))
        top.addWidget(self.opacity, 1)
        top.addWidget(self.percent)
        bottom = QHBoxLayout()
        bottom.setSpacing(8)
        bottom.addWidget(self.outline, 1)
        bottom.addWidget(self.authors, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(top)
        column.addLayout(bottom)


def _toggle(sign: str, words: str, hint: str) -> QPushButton:
    made = QPushButton(words)
    made.setIcon(icon(sign))
    made.setCheckable(True)
    made.setToolTip(hint)
    return made
