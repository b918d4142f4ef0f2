"""The companions as they are on the screen: brought when a place wants them, put away when memory is short."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from graticule.domain.case import Case
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.picture import Picture
from graticule.domain.volume import Volume
from graticule.presenters.companions import Companions
from graticule.presenters.layout import Place
from graticule.presenters.open_case import OpenCase
from graticule.presenters.relative_words import heading_of
from graticule.presenters.thumbnails import Thumbnails
from graticule.ui.companion_picture import CompanionPicture
from graticule.ui.companion_series import CompanionSeries
from graticule.ui.viewport import Viewport
from graticule.ui.words import tr

Companion: TypeAlias = CompanionSeries | CompanionPicture


class Company(QObject):
    """`came(case_id)`, `went(case_id)`; `made(key, viewport)` for each new view; `pictured` when small pictures have come."""

    came = Signal(str)
    went = Signal(str)
    failed = Signal(str)
    made = Signal(str, object)
    pictured = Signal()
    trouble = Signal(object)

    def __init__(self, opened: OpenCase, parent: QObject) -> None:
        super().__init__(parent)
        self._opened = opened
        self.book: Companions = opened.companions or Companions((), _nobody)
        self.here: dict[str, Companion] = {}
        self._state: dict[str, dict] = {}
        self._thumbs: dict[str, tuple[QImage, Array]] = {}
        self._thumbnails = Thumbnails(self.book.opener, opened.runner, self._pictured)
        self._tool = ""
        self._closed = False

    def want(self, case_ids: Iterable[str]) -> None:
        """Bring what is not here yet; when memory is short, put away what is not wanted."""
        wanted = list(case_ids)
        for case_id in wanted:
            if case_id not in self.here:
                self.book.bring(self._opened, case_id, self._arrived,
                                lambda error, case_id=case_id: self._refused(case_id, error),
                                tr("Opening an image for comparison"))
        for case_id in self.book.too_many(wanted):
            self.put_away(case_id)

    def put_away(self, case_id: str) -> None:
        views = self.here.pop(case_id, None)
        if views is not None:
            self._state[case_id] = views.presenter.state()
            self.went.emit(case_id)
            views.shutdown()
        self.book.put_away(case_id)

    def view(self, place: Place) -> QWidget | None:
        """The viewport of a companion's place; None while it is on its way."""
        companion = self.here.get(place.case_id)
        return companion.view(place.show) if companion is not None else None

    def viewports(self) -> dict[str, Viewport]:
        """Every view of every companion that is here, by its key."""
        return {f"{name} of {case_id}": view for case_id, companion in self.here.items()
                for name, view in companion.views.items()}

    def follow_tool(self, name: str) -> None:
        self._tool = name
        for companion in self.here.values():
            companion.follow_tool(name)

    def ask_thumbs(self, cases: Iterable[Case]) -> None:
        for case in cases:
            self._thumbnails.ask(case)

    def thumb(self, case_id: str) -> QImage | None:
        kept = self._thumbs.get(case_id)
        return kept[0] if kept else None

    def state(self) -> dict[str, dict]:
        return {**self._state, **{case_id: companion.presenter.state() for case_id, companion in self.here.items()}}

    def restore(self, state: dict[str, dict]) -> None:
        """What `state` gave: taken up by each companion when it comes."""
        self._state = dict(state)

    def shutdown(self) -> None:
        self._closed = True
        for case_id in list(self.here):
            self.put_away(case_id)
        self.book.close()

    def _arrived(self, opened: OpenCase) -> None:
        case_id = opened.case.id
        if self._closed or case_id in self.here:
            return
        if self.book.full() and self.here:
            self.book.put_away(case_id)
            self._refused(case_id, GraticuleError("There is not enough memory for another image beside the case.",
                                                  "Close one that is shown for comparison, then try again."))
            return
        companion = self.here[case_id] = self._make(opened)
        companion.trouble.connect(self.trouble)
        relative = self.book.relative(case_id)
        if companion.series is not None and relative is not None:
            companion.series.headed = (heading_of(relative),)
        if case_id in self._state:
            companion.presenter.restore(self._state[case_id])
            if companion.series is not None:
                companion.series.layout = companion.acquired
        companion.follow_tool(self._tool)
        self.came.emit(case_id)
        companion.start()

    def _make(self, opened: OpenCase) -> Companion:
        case_id = opened.case.id

        def made(name: str, view: Viewport) -> None:
            self.made.emit(f"{name} of {case_id}", view)

        if isinstance(opened.content, Volume):
            return CompanionSeries(opened, opened.content, made, self)
        if isinstance(opened.content, Picture):
            return CompanionPicture(opened, opened.content, made, self)
        raise GraticuleError("This cannot be shown beside an image.")

    def _refused(self, case_id: str, error: GraticuleError) -> None:
        self.failed.emit(case_id)
        self.trouble.emit(error)

    def _pictured(self, case_id: str, pixels: Array) -> None:
        if self._closed:
            return
        height, width = pixels.shape[:2]
        form = QImage.Format.Format_RGB888 if pixels.ndim == 3 else QImage.Format.Format_Grayscale8
        self._thumbs[case_id] = (QImage(pixels.data, width, height, pixels.strides[0], form), pixels)
        self.pictured.emit()


def _nobody(case: Case) -> None:
    raise GraticuleError("There is no other image of this patient.")
