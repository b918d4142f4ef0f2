"""A volume beside the case: its planes as they are asked for, its slices as they arrive."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from graticule.domain.volume import Volume
from graticule.presenters.companions import LANE
from graticule.presenters.layout import FUSED
from graticule.presenters.open_case import OpenCase
from graticule.presenters.plane_view import PlaneView
from graticule.presenters.volume import ViewsChanged, VolumePresenter
from graticule.ui.arrival import Arrival
from graticule.ui.companion_hand import looking_hand, take
from graticule.ui.fused_view import FusedSliceView
from graticule.ui.slice_view import SliceView
from graticule.ui.viewport import Viewport

Made = Callable[[str, Viewport], None]


class CompanionSeries(QObject):
    """made: told of each viewport when it is made (its plane's name, the widget). `arrived` once every slice is there."""

    arrived = Signal()
    trouble = Signal(object)

    def __init__(self, opened: OpenCase, volume: Volume, made: Made, parent: QObject) -> None:
        super().__init__(parent)
        self.opened = opened
        self.series = self.presenter = VolumePresenter(opened, volume)
        self.series.layout = self.series.acquired_plane
        self.series.on_screen = frozenset()
        self.hand = looking_hand(opened, self.trouble.emit)
        self.views: dict[str, Viewport] = {}
        self._made = made
        self._slices: list[SliceView] = []
        self._arrival = Arrival(volume, self._slices, opened.runner, self, LANE)
        self._arrival.finished.connect(self._all_arrived)
        self._arrival.failed.connect(self.trouble)
        self._leave = opened.bus.subscribe(ViewsChanged, self._changed)

    @property
    def acquired(self) -> str:
        """The plane its slices lie in."""
        return self.series.acquired_plane

    def start(self) -> None:
        """Fetch the slices, the one on the screen first."""
        self._arrival.start(self.opened.opening, self.series.first_slice())

    def view(self, show: str) -> Viewport | None:
        """The viewport of one plane; None for a plane this series has not."""
        if show not in self.views and show in self.series.views:
            self._add(show, SliceView(self.series, self.series.views[show], self.opened.workspace.labels, self.hand))
        return self.views.get(show)

    def add_fused(self, view: PlaneView) -> Viewport:
        """The viewport of a plane with another series over it."""
        self.series.add_view(view)
        made = FusedSliceView(self.series, view, self.opened.workspace.labels, self.hand)
        self._add(view.name, made)
        return made

    def drop_fused(self) -> None:
        for name in [name for name in self.views if name.endswith(FUSED)]:
            view = self.views.pop(name)
            self._slices.remove(view)
            self.series.views.pop(name, None)
            view.setParent(None)
            view.deleteLater()

    def follow_tool(self, name: str) -> None:
        take(self.hand, name, self.views.values())

    def preset(self, number: int) -> None:
        self.series.preset(number)

    def preset_names(self) -> list[str]:
        return [window.name for window in self.series.presets[:9]]

    def shutdown(self) -> None:
        self._arrival.stop()
        self._leave()
        for view in self.views.values():
            view.setParent(None)
            view.deleteLater()
        self.views.clear()
        self._slices.clear()

    def _add(self, name: str, view: SliceView) -> None:
        self.views[name] = view
        self._slices.append(view)
        self._made(name, view)

    def _changed(self, event: ViewsChanged) -> None:
        for name in event.views:
            if name in self.views:
                self.views[name].refresh(event.part)

    def _all_arrived(self) -> None:
        self.series.all_arrived()
        self.arrived.emit()


