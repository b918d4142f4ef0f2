"""What stands beside the 3D view: preset, shift and opacity, cropping box, and a cut along one of the planes."""

from math import log2

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QHBoxLayout, QPushButton, QSlider, QWidget

from graticule.presenters.volume import Part, ViewsChanged, VolumePresenter
from graticule.render.cropping import Cut
from graticule.ui.view3d import View3D
from graticule.ui.words import tr

_CUTS = {"": "Nothing", "axial": "Axial plane", "coronal": "Coronal plane", "sagittal": "Sagittal plane"}
# Slider steps: a hundred either way; opacity goes by doublings, four of them.
STEPS, DOUBLINGS = 100, 4.0


class View3DPanel(QWidget):
    """presenter: of the volume whose planes may cut the 3D view. `close_panel` before it goes."""

    FOLDED = True  # until it is asked for

    def __init__(self, view: View3D, presenter: VolumePresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view, self._presenter = view, presenter
        self._looks = QComboBox()
        self._shift, self._density = _slider(), _slider()
        self._show = QCheckBox(tr("Show the volume"), checked=True)
        self._box = QCheckBox(tr("Cropping box"))
        self._whole = QPushButton(tr("Whole again"))
        self._cut = QComboBox()
        self._flip = QCheckBox(tr("Other side"))
        for name, words in _CUTS.items():
            self._cut.addItem(tr(words), name)
        self._lay_out()
        self._connect()
        self._leave = presenter.bus.subscribe(ViewsChanged, self._planes_moved)
        self.follow_view()
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The panel is there while a 3D view is: nobody moves sliders of something that is not on the wall."""
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide) and not event.spontaneous() and self.parentWidget() is not None:
            self.setVisible(event.type() is QEvent.Type.Show)
        return False

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.ParentChange and self.parentWidget() is not None:
            self.setVisible(self._view.isVisible())

    def close_panel(self) -> None:
        self._view.removeEventFilter(self)
        self._leave()

    def follow_view(self) -> None:
        """Show what the view shows."""
        view = self._view
        with QSignalBlocker(self._looks), QSignalBlocker(self._shift), QSignalBlocker(self._density), QSignalBlocker(self._box):
            if self._looks.count() != len(view.looks):
                self._looks.clear()
                for look in view.looks:
                    self._looks.addItem(tr(look.name), look.name)
            if view.look is not None:
                self._looks.setCurrentIndex(self._looks.findData(view.look.name))
            self._shift.setValue(round(view.shift * STEPS))
            self._density.setValue(round(_doublings(view.density) / DOUBLINGS * STEPS))
            self._box.setChecked(view.cropping)
        self.setEnabled(view.scene is not None)
        self._whole.setEnabled(view.cropping)
        self._flip.setEnabled(bool(self._cut.currentData()))

    def _lay_out(self) -> None:
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow(tr("Preset"), self._looks)
        form.addRow(tr("Values"), self._shift)
        form.addRow(tr("Opacity"), self._density)
        form.addRow(self._show)
        row = QHBoxLayout()
        row.addWidget(self._box)
        row.addStretch(1)
        row.addWidget(self._whole)
        form.addRow(row)
        form.addRow(tr("Cut open at"), self._cut)
        form.addRow("", self._flip)
        for widget, words in ((self._looks, "Preset"), (self._shift, "Values"), (self._density, "Opacity"),
                              (self._cut, "Cut open at")):
            widget.setAccessibleName(f"3D: {tr(words)}")
        self._shift.setToolTip(tr("Move the preset along the values: which tissue is seen"))
        self._density.setToolTip(tr("How opaque what is seen is drawn"))

    def _connect(self) -> None:
        self._looks.activated.connect(self._choose)
        self._shift.valueChanged.connect(self._tune)
        self._density.valueChanged.connect(self._tune)
        self._show.toggled.connect(self._view.set_volume_visible)
        self._box.toggled.connect(self._view.set_cropping)
        self._box.toggled.connect(self._whole.setEnabled)
        self._whole.clicked.connect(self._view.reset_crop)
        self._cut.activated.connect(self._cut_open)
        self._flip.toggled.connect(self._cut_open)
        self._view.look_changed.connect(self.follow_view)

    def _choose(self, _row: int) -> None:
        self._view.set_look(self._looks.currentData())

    def _tune(self, _value: int) -> None:
        self._view.tune(self._shift.value() / STEPS, 2.0 ** (self._density.value() / STEPS * DOUBLINGS))

    def _cut_open(self, *_: object) -> None:
        """What lies before the plane, on the reader's side of it in that view's usual direction, is taken away."""
        name = self._cut.currentData()
        self._flip.setEnabled(bool(name))
        if not name:
            self._view.set_cut(None)
            return
        view = self._presenter.views[name]
        towards = view.axes.onward if not self._flip.isChecked() else -view.axes.onward
        self._view.set_cut(Cut(view.slices.moved(self._presenter.cursor, view.index), towards))

    def _planes_moved(self, event: ViewsChanged) -> None:
        if event.case_id == self._presenter.case_id and event.part is Part.PLANE and self._cut.currentData() in event.views:
            self._cut_open()


def _slider() -> QSlider:
    return QSlider(Qt.Orientation.Horizontal, minimum=-STEPS, maximum=STEPS, value=0)


def _doublings(density: float) -> float:
    return log2(max(density, 1e-6))
