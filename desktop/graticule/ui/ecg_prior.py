"""An earlier ECG of the same patient under the one that is read: same speed, gain, size and layout, the same cursor in time."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from graticule.domain.case import Kind
from graticule.domain.errors import GraticuleError
from graticule.domain.recording import Recording
from graticule.presenters.ecg import EcgPresenter
from graticule.presenters.ecg_caption import caption_of
from graticule.presenters.open_case import OpenCase
from graticule.presenters.relative_words import heading_of
from graticule.ui.ecg_view import EcgView
from graticule.ui.pieces import Elided, flat
from graticule.ui.words import tr

LEAST_PX = 180


class PriorButton(QToolButton):
    """`chosen(str)`: the case id of an earlier ECG, "" for none. Hidden where there is none."""

    chosen = Signal(str)

    def __init__(self, opened: OpenCase, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        relatives = opened.companions.relatives if opened.companions is not None else ()
        self._priors = [relative for relative in relatives if relative.case.kind is Kind.ECG]
        self.setText(tr("Earlier ECG"))
        self.setToolTip(tr("Another ECG of this patient under this one, to the same scale"))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setVisible(bool(self._priors))
        menu = QMenu(self)
        for relative in self._priors:
            menu.addAction(heading_of(relative), lambda case_id=relative.case.id: self.chosen.emit(case_id))
        menu.addAction(tr("None"), lambda: self.chosen.emit(""))
        self.setMenu(menu)

    @property
    def any(self) -> bool:
        return bool(self._priors)


class PriorView(QWidget):
    """`closed`, `failed(error)`. What it shows is locked; it follows the presenter it stands under."""

    closed = Signal()
    failed = Signal(object)

    def __init__(self, opened: OpenCase, above: EcgPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._opened, self._above = opened, above
        self.view: EcgPresenter | None = None
        self.paper: EcgView | None = None
        self._offset_s = 0.0
        self._title, self._caption = Elided("", "section"), Elided("", "muted")
        head = QHBoxLayout()
        head.setContentsMargins(12, 2, 8, 2)
        for widget in (self._title, self._caption):
            head.addWidget(widget, 1)
        head.addWidget(flat("close", tr("Put the earlier ECG away"), self.put_away))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addLayout(head)
        self.setMinimumHeight(LEAST_PX)
        self.hide()

    def show_case(self, case_id: str) -> None:
        """Bring an earlier ECG and show it; "" puts it away."""
        self.put_away()
        companions = self._opened.companions
        if case_id and companions is not None:
            companions.bring(self._opened, case_id, self.take, self.failed.emit, tr("Reading the earlier ECG"))

    def take(self, other: OpenCase) -> None:
        """The earlier ECG is here."""
        if not isinstance(other.content, Recording):
            self.failed.emit(GraticuleError("This companion is not an ECG."))
            return
        relative = self._opened.companions.relative(other.case.id) if self._opened.companions else None
        self._title.say(heading_of(relative) if relative else tr("Earlier ECG"))
        self.view = EcgPresenter(other.content, ())
        self.paper = EcgView(self.view, self)
        self.paper.moved.connect(self._slid)
        self._column.addWidget(self.paper, 1)
        self.show()
        self.follow()
        if other.opening is not None:
            opening = other.opening
            self._opened.runner.start(lambda progress: opening.fill(progress, lambda part: None), done=lambda _: self._filled(),
                                      failed=self.failed.emit)

    def put_away(self) -> None:
        if self.paper is not None:
            self.paper.close()
            self._column.removeWidget(self.paper)
            self.paper.deleteLater()
            self.paper = self.view = None
            self.hide()
            self.closed.emit()

    def follow(self) -> None:
        """The same paper as above: speed, gain, filter, leads, size; and the same seconds after the beginning, plus what it was
        slid by."""
        if self.view is None or self.paper is None:
            return
        mine, above = self.view, self._above
        if above.layout in mine.layouts and mine.layout is not above.layout:
            mine.set_layout(above.layout)
        mine.speed_mm_s, mine.choice, mine.colours = above.speed_mm_s, above.choice, above.colours
        mine.set_gain(above.gain_mm_mv, above.half)
        if mine.filter != above.filter:
            mine.set_filter(above.filter)
        mine.pixel_mm, mine.true_size, mine.px_mm = above.pixel_mm, False, above.scale
        mine.resize(self.paper.width(), self.paper.height())
        mine.first_s = max(0.0, min(above.first_s + self._offset_s, max(0.0, mine.duration_s - mine.sheet.page_s)))
        self._caption.say(caption_of(mine).scale)
        self._quietly_refresh()

    def _quietly_refresh(self) -> None:
        blocked = self.paper.blockSignals(True)
        self.paper.refresh()
        self.paper.blockSignals(blocked)

    def _slid(self) -> None:
        """A hand slid the earlier ECG alone: from then on it keeps that distance."""
        if self.view is not None:
            self._offset_s = self.view.first_s - self._above.first_s

    def _filled(self) -> None:
        if self.view is not None:
            self.view.forget_traces()
            self.follow()
