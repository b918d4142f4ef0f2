"""The list of segments: what is in it, what may be added, and every act on it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from graticule.domain.codes import OWN_SCHEME, Code, Concept
from graticule.domain.edits import Change, ElementChange, voxel_change
from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import AUTHOR_NONE
from graticule.domain.volume import Volume
from graticule.editing.tools.tool import Bench
from graticule.presenters.open_case import OpenCase
from graticule.study.protocol import SegmentTemplate

GROUP = "1"
CATEGORIES = ("morphologically_altered", "anatomical_structure", "tissue")


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """One line of the list. `amount` is "17.4 mL"; `meaning` the coded words when they are not the name itself."""

    id: str
    name: str
    meaning: str
    colour: str
    amount: str
    visible: bool
    locked: bool
    active: bool


@dataclass(frozen=True, slots=True)
class SegmentsShown:
    """Which segment is selected or hidden has changed (not a label: nothing is committed)."""

    case_id: str


class SegmentsPresenter:
    """colours: the order in which new segments are coloured. The selected segment stands on the bench, for the tools."""

    def __init__(self, opened: OpenCase, volume: Volume, bench: Bench, colours: Sequence[str]) -> None:
        self._opened = opened
        self._volume = volume
        self._bench = bench
        self._colours = colours
        self.hidden: set[str] = set()
        self._keep_one_selected()

    # --- asked ------------------------------------------------------------------------------------------------------

    def rows(self) -> list[SegmentRow]:
        return [self._row(segment) for segment in self._segments()]

    @property
    def active(self) -> str | None:
        return self._bench.active_segment

    def templates(self) -> list[SegmentTemplate]:
        """What the protocol asks for here and is not in the list yet."""
        present = {(segment.name, segment.type.code) for segment in self._segments()}
        return [t for t in self._opened.protocol.segments_for(self._opened.case) if (t.name, t.type) not in present]

    def search(self, typed: str) -> list[Concept]:
        """Structures that the typed letters fit, best first."""
        return [concept for concept in self._opened.ontology.search(typed) if concept.track in CATEGORIES]

    def amount(self, segment: Segment) -> str:
        return millilitres(self._opened.workspace.labels.ml_of(segment, self._volume.grid))

    # --- done -------------------------------------------------------------------------------------------------------

    def add_template(self, template: SegmentTemplate) -> str:
        colour = template.colour if self._free(template.colour) else self._next_colour()
        return self._add(template.name, colour, self._code(template.category), self._code(template.type))

    def add_concept(self, concept: Concept) -> str:
        colour = concept.colour if concept.colour and self._free(concept.colour) else self._next_colour()
        return self._add(concept.label, colour, self._code(concept.track), concept.code)

    def select(self, segment_id: str) -> None:
        if segment_id != self._bench.active_segment:
            self._bench.active_segment = segment_id
            self._tell()

    def step(self, by: int) -> None:
        """The next (1) or previous (−1) segment, round the ends."""
        ids = [segment.id for segment in self._segments()]
        if ids:
            place = ids.index(self.active) if self.active in ids else -by
            self.select(ids[(place + by) % len(ids)])

    def toggle_visible(self, segment_id: str) -> None:
        self.hidden ^= {segment_id}
        self._tell()

    def toggle_locked(self, segment_id: str) -> None:
        segment = self._segment(segment_id)
        verb = "Unlock" if segment.locked else "Lock"
        self._opened.workspace.set(f"{verb} {self._name(segment)}", replace(segment, locked=not segment.locked))

    def rename(self, segment_id: str, name: str) -> None:
        segment, name = self._segment(segment_id), name.strip()
        if name and name != segment.name:
            self._opened.workspace.set(f"Rename {self._name(segment)} to {name}", replace(segment, name=name))

    def recolour(self, segment_id: str, colour: str) -> None:
        segment = self._segment(segment_id)
        if colour != segment.colour:
            self._opened.workspace.set(f"Colour {self._name(segment)}", replace(segment, colour=colour))

    def delete(self, segment_id: str) -> None:
        """The segment and its voxels, in one act (undo brings both back)."""
        segment = self._segment(segment_id)
        if segment.locked:
            raise GraticuleError(f"{self._name(segment)} is locked.", "Unlock it first, then delete it.")
        changes: list[Change] = [*self._clearing(segment), ElementChange.remove(segment)]
        self._opened.workspace.do(f"Delete {self._name(segment)}", *changes)
        self._keep_one_selected()

    def labels_changed(self) -> None:
        """After any act or undo: a selected segment may have gone, a first one may have come."""
        self._keep_one_selected()

    # --- inside -----------------------------------------------------------------------------------------------------

    def _segments(self) -> list[Segment]:
        return self._opened.workspace.labels.of(Segment)

    def _segment(self, segment_id: str) -> Segment:
        segment = self._opened.workspace.labels.get(Segment, segment_id)
        if segment is None:
            raise GraticuleError("This segment is not there any more.", "It may have been undone.")
        return segment

    def _row(self, segment: Segment) -> SegmentRow:
        meaning = self._opened.ontology.label(segment.type)
        return SegmentRow(segment.id, self._name(segment), "" if meaning == segment.name else meaning, segment.colour,
                          self.amount(segment), segment.id not in self.hidden, segment.locked, segment.id == self.active)

    def _name(self, segment: Segment) -> str:
        return segment.name or self._opened.ontology.label(segment.type)

    def _add(self, name: str, colour: str, category: Code, kind: Code) -> str:
        same = [s.number for s in self._segments() if s.type == kind]
        number = 1 + max(same, default=0)
        taken = {self._name(segment) for segment in self._segments()}
        full_name = name if name not in taken else f"{name} {number}"
        value = self._opened.workspace.labels.free_value(GROUP)
        segment = Segment(id=self._opened.new_id(), group=GROUP, value=value, colour=colour, category=category, type=kind,
                          number=number, name=full_name)
        self._opened.workspace.set(f"Add {full_name}", segment)
        self.select(segment.id)
        return segment.id

    def _code(self, slug: str) -> Code:
        """The ontology's code of a slug; a slug no table here knows is kept as it stands, so that nothing is lost."""
        found = next((concept.code for concept in self._opened.ontology if concept.code.code == slug), None)
        return found or Code(OWN_SCHEME, slug, "1")

    def _clearing(self, segment: Segment) -> list[Change]:
        group = self._opened.workspace.labels.groups.get(segment.group)
        if group is None or group.box is None:
            return []
        found = np.nonzero(group.values[group.box] == segment.value)
        k, j, i = (axis + s.start for axis, s in zip(found, group.box, strict=True))
        if k.size == 0:
            return []
        change = voxel_change(segment.group, group, np.ravel_multi_index((k, j, i), group.shape).astype(np.int64), 0, AUTHOR_NONE)
        return [change] if change is not None else []

    def _free(self, colour: str) -> bool:
        return all(segment.colour != colour for segment in self._segments())

    def _next_colour(self) -> str:
        used = {segment.colour for segment in self._segments()}
        return next((colour for colour in self._colours if colour not in used), self._colours[len(used) % len(self._colours)])

    def _keep_one_selected(self) -> None:
        ids = [segment.id for segment in self._segments()]
        if self._bench.active_segment not in ids:
            self._bench.active_segment = ids[-1] if ids else None
            self._tell()

    def _tell(self) -> None:
        self._opened.bus.publish(SegmentsShown(self._opened.case.id))


def millilitres(ml: float) -> str:
    """"0.34 mL", "17.4 mL", "1,204 mL": three figures are what a segmentation is worth."""
    if ml < 9.995:
        return f"{ml:.2f} mL"
    return f"{ml:.1f} mL" if ml < 1000 else f"{ml:,.0f} mL"
