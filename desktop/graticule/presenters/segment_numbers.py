"""The numbers of the segment in the hand: asked for when the hand rests, found in a job in the segment's own box."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from graticule.domain.edits import Touched
from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Box, LabelMap
from graticule.domain.progress import Progress
from graticule.domain.volume import Volume
from graticule.editing.tools.tool import Bench
from graticule.imaging.patch import joined
from graticule.jobs import Handle
from graticule.presenters.open_case import OpenCase
from graticule.presenters.segment_figures import Beside, Figures, figures_of
from graticule.presenters.segment_sides import side_of_mask
from graticule.presenters.segments import SegmentsPresenter

LANE = "numbers"


@dataclass(frozen=True, slots=True)
class NumbersChanged:
    """Other figures are known now: `NumbersDesk.of`."""

    case_id: str
    segment: str


class NumbersDesk:
    """Keeps what was measured while it holds. others: series tied to the case, whose values are told too."""

    def __init__(self, opened: OpenCase, segments: SegmentsPresenter, bench: Bench,
                 others: Callable[[], Sequence[Beside]] = tuple) -> None:
        self._opened = opened
        self._segments = segments
        self._bench = bench
        self.others = others
        self._known: dict[str, Figures] = {}
        self._boxes: dict[str, Box] = {}
        self._job: Handle | None = None
        self._asked = ""

    @property
    def flat(self) -> bool:
        """A picture: areas instead of volumes, and nothing in space."""
        return self._bench.canvas.pixel is not None

    @property
    def length(self) -> str:
        return self._bench.canvas.length

    def of(self, segment_id: str | None) -> Figures | None:
        """What is known of a segment and still holds; None when it has to be asked for."""
        return self._known.get(segment_id or "")

    def labels_changed(self, touched: Touched) -> bool:
        """Forget what the changed voxels concern; True when that is the segment in the hand."""
        active, stale = self._segments.active, False
        if touched.elements:
            there = {s.id for s in self._opened.workspace.labels.of(Segment)}
            for gone in set(self._known) - there:
                self._known.pop(gone), self._boxes.pop(gone, None)
            stale = any(kind == Segment.KIND for kind, _ in touched.elements)
        for name, box in touched.boxes:
            for segment in self._opened.workspace.labels.of(Segment):
                if segment.group == name:
                    known = self._boxes.get(segment.id)
                    self._boxes = self._boxes if known is None else {**self._boxes, segment.id: joined(known, box)}
                    self._known.pop(segment.id, None)
                    stale |= segment.id == active
        return stale

    def forget(self) -> None:
        """The image's values are others now: its last slices have arrived, or another series is tied to it."""
        self._known.clear()

    def ask(self, segment_id: str | None) -> None:
        """Find the figures of a segment; NumbersChanged follows. The newest question wins."""
        segment = self._opened.workspace.labels.get(Segment, segment_id or "")
        if segment is None or segment.id in self._known:
            return
        self.stop()
        self._asked = segment.id
        group = self._opened.workspace.labels.groups.get(segment.group)
        if group is None or not group.counts[segment.value]:
            self._found(segment, Figures())
            return
        work = self._work(segment, group)
        self._job = self._opened.runner.start(work, done=lambda figures: self._found(segment, figures), failed=_leave, lane=LANE)

    def ask_all(self, then: Callable[[], None]) -> None:
        """Find the figures of every segment, then call back."""
        segments = self._opened.workspace.labels.of(Segment)
        missing = [(s, group) for s in segments if s.id not in self._known
                   and (group := self._opened.workspace.labels.groups.get(s.group)) is not None]
        works = [(s, self._work(s, group)) for s, group in missing]

        def all_of(progress: Progress) -> list[tuple[Segment, Figures]]:
            found = []
            for done, (segment, work) in enumerate(works):
                progress.step(done, len(works), segment.name)
                found.append((segment, work(progress)))
            return found

        def keep(found: list[tuple[Segment, Figures]]) -> None:
            for segment, figures in found:
                self._found(segment, figures)
            then()

        self.stop()
        self._job = self._opened.runner.start(all_of, done=keep, failed=_leave, lane=LANE, title="Measuring the segments")

    def stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _work(self, segment: Segment, group: LabelMap) -> Callable[[Progress], Figures]:
        value, near, volume, others = segment.value, self._boxes.get(segment.id), self._measured(), tuple(self.others())
        return lambda progress: figures_of(group, value, near, volume, others, progress)

    def _measured(self) -> Volume:
        content = self._segments.content
        if isinstance(content, Volume):
            return content
        canvas = self._bench.canvas
        return Volume(canvas.voxels, canvas.grid, content.modality, canvas.unit, blank=canvas.blank)

    def _found(self, segment: Segment, figures: Figures) -> None:
        now = self._opened.workspace.labels.get(Segment, segment.id)
        if now is None or (now.group, now.value) != (segment.group, segment.value):
            return
        self._known[segment.id] = figures
        if figures.box is not None:
            self._boxes[segment.id] = figures.box
        lies = "" if figures.middle_mm is None or self.flat else side_of_mask(figures.middle_mm, self._bench.canvas.grid)
        self._segments.note_side(segment.id, lies)
        self._opened.bus.publish(NumbersChanged(self._opened.case.id, segment.id))


def _leave(error: GraticuleError) -> None:
    """Numbers that could not be found leave the list as it is; the labels themselves are not concerned."""
