"""A stroke on one series is seen at once on every series that is tied to it, and may be made there."""

from collections.abc import Callable

from graticule.domain.geometry import Grid
from graticule.domain.volume import Volume
from graticule.editing.events import LabelsChanged
from graticule.editing.proposal import ProposalChanged
from graticule.presenters.across import Way, give_painting
from graticule.presenters.hand import Hand
from graticule.presenters.linked import Linked, LinksChanged
from graticule.presenters.open_case import OpenCase
from graticule.presenters.proposed import Preview, preview_of
from graticule.presenters.segments import SegmentsShown
from graticule.presenters.volume import Part, ViewsChanged, VolumePresenter
from graticule.ui.companion_series import CompanionSeries
from graticule.ui.guest_labels import GuestLabels
from graticule.ui.slice_view import SliceView


class Sharing:
    """hand, case: of the case that is labelled. Companions join as they come, and their views as they are made."""

    def __init__(self, opened: OpenCase, hand: Hand, case: VolumePresenter, linked: Linked) -> None:
        self._opened, self._hand, self._case, self._linked = opened, hand, case, linked
        self._guests: dict[str, list[GuestLabels]] = {}
        self._companions: dict[str, CompanionSeries] = {}
        bus = opened.bus
        self._leave: list[Callable[[], None]] = [
            bus.subscribe(LabelsChanged, self._labels_changed), bus.subscribe(ProposalChanged, self._proposal_changed),
            bus.subscribe(LinksChanged, lambda event: self._retied()),
            bus.subscribe(SegmentsShown, lambda event: self._refresh()),
            bus.subscribe(ViewsChanged, self._views_changed)]

    def join(self, companion: CompanionSeries) -> None:
        """Its hand may paint the case's labels."""
        own, other, content = self._opened.case.id, companion.opened.case.id, self._opened.content
        frame = content.frame_of_reference if isinstance(content, Volume) else ""
        give_painting(self._hand, companion.hand, Way(lambda: self._linked.tie(other, own), frame))
        self._companions[other] = companion
        companion.follow_tool(self._hand.tool.name)
        for view in companion.views.values():
            self.adopt(other, view)

    def adopt(self, case_id: str, view: object) -> None:
        """A view of a companion was made: the case's labels are seen in it."""
        if not isinstance(view, SliceView) or case_id == self._opened.case.id or any(
                isinstance(guest, GuestLabels) for guest in view.guests):
            return
        guest = GuestLabels(view, self._case, self._opened.workspace.labels, lambda: self._placed(case_id))
        guest.show_preview(self._preview())
        view.guests.append(guest)
        self._guests.setdefault(case_id, []).append(guest)

    def part(self, case_id: str) -> None:
        self._guests.pop(case_id, None)
        self._companions.pop(case_id, None)

    def shutdown(self) -> None:
        for leave in self._leave:
            leave()
        self._guests.clear()
        self._companions.clear()

    def _placed(self, case_id: str) -> Grid | None:
        """The case's grid in the companion's space; None where no true way leads there."""
        tie = self._linked.tie(case_id, self._opened.case.id)
        return tie.placed_grid(self._case.volume.grid) if tie is not None and tie.placed else None

    def _each(self) -> list[GuestLabels]:
        return [guest for guests in self._guests.values() for guest in guests]

    def _labels_changed(self, event: LabelsChanged) -> None:
        for guest in self._each():
            guest.labels_changed(event.touched)

    def _preview(self) -> Preview | None:
        now = self._hand.bench.proposals.now
        return preview_of(self._opened.workspace.labels, now) if now is not None else None

    def _proposal_changed(self, event: ProposalChanged) -> None:
        preview = self._preview() if self._guests else None
        for guest in self._each():
            guest.show_preview(preview)

    def _views_changed(self, event: ViewsChanged) -> None:
        if event.case_id == self._opened.case.id and event.part is Part.LABELS:
            self._refresh()

    def _retied(self) -> None:
        for companion in self._companions.values():
            companion.follow_tool(self._hand.tool.name)
        for guest in self._each():
            guest.retied()

    def _refresh(self) -> None:
        for guest in self._each():
            guest.refresh()
