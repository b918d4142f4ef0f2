"""A single picture beside the case: the other projection, the other side, the image before."""

from PySide6.QtCore import QObject, Signal

from graticule.domain.errors import GraticuleError
from graticule.domain.picture import Picture
from graticule.domain.progress import Progress
from graticule.jobs import Handle
from graticule.presenters.companions import LANE
from graticule.presenters.layout import PICTURE
from graticule.presenters.open_case import OpenCase
from graticule.presenters.picture import PictureChanged, PicturePresenter
from graticule.ui.companion_hand import looking_hand, take
from graticule.ui.companion_series import Made
from graticule.ui.overlays import Loading
from graticule.ui.picture_view import PictureView
from graticule.ui.viewport import Viewport
from graticule.ui.words import tr


class CompanionPicture(QObject):
    """The same verbs as `CompanionSeries`, for one viewport."""

    arrived = Signal()
    trouble = Signal(object)
    series = None
    acquired = PICTURE

    def __init__(self, opened: OpenCase, picture: Picture, made: Made, parent: QObject) -> None:
        super().__init__(parent)
        self.opened = opened
        self.presenter = PicturePresenter(opened, picture)
        self.hand = looking_hand(opened, self.trouble.emit)
        self._view = PictureView(self.presenter, self.hand)
        self.views: dict[str, Viewport] = {PICTURE: self._view}
        self._job: Handle | None = None
        self._leave = opened.bus.subscribe(PictureChanged, self._changed)
        made(PICTURE, self._view)

    def start(self) -> None:
        """Decode the picture."""
        opening = self.opened.opening
        if opening is None:
            return

        def fill(progress: Progress) -> None:
            opening.fill(progress, lambda k: None)

        self._view.loading = Loading(0, 1, tr("Loading the image …"))
        self._job = self.opened.runner.start(fill, done=self._filled, failed=self._failed, lane=LANE,
                                             title=tr("Loading the image"))

    def view(self, show: str) -> Viewport | None:
        return self._view

    def drop_fused(self) -> None:
        """Nothing lies over a picture."""

    def follow_tool(self, name: str) -> None:
        take(self.hand, name, self.views.values())

    def preset(self, number: int) -> None:
        self.presenter.preset(number)

    def preset_names(self) -> list[str]:
        return [window.name for window in self.presenter.presets[:9]]

    def shutdown(self) -> None:
        if self._job is not None:
            self._job.cancel()
        self._leave()
        self._view.setParent(None)
        self._view.deleteLater()
        self.views.clear()

    def _filled(self, nothing: None) -> None:
        self._view.loading = None
        self.presenter.samples_changed()
        self._view.samples_changed()
        self.arrived.emit()

    def _failed(self, error: GraticuleError) -> None:
        self._view.loading = None
        self._view.update()
        self.trouble.emit(error)

    def _changed(self, event: PictureChanged) -> None:
        self._view.window_changed() if event.window else self._view.update()
