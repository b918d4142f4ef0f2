"""The row over the paper: layout, speed, gain, how much time, paper colour. Under it: the caption that is always there."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QHBoxLayout, QLabel, QToolButton, QWidget

from graticule.presenters.ecg import GAINS_MM_MV, SPEEDS_MM_S, EcgPresenter
from graticule.presenters.ecg_caption import caption_of
from graticule.presenters.ecg_sheet import Layout
from graticule.ui.pieces import Elided, shrinkable
from graticule.ui.theme import TOKENS
from graticule.ui.words import tr

LAYOUT_WORDS = {Layout.PAGE: "3 × 4 + II", Layout.STRIP: "Strip"}
SPANS_S = (30.0, 60.0, 600.0, 3600.0)


class PaperBar(QWidget):
    """Emits `changed` after it has told the presenter; `dark_changed(bool)` for the colour of the paper."""

    changed = Signal()
    dark_changed = Signal(bool)

    def __init__(self, view: EcgPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(8)
        self._layouts = self._layout_buttons(row)
        self._speed = self._choice(row, tr("Speed"), [(f"{s:g} mm/s", s) for s in SPEEDS_MM_S], self._set_speed)
        self._span = self._span_choice(row)
        self._gain = self._choice(row, tr("Gain"), [(f"{g:g} mm/mV", g) for g in GAINS_MM_MV], self._set_gain)
        self._where = Elided("", "muted")
        self._where.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._where, 1)
        self._dark = QToolButton(self)
        self._dark.setText(tr("Dark paper"))
        self._dark.setCheckable(True)
        self._dark.toggled.connect(self.dark_changed)
        row.addWidget(self._dark)
        self.follow()

    @property
    def dark(self) -> bool:
        return self._dark.isChecked()

    def set_dark(self, dark: bool) -> None:
        self._dark.setChecked(dark)

    def follow(self) -> None:
        """Show what the presenter now has, however it came about."""
        view = self._view
        for layout, button in self._layouts.items():
            with QSignalBlocker(button):
                button.setChecked(layout is view.layout)
        _pick(self._speed, view.speed_mm_s)
        _pick(self._gain, view.gain_mm_mv)
        if self._span is not None:
            with QSignalBlocker(self._span):
                self._span.setCurrentIndex(self._span_index(self._span))
        self._where.say(caption_of(view).where)

    def _span_index(self, box: QComboBox) -> int:
        """Which of the offered spans the strip shows; −1 for one in between."""
        view = self._view
        if not view.compressed:
            return 0
        if view.shows_whole:
            return box.count() - 1
        near = [n for n in range(1, box.count() - 1) if abs(box.itemData(n) - view.sheet.page_s) < 0.02 * view.sheet.page_s]
        return near[0] if near else -1

    def _layout_buttons(self, row: QHBoxLayout) -> dict[Layout, QToolButton]:
        if len(self._view.layouts) < 2:
            return {}
        group = QButtonGroup(self)
        buttons = {}
        for layout in sorted(self._view.layouts):
            button = QToolButton(self)
            button.setText(LAYOUT_WORDS[layout])
            button.setCheckable(True)
            button.clicked.connect(lambda checked=False, layout=layout: self._set_layout(layout))
            group.addButton(button)
            row.addWidget(button)
            buttons[layout] = button
        return buttons

    def _span_choice(self, row: QHBoxLayout) -> QComboBox | None:
        duration = self._view.recording.duration_s
        spans = [s for s in SPANS_S if s < duration]
        if duration <= 2 * SPANS_S[0]:
            return None
        words = {30.0: tr("30 seconds"), 60.0: tr("1 minute"), 600.0: tr("10 minutes"), 3600.0: tr("1 hour")}
        items = [(tr("At paper speed"), 0.0), *((words[s], s) for s in spans), (tr("Whole record"), -1.0)]
        return self._choice(row, tr("Time across"), items, self._set_span)

    def _choice(self, row: QHBoxLayout, name: str, items: list[tuple[str, float]], act: object) -> QComboBox:
        box = QComboBox(self)
        box.setAccessibleName(name)
        box.setToolTip(name)
        for words, value in items:
            box.addItem(words, value)
        box.setPlaceholderText(tr("compressed"))
        box.activated.connect(lambda index: act(box.itemData(index)))
        shrinkable(box)
        row.addWidget(box)
        return box

    def _set_layout(self, layout: Layout) -> None:
        self._view.set_layout(layout)
        self._tell()

    def _set_speed(self, speed: float) -> None:
        self._view.set_speed(speed, self._view.first_s)
        self._tell()

    def _set_gain(self, gain: float) -> None:
        self._view.set_gain(gain)
        self._tell()

    def _set_span(self, span: float) -> None:
        if span == 0.0:
            self._view.fit()
        else:
            self._view.show_span(None if span < 0 else span)
        self._tell()

    def _tell(self) -> None:
        self.follow()
        self.changed.emit()


class CaptionBar(QWidget):
    """Left what is doubtful, right what every paper ECG carries: speed, gain, filters; rate, leads, and how true the scale is."""

    def __init__(self, view: EcgPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 3, 12, 3)
        row.setSpacing(16)
        self._doubts = Elided(" · ".join(doubt.text for doubt in view.recording.doubts), "warn")
        self._scale = QLabel(self)
        self._source = Elided("", "muted")
        self._source.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._scale.setStyleSheet(f"font-size: {TOKENS.label_px}px; font-weight: 600;")
        row.addWidget(self._doubts, 1)
        row.addWidget(self._scale)
        row.addWidget(self._source, 1)
        self.follow()

    def follow(self) -> None:
        caption = caption_of(self._view)
        self._scale.setText(caption.scale)
        self._source.say(caption.source)


def _pick(box: QComboBox, value: float) -> None:
    with QSignalBlocker(box):
        box.setCurrentIndex(box.findData(value))
