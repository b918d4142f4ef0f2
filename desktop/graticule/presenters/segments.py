"""The list of segments: what is in it, what is seen of it, and what may be added."""

from collections.abc import Sequence
from dataclasses import dataclass

from graticule.domain.codes import Concept, Ontology
from graticule.domain.edits import Touched
from graticule.domain.elements import Segment
from graticule.domain.picture import Picture
from graticule.domain.segment_status import status_of
from graticule.domain.volume import Volume
from graticule.editing.segment_groups import REFUSE
from graticule.editing.tools.tool import Bench
from graticule.presenters.open_case import OpenCase
from graticule.presenters.refining import RefineWanted
from graticule.presenters.segment_acts import SegmentActs
from graticule.presenters.segment_amounts import Amounts, millilitres
from graticule.presenters.segment_areas import area_words
from graticule.presenters.segment_groups import SegmentGroups
from graticule.presenters.segment_names import base_name
from graticule.presenters.segment_rows import GroupRow, SegmentRow, Sieve, lines_of
from graticule.presenters.segment_sides import side_conflict
from graticule.study.protocol import SegmentTemplate

__all__ = ["SegmentRow", "SegmentsPresenter", "SegmentsShown", "millilitres"]

CATEGORIES = ("morphologically_altered", "anatomical_structure", "tissue")


@dataclass(frozen=True, slots=True)
class SegmentsShown:
    """Which segment is selected, hidden or seen through has changed (not a label: nothing is committed)."""

    case_id: str


class SegmentsPresenter(SegmentActs):
    """The selected segment stands on the bench, for the tools. hidden, opacity, sieve: how the reader looks, never a label.

    lies: the side of the patient ("L", "R") by segment id, found where its voxels are measured (`segment_numbers.NumbersDesk`).
    """

    def __init__(self, opened: OpenCase, content: Volume | Picture, bench: Bench, colours: Sequence[str]) -> None:
        super().__init__(opened, bench, colours)
        self.content = content
        self.hidden: set[str] = set()
        self.opacity: dict[str, float] = {}
        self.lies: dict[str, str] = {}
        self.sieve = Sieve()
        self.groups = SegmentGroups(opened)
        self.amounts = Amounts(opened.workspace.labels, lambda: bench.canvas)
        self._before_solo: set[str] | None = None
        self._keep_one_selected()

    # --- asked ------------------------------------------------------------------------------------------------------

    def rows(self) -> list[SegmentRow]:
        """Every segment, in the order they were made."""
        return [self._row(segment) for segment in self._segments()]

    def lines(self) -> list[SegmentRow | GroupRow]:
        """What the list shows: the segments that pass the sieve, under the heads of their groups."""
        return lines_of(self._segments(), self.groups.ids(), self.groups.name, self._row, self.sieve)

    def row(self, segment_id: str) -> SegmentRow | None:
        segment = self._opened.workspace.labels.get(Segment, segment_id)
        return self._row(segment) if segment is not None else None

    @property
    def active(self) -> str | None:
        return self._bench.active_segment

    @property
    def count(self) -> int:
        return len(self._segments())

    def templates(self) -> list[SegmentTemplate]:
        """What the protocol asks for here and is not in the list yet."""
        present = {(name, s.type.code) for s in self._segments() for name in (s.name, base_name(s))}
        return [t for t in self._opened.protocol.segments_for(self._opened.case) if (t.name, t.type) not in present]

    def search(self, typed: str) -> list[Concept]:
        """Structures that the typed letters fit, best first."""
        return [concept for concept in self._opened.ontology.search(typed) if concept.track in CATEGORIES]

    def amount(self, segment: Segment) -> str:
        if isinstance(self.content, Picture):
            return area_words(self._opened.workspace.labels, segment, self.content)
        return self.amounts.text(segment)

    def changed_amounts(self, touched: Touched) -> list[SegmentRow]:
        """The lines whose amount is another after these voxels changed."""
        changed = self.amounts.changed(touched)
        return [self._row(s) for s in self._segments() if (s.group, s.value) in changed]

    # --- looked -----------------------------------------------------------------------------------------------------

    def select(self, segment_id: str) -> None:
        if segment_id != self._bench.active_segment:
            self._bench.active_segment = segment_id
            self._tell()

    def step(self, by: int) -> None:
        """The next (1) or previous (−1) segment of the list, round the ends."""
        ids = [line.id for line in self.lines() if isinstance(line, SegmentRow)]
        if ids:
            place = ids.index(self.active) if self.active in ids else -by
            self.select(ids[(place + by) % len(ids)])

    def toggle_visible(self, segment_id: str) -> None:
        self._before_solo = None
        self.hidden ^= {segment_id}
        self._tell()

    def solo(self, segment_id: str) -> None:
        """Only this one; again: what was seen before."""
        others = {s.id for s in self._segments() if segment_id not in (s.id, s.possible_of)}
        if self._before_solo is not None and self.hidden == others:
            self.hidden, self._before_solo = self._before_solo, None
        else:
            self._before_solo, self.hidden = set(self.hidden), others
        self._tell()

    def set_opacity(self, segment_id: str, opacity: float) -> None:
        """0…1 of what the opacity of all labels allows."""
        self.opacity[segment_id] = min(1.0, max(0.0, opacity))
        self._tell()

    def sift(self, sieve: Sieve) -> None:
        if sieve != self.sieve:
            self.sieve = sieve
            self._tell()

    @property
    def ontology(self) -> Ontology:
        return self._opened.ontology

    def note_side(self, segment_id: str, lies: str) -> None:
        """On which side of the patient its voxels were found ("L", "R", "" unknown)."""
        if lies != self.lies.get(segment_id, ""):
            self.lies[segment_id] = lies
            self._tell()

    # --- done -------------------------------------------------------------------------------------------------------

    def delete(self, segment_id: str) -> None:
        super().delete(segment_id)
        self._keep_one_selected()

    def move_to_group(self, segment_id: str, group: str, held: str = REFUSE) -> None:
        """group: "" for a new one."""
        self.groups.move(self.segment(segment_id), group, held)

    def refine(self, segment_id: str, operation: str) -> None:
        """An operation on the whole of it is wanted, with its preview (`refining.Refining`)."""
        self.select(segment_id)
        self._opened.bus.publish(RefineWanted(self._opened.case.id, operation))

    def labels_changed(self) -> None:
        """After any act or undo: a selected segment may have gone, a first one may have come."""
        self._keep_one_selected()

    # --- inside -----------------------------------------------------------------------------------------------------

    def _row(self, segment: Segment) -> SegmentRow:
        meaning = self._opened.ontology.label(segment.type)
        plain = meaning.casefold() == base_name(segment).casefold() and not (segment.modifier or segment.region
                                                                             or segment.laterality)
        voxels = self._opened.workspace.labels.voxels_of(segment)
        warning = side_conflict(segment, self.lies.get(segment.id, ""))
        said = "" if plain or segment.possible_of else self._meaning(segment)
        return SegmentRow(segment.id, self.name_of(segment), said, segment.colour,
                          self.amount(segment), segment.id not in self.hidden, segment.locked, segment.id == self.active,
                          status_of(segment, voxels), self.opacity.get(segment.id, 1.0), warning, bool(segment.possible_of))

    def _meaning(self, segment: Segment) -> str:
        """"Kidney, left": the type with what narrows it down."""
        codes = (segment.type, segment.modifier, segment.region, segment.laterality)
        first, *rest = (self._opened.ontology.label(code) for code in codes if code is not None)
        return ", ".join([first, *(word.lower() for word in rest)])

    def _keep_one_selected(self) -> None:
        ids = [segment.id for segment in self._segments()]
        if self._bench.active_segment not in ids:
            self._bench.active_segment = ids[-1] if ids else None
            self._tell()

    def _tell(self) -> None:
        self._opened.bus.publish(SegmentsShown(self._opened.case.id))
