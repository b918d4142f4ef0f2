"""True size: hold a bank card or a ruler against the screen and make the drawn one as large."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QDialog, QHBoxLayout, QPushButton, QSizePolicy, QSlider, QVBoxLayout, QWidget

from graticule.settings.screens import LARGEST_MM, SMALLEST_MM
from graticule.ui.pieces import label, push
from graticule.ui.screen_size import identity_of, keep, pixel_mm_of
from graticule.ui.theme import TOKENS
from graticule.ui.words import tr

# ISO/IEC 7810 ID-1: bank cards, driving licences, identity cards.
CARD_MM = (85.60, 53.98)
RULER_MM = 100.0
STEPS = 4000


class CalibrationDialog(QDialog):
    """`pixel_mm`: of a device-independent pixel of the screen the dialog stands on; kept when it is accepted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Calibrate this screen"))
        self.pixel_mm = pixel_mm_of(self.screen()) or 25.4 / max(self.screen().logicalDotsPerInch(), 1.0)
        self._drawing = _Drawing(self)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setRange(0, STEPS)
        self._slider.setAccessibleName(tr("Size of the drawn object"))
        self._slider.setValue(_step(self.pixel_mm))
        self._slider.valueChanged.connect(self._resized)
        self._said = label("", "muted")
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 20, 20, 16)
        box.setSpacing(12)
        box.addWidget(label(tr("Calibrate this screen"), "title"))
        box.addWidget(label(tr("Hold the object flat against the screen and move the slider until the drawn one is exactly as "
                               "large. Fine steps: arrow keys."), "muted", wrap=True))
        box.addLayout(self._choices())
        box.addWidget(self._drawing, 1)
        box.addWidget(self._slider)
        box.addLayout(self._foot())
        self.resize(720, 560)
        self._resized(self._slider.value())

    def choose(self, what: str) -> None:
        """ "card" or "ruler"."""
        self._drawing.what = what
        self._drawing.update()

    def set_pixel_mm(self, pixel_mm: float) -> None:
        self._slider.setValue(_step(pixel_mm))

    def accept(self) -> None:
        keep(self.screen(), self.pixel_mm)
        super().accept()

    def _choices(self) -> QHBoxLayout:
        row, group = QHBoxLayout(), QButtonGroup(self)
        for what, words in (("card", tr("Bank card (85.6 mm)")), ("ruler", tr("Ruler (100 mm)"))):
            button = QPushButton(words)
            button.setCheckable(True)
            button.setChecked(what == "card")
            button.clicked.connect(lambda checked=False, what=what: self.choose(what))
            group.addButton(button)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(self._said, 1)
        row.addWidget(push(tr("Cancel"), self.reject))
        row.addWidget(push(tr("Keep for this screen"), self.accept, primary=True))
        return row

    def _resized(self, step: int) -> None:
        self.pixel_mm = _pixel_mm(step)
        self._said.setText(tr("{name}: {mm} mm a pixel", name=identity_of(self.screen()), mm=f"{self.pixel_mm:.4f}"))
        self._drawing.update()


class _Drawing(QWidget):
    """The card or the ruler, as large as the present guess makes it."""

    def __init__(self, dialog: CalibrationDialog) -> None:
        super().__init__(dialog)
        self._dialog = dialog
        self.what = "card"
        self.setMinimumSize(420, 260)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            painter.setPen(QPen(QColor(TOKENS.text), 1.5))
            self._card(painter) if self.what == "card" else self._ruler(painter)
        finally:
            painter.end()

    def _card(self, painter: QPainter) -> None:
        width, height = (mm / self._dialog.pixel_mm for mm in CARD_MM)
        box = QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)
        painter.setBrush(QColor(TOKENS.raised))
        painter.drawRoundedRect(box, 3.18 / self._dialog.pixel_mm, 3.18 / self._dialog.pixel_mm)
        painter.setBrush(QColor(TOKENS.line))
        painter.drawRect(QRectF(box.left() + 1, box.top() + height * 0.1, width - 2, height * 0.2))

    def _ruler(self, painter: QPainter) -> None:
        long = RULER_MM / self._dialog.pixel_mm
        left, top = (self.width() - long) / 2, self.height() / 2
        painter.drawLine(QPointF(left, top), QPointF(left + long, top))
        for mm in range(int(RULER_MM) + 1):
            x, high = left + mm / self._dialog.pixel_mm, 16 if mm % 10 == 0 else 10 if mm % 5 == 0 else 5
            painter.drawLine(QPointF(x, top), QPointF(x, top - high))
            if mm % 10 == 0:
                painter.drawText(QRectF(x - 20, top + 4, 40, 16), Qt.AlignmentFlag.AlignHCenter, str(mm // 10))


def _step(pixel_mm: float) -> int:
    """By equal shares: a finer pixel needs finer steps."""
    share = (pixel_mm / SMALLEST_MM) / (LARGEST_MM / SMALLEST_MM)
    return round(STEPS * max(0.0, min(1.0, share**0.5)))


def _pixel_mm(step: int) -> float:
    return max(SMALLEST_MM, LARGEST_MM * (step / STEPS) ** 2)
