"""Suggestions between drawn slices on the page of a volume, and seeds, which are seen while their tool is in the hand."""

from collections.abc import Callable, Iterable

from graticule.domain.errors import GraticuleError
from graticule.editing.events import LabelsChanged
from graticule.editing.proposal import ProposalChanged
from graticule.editing.tools.seeds import SeedsTool
from graticule.presenters.hand import Hand
from graticule.presenters.segments import SegmentsShown
from graticule.presenters.suggested import Suggested
from graticule.presenters.volume import VolumePresenter
from graticule.ui.slice_view import SliceView
from graticule.ui.suggested_layer import SuggestedLayer
from graticule.ui.viewport import Viewport


class BetweenSlices:
    """views: the case's own, asked each time, for some are made later. trouble: is told why something was refused."""

    def __init__(self, hand: Hand, volume: VolumePresenter, views: Callable[[], Iterable[Viewport]],
                 trouble: Callable[[GraticuleError], None]) -> None:
        self._hand, self._volume, self._views = hand, volume, views
        self.suggested = Suggested(hand, trouble)
        self._was_on = False
        bus = hand.bench.workspace.bus
        self._leave = [bus.subscribe(LabelsChanged, self._labels_changed),
                       bus.subscribe(SegmentsShown, lambda event: self.follow()),
                       bus.subscribe(ProposalChanged, lambda event: self._repaint())]
        self.follow()

    def adopt(self, view: Viewport) -> None:
        """A view of the case was made."""
        if isinstance(view, SliceView) and not any(isinstance(guest, SuggestedLayer) for guest in view.guests):
            view.guests.append(SuggestedLayer(view, self.suggested, self._volume.volume.grid))

    def follow(self) -> None:
        """Another tool, option or segment is chosen."""
        for view in self._views():
            self.adopt(view)
        self._volume.see_seeds(self._hand.tool.name == SeedsTool.name)
        self.suggested.changed()
        self._repaint()

    def take(self, view: Viewport) -> bool:
        """Enter: the suggestion of the slice a view shows; False when there is none, or the tool has something to finish."""
        return isinstance(view, SliceView) and self.suggested.take(view.plane_view)

    def shutdown(self) -> None:
        self.suggested.close()
        for leave in self._leave:
            leave()

    def _labels_changed(self, event: LabelsChanged) -> None:
        if event.committed:
            self._repaint()

    def _repaint(self) -> None:
        on = self.suggested.on
        if on or self._was_on:
            for view in self._views():
                view.update()
        self._was_on = on
