"""The row that says what lies over the image and how: blend, colours, window; and takes it away."""

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QSlider, QWidget

from graticule.imaging.colour_maps import NAMES, TITLES
from graticule.presenters.fusion import Fusion, FusionLook
from graticule.presenters.windows import text_of
from graticule.ui.pieces import Elided, flat, label, shrinkable
from graticule.ui.theme import wide
from graticule.ui.words import tr


class FusionBar(QWidget):
    """`changed` after the look was set; `removed` when the series above shall go."""

    changed = Signal()
    removed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("toolRow")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._fusion: Fusion | None = None
        self._name = Elided("", "place")
        self._name.setMinimumWidth(wide(60))
        self._blend = QSlider(Qt.Orientation.Horizontal)
        self._blend.setRange(0, 100)
        self._blend.setPageStep(10)
        self._blend.setFixedWidth(90)
        self._blend.setAccessibleName(tr("Blend"))
        self._blend.valueChanged.connect(lambda value: self._set(blend=value / 100))
        self._share = QLabel()
        self._share.setFixedWidth(wide(40))
        self._colours = QComboBox()
        for name in NAMES:
            self._colours.addItem(tr(TITLES[name]), name)
        self._colours.setAccessibleName(tr("Colours"))
        self._colours.currentIndexChanged.connect(lambda at: self._set(colours=self._colours.itemData(at)))
        self._window = QComboBox()
        self._window.setAccessibleName(tr("Window"))
        for box in (self._colours, self._window):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            shrinkable(box)
        self._window.currentIndexChanged.connect(self._set_window)
        self._fades = QCheckBox(tr("Fade low"))
        self._fades.setToolTip(tr("Low values are clear, so that the image below is seen"))
        self._fades.toggled.connect(lambda on: self._set(fades=on))
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 3, 6, 3)
        row.setSpacing(8)
        row.addWidget(label(tr("Over it:"), "muted"))
        row.addWidget(self._name, 1)
        for widget in (self._blend, self._share, self._colours, self._window, self._fades):
            row.addWidget(widget)
        row.addWidget(flat("close", tr("Take it away"), self.removed.emit))
        self.hide()

    def follow(self, fusion: Fusion | None) -> None:
        """Show what lies above now; nothing: the row is gone."""
        self._fusion = fusion
        self.setVisible(fusion is not None)
        if fusion is None:
            return
        blockers = [QSignalBlocker(widget) for widget in (self._blend, self._colours, self._window, self._fades)]
        self._name.say(fusion.name)
        self._blend.setValue(round(fusion.look.blend * 100))
        self._share.setText(f"{fusion.look.blend * 100:.0f} %")
        self._colours.setCurrentIndex(NAMES.index(fusion.look.colours))
        self._fades.setChecked(fusion.look.fades)
        self._window.clear()
        for preset in fusion.presets:
            self._window.addItem(preset.name or text_of(preset), preset)
        found = [at for at, preset in enumerate(fusion.presets) if (preset.width, preset.level)
                 == (fusion.look.window.width, fusion.look.window.level)]
        if not found:
            self._window.addItem(text_of(fusion.look.window), fusion.look.window)
        self._window.setCurrentIndex(found[0] if found else self._window.count() - 1)
        del blockers

    def _set_window(self, at: int) -> None:
        preset = self._window.itemData(at)
        if preset is not None:
            self._set(window=replace(preset, inverted=False))

    def _set(self, **change: object) -> None:
        if self._fusion is not None:
            look: FusionLook = replace(self._fusion.look, **change)
            self._fusion.look = look
            self._share.setText(f"{look.blend * 100:.0f} %")
            self.changed.emit()
