"""Distances between the case and the series beside it: the tool in the companions' hands, the marks in their views."""

from collections.abc import Callable

from graticule.domain.elements import Region
from graticule.domain.volume import Volume
from graticule.editing.events import LabelsChanged
from graticule.presenters.across import Way, give_distance
from graticule.presenters.hand import Hand
from graticule.presenters.linked import Linked, LinksChanged
from graticule.presenters.open_case import OpenCase
from graticule.ui.companion_series import CompanionSeries


class Crossing:
    """hand: the case's. Companions join as they come."""

    def __init__(self, opened: OpenCase, hand: Hand, linked: Linked) -> None:
        self._opened, self._hand, self._linked = opened, hand, linked
        self._here: dict[str, CompanionSeries] = {}
        self._leave: list[Callable[[], None]] = [opened.bus.subscribe(LabelsChanged, self._labels_changed),
                                                 opened.bus.subscribe(LinksChanged, lambda event: self._repaint())]

    def join(self, companion: CompanionSeries) -> None:
        """A companion is on the wall: a distance may end in it."""
        own, other, content = self._opened.case.id, companion.opened.case.id, self._opened.content
        way = Way(lambda: self._linked.tie(other, own), content.frame_of_reference if isinstance(content, Volume) else "")
        if not give_distance(self._hand, companion.hand, way):
            return
        companion.series.guests = lambda: way.marks(self._opened.workspace.labels.of(Region))
        self._here[other] = companion
        companion.follow_tool(self._hand.tool.name)

    def part(self, case_id: str) -> None:
        self._here.pop(case_id, None)

    def shutdown(self) -> None:
        for leave in self._leave:
            leave()
        self._here.clear()

    def _labels_changed(self, event: LabelsChanged) -> None:
        if any(kind == Region.KIND for kind, _ in event.touched.elements):
            self._repaint()

    def _repaint(self) -> None:
        for companion in self._here.values():
            for view in companion.views.values():
                view.update()
