"""Series by turns in one view's place (Tab): same plane, same size, until its own is back."""

from collections.abc import Callable, Iterable

from graticule.domain.case import Kind
from graticule.domain.errors import GraticuleError
from graticule.presenters.instead import Instead, in_turn
from graticule.presenters.linked import Linked
from graticule.presenters.relative_words import short_title
from graticule.presenters.relatives import Relation
from graticule.presenters.volume import Part, ViewsChanged, VolumePresenter
from graticule.ui.companion_series import CompanionSeries
from graticule.ui.company import Company
from graticule.ui.fused_view import FusedSliceView
from graticule.ui.slice_view import SliceView


class Blinking:
    """own_title, own: of the case. on_wall: case ids of the companions that are shown; trouble: is told why none can blink;
    changed: told after each turn."""

    def __init__(self, own_title: str, own: VolumePresenter, linked: Linked, company: Company,
                 on_wall: Callable[[], Iterable[str]], trouble: Callable[[GraticuleError], None],
                 changed: Callable[[], None]) -> None:
        self._own_title, self._own, self._linked, self._company = own_title, own, linked, company
        self._on_wall, self._trouble, self._changed = on_wall, trouble, changed
        self._shown: dict[SliceView, tuple[str, Callable[[], None]]] = {}
        self._waiting: SliceView | None = None
        self._tried: set[str] = set()

    def turn(self, view: SliceView) -> bool:
        """The next series in the place of a view's own; False when no other can stand there."""
        if isinstance(view, FusedSliceView):
            return False
        instead = view.plane_view.instead
        order = in_turn(self._linked, view.volume.case_id, self._here(), instead.case_id if instead is not None else "")
        if not order:
            return self._bring(view)
        self._show(view, order[0])
        return True

    def gone(self, case_id: str) -> None:
        """A companion was put away: what it stood for is shown again."""
        for view, (shown, _) in list(self._shown.items()):
            if view.volume.case_id == case_id:
                self._leave(view)
            elif shown == case_id:
                self._back(view)

    def retied(self) -> None:
        """The series lie otherwise to each other now."""
        for view, (shown, _) in list(self._shown.items()):
            tie = self._linked.tie(view.volume.case_id, shown)
            self._show(view, shown) if tie is not None and tie.placed else self._back(view)

    def came(self) -> None:
        """A companion has come; the one that was asked for takes its turn."""
        view, self._waiting = self._waiting, None
        if view is not None and not self.turn(view):
            self._trouble(GraticuleError("No other series of this study lies in the same space.",
                                         "Register the series first, then they can take turns in one view."))

    def shutdown(self) -> None:
        for view in list(self._shown):
            self._leave(view)

    def _here(self) -> list[str]:
        return [self._own.case_id, *(case_id for case_id, one in self._company.here.items() if isinstance(one, CompanionSeries))]

    def _series(self, case_id: str) -> VolumePresenter | None:
        one = self._company.here.get(case_id)
        return self._own if case_id == self._own.case_id else one.series if isinstance(one, CompanionSeries) else None

    def _bring(self, view: SliceView) -> bool:
        """The next series of the study that was not opened yet; it takes its turn when it has come."""
        case_id = next((one.case.id for one in self._company.book.relatives
                        if one.relation is Relation.STUDY and one.case.kind is Kind.VOLUME
                        and one.case.id not in self._tried and one.case.id not in self._company.here), None)
        if case_id is None:
            return False
        self._tried.add(case_id)
        self._waiting = view
        self._company.want([*self._on_wall(), case_id])
        return True

    def _show(self, view: SliceView, case_id: str) -> None:
        self._leave(view)
        series, tie = self._series(case_id), self._linked.tie(view.volume.case_id, case_id)
        if series is None or tie is None:
            self._back(view)
            return
        view.show_instead(Instead(case_id, self._title(case_id), series, tie))
        one = self._company.here.get(case_id)
        if isinstance(one, CompanionSeries) and not bool(series.volume.arrived.all()):
            one.arrived.connect(view.instead_arrived)
        self._shown[view] = (case_id, series.bus.subscribe(ViewsChanged, lambda event: _window_changed(view, event)))
        self._changed()

    def _back(self, view: SliceView) -> None:
        self._leave(view)
        view.show_instead(None)
        self._changed()

    def _leave(self, view: SliceView) -> None:
        before = self._shown.pop(view, None)
        if before is not None:
            before[1]()

    def _title(self, case_id: str) -> str:
        relative = self._company.book.relative(case_id)
        return short_title(relative.case.title if relative is not None else self._own_title)


def _window_changed(view: SliceView, event: ViewsChanged) -> None:
    if event.part is Part.WINDOW:
        view.refresh(Part.WINDOW)
