"""What is suggested between drawn slices, for every view of a volume, whatever tool is in the hand."""

from collections.abc import Callable

from graticule.domain.errors import GraticuleError
from graticule.editing.events import LabelsChanged
from graticule.editing.proposal import Proposal
from graticule.editing.suggesting import Place, place_of
from graticule.editing.tools.fill_between import FillBetweenTool
from graticule.imaging.authorship import INTERPOLATED
from graticule.presenters.hand import Hand
from graticule.presenters.plane_view import PlaneView
from graticule.presenters.proposed import Preview, preview_of


class Suggested:
    """trouble: is told why a suggestion was refused."""

    def __init__(self, hand: Hand, trouble: Callable[[GraticuleError], None]) -> None:
        self._hand, self._bench, self._trouble = hand, hand.bench, trouble
        found = hand.find(FillBetweenTool.name)
        self._tool = found if isinstance(found, FillBetweenTool) else None
        self._made: dict[Place, Preview | None] = {}
        self._leave = self._bench.workspace.bus.subscribe(LabelsChanged, self._labels_changed)

    def close(self) -> None:
        self._leave()

    @property
    def on(self) -> bool:
        """Whether the reader sees suggestions now."""
        return self._tool is not None and (self._hand.tool is self._tool or self._tool.options.always)

    def changed(self) -> None:
        """Another segment is selected, or an option is another: everything is asked again."""
        self._made.clear()

    def preview(self, view: PlaneView) -> Preview | None:
        """What lies between on the slice a view shows; the same object while nothing changed."""
        place = self._place(view)
        if not self.on or self._tool is None or place is None or self._bench.proposals.now is not None:
            return None
        if place not in self._made:
            parts = self._tool.suggested(self._bench, place)
            self._made[place] = preview_of(self._bench.workspace.labels, Proposal("", parts, INTERPOLATED)) if parts else None
        return self._made[place]

    def take(self, view: PlaneView) -> bool:
        """Enter, with a tool in the hand that has nothing to finish itself; False when nothing is suggested here."""
        if self._tool is None or self.preview(view) is None or self._has_begun():
            return False
        self._attempt(lambda tool: tool.take(self._bench, self._place(view)))
        return True

    def fill_all(self) -> None:
        """Every gap: done at once where suggestions are seen, else proposed. Pressed again it takes what is proposed."""
        if self._bench.proposals.now is not None:
            self._hand.accept()
        else:
            self._attempt(lambda tool: tool.fill_all(self._bench, seen=self.on))

    def _has_begun(self) -> bool:
        """A tool that closes shapes keeps Enter while it has one in work."""
        tool = self._hand.tool
        return tool is not self._tool and hasattr(tool, "finish") and bool(getattr(tool, "begun", True))

    def _place(self, view: PlaneView) -> Place | None:
        if view.slab is not None:
            return None
        return place_of(self._bench.canvas.grid, view.plane.to_patient(view.width / 2, view.height / 2), view.plane.normal)

    def _attempt(self, act: Callable[[FillBetweenTool], None]) -> None:
        if self._tool is None:
            return
        try:
            act(self._tool)
        except GraticuleError as error:
            self._trouble(error)

    def _labels_changed(self, event: LabelsChanged) -> None:
        if event.committed and self._tool is not None:
            self._tool.labels_are_others()
            self._made.clear()
