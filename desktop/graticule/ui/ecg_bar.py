"""The row over the paper: layout, leads, speed, gain, filter, size, how much time. Under it: the caption that is always there."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QHBoxLayout, QLabel, QToolButton, QWidget

from graticule.presenters.ecg import GAINS_MM_MV, SPEEDS_MM_S, EcgPresenter, Half
from graticule.presenters.ecg_caption import caption_of
from graticule.presenters.ecg_filters import FILTERS, Raw
from graticule.presenters.ecg_sheet import Layout
from graticule.ui.ecg_leads_menu import LeadsButton
from graticule.ui.pieces import Elided, shrinkable
from graticule.ui.theme import TOKENS
from graticule.ui.words import tr

LAYOUT_WORDS = {Layout.PAGE: "3 × 4 + 1", Layout.PAGE_3R: "3 × 4 + 3", Layout.SIX: "6 × 2", Layout.TWELVE: "12 × 1",
                Layout.STRIP: "Strip"}
SPANS_S = (30.0, 60.0, 600.0, 3600.0, 86400.0)


class PaperBar(QWidget):
    """Emits `changed` after it has told the presenter; `dark_changed(bool)` for the colour of the paper.

    `true_size_wanted`: somebody asks for a screen that nobody has measured yet.
    """

    changed = Signal()
    dark_changed = Signal(bool)
    true_size_wanted = Signal()

    def __init__(self, view: EcgPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view, self._raw = view, Raw(view)
        self._rows = _Rows(self)
        row = self._rows.first
        self._layout = self._choice(row, tr("Layout"), [(tr(LAYOUT_WORDS[one]), one) for one in Layout if one in view.layouts],
                                    self._set_layout)
        self._layout.setVisible(len(view.layouts) > 1)
        self._leads = LeadsButton(view, self)
        self._leads.changed.connect(self._tell)
        row.addWidget(self._leads)
        self._speed = self._choice(row, tr("Speed"), [(f"{s:g} mm/s", s) for s in SPEEDS_MM_S], self._set_speed)
        self._span = self._span_choice(row)
        self._gain = self._choice(row, tr("Gain"), _gains(view), self._set_gain)
        self._filter = self._choice(row, tr("Display filter: for the eye only"), [(tr(words), one) for words, one in FILTERS],
                                    self._set_filter)
        self._true = self._toggle(self._rows.last, tr("True size"), tr("A millimetre of paper is a millimetre on this screen"),
                                  self._set_true)
        self._where = Elided("", "muted")
        self._where.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._rows.last.addWidget(self._where, 1)
        self._dark = self._toggle(self._rows.last, tr("Dark paper"), "", None)
        self._dark.toggled.connect(self.dark_changed)
        self.follow()

    def add(self, *widgets: QWidget) -> None:
        """Further buttons, before the one for dark paper."""
        row = self._rows.last
        for widget in widgets:
            row.insertWidget(row.indexOf(self._dark), widget)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._rows.fold(self.width())

    def minimumSizeHint(self) -> QSize:
        """Of the folded bar: a wide one must be able to become narrow."""
        return QSize(self._rows.least_width(), super().minimumSizeHint().height())

    @property
    def dark(self) -> bool:
        return self._dark.isChecked()

    def set_dark(self, dark: bool) -> None:
        self._dark.setChecked(dark)

    def toggle_raw(self) -> None:
        """The signal as stored, or back to the filter that was on."""
        self._raw.toggle()
        self._tell()

    def toggle_true_size(self) -> None:
        self._set_true(not self._view.true_size)

    def follow(self) -> None:
        """Show what the presenter now has, however it came about."""
        view = self._view
        _pick(self._layout, view.layout)
        _pick(self._speed, view.speed_mm_s)
        _pick(self._gain, (view.gain_mm_mv, view.half))
        _pick(self._filter, view.filter)
        with QSignalBlocker(self._true):
            self._true.setChecked(view.true_size)
        if self._span is not None:
            with QSignalBlocker(self._span):
                self._span.setCurrentIndex(self._span_index(self._span))
        self._leads.follow()
        self._where.say(caption_of(view).where)

    def _span_index(self, box: QComboBox) -> int:
        """Which of the offered spans the strip shows; −1 for one in between."""
        view = self._view
        if view.shows_whole:
            return box.count() - 1
        near = [n for n in range(1, box.count() - 1) if abs(box.itemData(n) - view.sheet.page_s) < 0.02 * view.sheet.page_s]
        return near[0] if near else -1 if view.compressed else 0

    def _span_choice(self, row: QHBoxLayout) -> QComboBox | None:
        duration = self._view.recording.duration_s
        if duration <= 2 * SPANS_S[0]:
            return None
        words = {30.0: tr("30 seconds"), 60.0: tr("1 minute"), 600.0: tr("10 minutes"), 3600.0: tr("1 hour"),
                 86400.0: tr("1 day")}
        items = [(tr("At paper speed"), 0.0), *((words[s], s) for s in SPANS_S if s < duration), (tr("Whole record"), -1.0)]
        return self._choice(row, tr("Time across"), items, self._set_span)

    def _choice(self, row: QHBoxLayout, name: str, items: list[tuple[str, Any]], act: Callable[[Any], None]) -> QComboBox:
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

    def _toggle(self, row: QHBoxLayout, words: str, tip: str, act: Callable[[bool], None] | None) -> QToolButton:
        button = QToolButton(self)
        button.setText(words)
        button.setToolTip(tip)
        button.setCheckable(True)
        if act is not None:
            button.clicked.connect(act)
        row.addWidget(button)
        return button

    def _set_layout(self, layout: str) -> None:
        self._view.set_layout(Layout(layout))
        self._tell()

    def _set_speed(self, speed: float) -> None:
        self._view.set_speed(speed, self._view.first_s)
        self._tell()

    def _set_gain(self, gain: tuple[float, str]) -> None:
        self._view.set_gain(gain[0], Half(gain[1]))
        self._tell()

    def _set_filter(self, chosen: Any) -> None:
        self._view.set_filter(chosen)
        self._tell()

    def _set_true(self, on: bool) -> None:
        if on and self._view.pixel_mm is None:
            self.true_size_wanted.emit()
        else:
            self._view.set_true_size(on)
        self._tell()

    def _set_span(self, span: float) -> None:
        if span == 0.0:
            self._view.fit()
            self._view.set_speed(25.0)
        else:
            self._view.show_span(None if span < 0 else span)
        self._tell()

    def _tell(self) -> None:
        self.follow()
        self.changed.emit()


class _Rows:
    """What is chosen and what is switched: beside each other, or in a narrow window below each other."""

    def __init__(self, bar: QWidget) -> None:
        self._both = QBoxLayout(QBoxLayout.Direction.TopToBottom, bar)
        self._both.setContentsMargins(8, 4, 8, 4)
        self._both.setSpacing(6)
        self.first, self.last = QHBoxLayout(), QHBoxLayout()
        for row, stretch in ((self.first, 0), (self.last, 1)):
            row.setSpacing(6)
            self._both.addLayout(row, stretch)

    def least_width(self) -> int:
        return max(row.minimumSize().width() for row in (self.first, self.last)) + 16

    def fold(self, width: int) -> None:
        needed = self.first.sizeHint().width() + self.last.minimumSize().width() + 40
        way = QBoxLayout.Direction.LeftToRight if width >= needed else QBoxLayout.Direction.TopToBottom
        if way != self._both.direction():
            self._both.setDirection(way)


class CaptionBar(QWidget):
    """Left what is doubtful, right what every paper ECG carries: speed, gain, filters; rate, leads, and how true the scale is."""

    def __init__(self, view: EcgPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 3, 12, 3)
        row.setSpacing(16)
        self._doubts = Elided(" · ".join(doubt.text for doubt in view.recording.doubts), "warn")
        self._doubts.setVisible(bool(view.recording.doubts))
        self._scale = QLabel(self)
        self._source = Elided("", "muted")
        self._source.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._scale.setStyleSheet(f"font-size: {TOKENS.label_px}px; font-weight: 600;")
        row.addWidget(self._doubts, 1)
        row.addWidget(self._scale)
        row.addWidget(self._source, 2)
        self.follow()

    def follow(self) -> None:
        caption = caption_of(self._view)
        self._scale.setText(caption.scale)
        self._source.say(caption.source)


def _gains(view: EcgPresenter) -> list[tuple[str, Any]]:
    """Every gain, and for twelve leads the half standards."""
    whole = [(f"{gain:g} mm/mV", (gain, Half.NONE)) for gain in GAINS_MM_MV]
    if not view.shown.twelve_lead:
        return whole
    halves = [(tr("Limb 10, chest 5 mm/mV"), (10.0, Half.CHEST)), (tr("Limb 5, chest 10 mm/mV"), (10.0, Half.LIMB)),
              (tr("Limb 20, chest 10 mm/mV"), (20.0, Half.CHEST))]
    return [*whole, *halves]


def _pick(box: QComboBox, value: Any) -> None:
    """Qt's own search does not know tuples and frozen values."""
    found = next((n for n in range(box.count()) if box.itemData(n) == value), -1)
    with QSignalBlocker(box):
        box.setCurrentIndex(found)
