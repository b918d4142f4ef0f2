"""Every act on the segments of a case: one named edit each, and undo takes back all of it."""

from collections.abc import Sequence
from dataclasses import replace

from graticule.domain.codes import OWN_SCHEME, Code, Concept
from graticule.domain.edits import Change, ElementChange, voxel_change
from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import AUTHOR_NONE
from graticule.domain.segment_status import DONE, FLAGGED, IN_PROGRESS, NOT_STARTED
from graticule.editing.segment_groups import FIRST, group_with_room
from graticule.editing.tools.tool import Bench
from graticule.imaging.distinct_colours import next_colour, shade
from graticule.imaging.logic import mask_of
from graticule.presenters.open_case import OpenCase
from graticule.presenters.segment_names import (
    base_name,
    family,
    instance_name,
    next_number,
    numbered_first,
    word_for,
)
from graticule.study.protocol import SegmentTemplate

_MARKED = {NOT_STARTED: "not started", IN_PROGRESS: "in progress", DONE: "done", FLAGGED: "flagged"}


class SegmentActs:
    """colours: the order in which new segments are coloured. lock_done: whether what is marked as done is locked with it."""

    def __init__(self, opened: OpenCase, bench: Bench, colours: Sequence[str]) -> None:
        self._opened = opened
        self._bench = bench
        self._colours = colours
        self.lock_done = False

    # --- adding -----------------------------------------------------------------------------------------------------

    def add_template(self, template: SegmentTemplate) -> str:
        return self._add(template.name, template.colour, self._code(template.category), self._code(template.type))

    def add_concept(self, concept: Concept, typed: str = "") -> str:
        """typed: the letters by which it was found, so that “metast” makes a Metastasis."""
        return self._add(word_for(concept, typed), concept.colour, self._code(concept.track), concept.code)

    def add_another(self, segment_id: str) -> str:
        """The next instance: the same meaning, the next number, another shade of the same hue."""
        like = self.segment(segment_id)
        return self._make(base_name(like), like.category, like.type, like.modifier, like=like)

    # --- one segment ------------------------------------------------------------------------------------------------

    def toggle_locked(self, segment_id: str) -> None:
        segment = self.segment(segment_id)
        verb = "Unlock" if segment.locked else "Lock"
        self._opened.workspace.set(f"{verb} {self.name_of(segment)}", replace(segment, locked=not segment.locked))

    def set_status(self, segment_id: str, status: str) -> None:
        segment = self.segment(segment_id)
        locked = (status == DONE or (segment.locked and segment.status != DONE)) if self.lock_done else segment.locked
        after = replace(segment, status=status, locked=locked)
        if after != segment:
            self._opened.workspace.set(f"Mark {self.name_of(segment)} as {_MARKED[status]}", after)

    def rename(self, segment_id: str, name: str) -> None:
        segment, name = self.segment(segment_id), name.strip()
        if name and name != segment.name:
            self._opened.workspace.set(f"Rename {self.name_of(segment)} to {name}", replace(segment, name=name))

    def recolour(self, segment_id: str, colour: str) -> None:
        segment = self.segment(segment_id)
        if colour != segment.colour:
            self._opened.workspace.set(f"Colour {self.name_of(segment)}", replace(segment, colour=colour))

    def set_meaning(self, segment_id: str, category: Code, kind: Code, modifier: Code | None, region: Code | None,
                    laterality: Code | None) -> None:
        """Other codes; the number stays unless one of its new relatives has it."""
        segment = self.segment(segment_id)
        after = replace(segment, category=category, type=kind, modifier=modifier, region=region, laterality=laterality)
        if after == segment:
            return
        relatives = [s for s in family(self._segments(), category, kind, modifier) if s.id != segment.id]
        if segment.number in {s.number for s in relatives}:
            after = replace(after, number=next_number(relatives))
        self._opened.workspace.set(f"Meaning of {self.name_of(segment)}", after)

    def delete(self, segment_id: str) -> None:
        """The segment and its voxels, in one act (undo brings both back)."""
        segment = self.segment(segment_id)
        if segment.locked:
            raise GraticuleError(f"{self.name_of(segment)} is locked.", "Unlock it first, then delete it.")
        changes: list[Change] = [*self._clearing(segment), ElementChange.remove(segment)]
        self._opened.workspace.do(f"Delete {self.name_of(segment)}", *changes)

    # --- asked ------------------------------------------------------------------------------------------------------

    def segment(self, segment_id: str) -> Segment:
        segment: Segment | None = self._opened.workspace.labels.get(Segment, segment_id)
        if segment is None:
            raise GraticuleError("This segment is not there any more.", "It may have been undone.")
        return segment

    def name_of(self, segment: Segment) -> str:
        return segment.name or self._opened.ontology.label(segment.type)

    # --- inside -----------------------------------------------------------------------------------------------------

    def _segments(self) -> list[Segment]:
        return self._opened.workspace.labels.of(Segment)

    def _add(self, name: str, colour: str, category: Code, kind: Code) -> str:
        return self._make(name, category, kind, None, colour=colour)

    def _make(self, base: str, category: Code, kind: Code, modifier: Code | None, *, colour: str = "",
              like: Segment | None = None) -> str:
        labels, segments = self._opened.workspace.labels, self._segments()
        relatives = family(segments, category, kind, modifier)
        number = next_number(relatives)
        first = numbered_first(relatives, base) if relatives else None
        taken = {self.name_of(s) for s in segments} | ({first.name} if first is not None else set())
        name = instance_name(base, number, taken)
        group = group_with_room(labels, like.group if like is not None else self._group())
        made = Segment(id=self._opened.new_id(), group=group, value=labels.free_value(group), category=category, type=kind,
                       modifier=modifier, region=like.region if like else None, laterality=like.laterality if like else None,
                       colour=self._colour_for(colour, relatives), number=number, name=name)
        changes: list[Change] = [ElementChange.make(made)]
        if first is not None and not first.locked:
            changes.insert(0, ElementChange.replace(self.segment(first.id), first))
        self._opened.workspace.do(f"Add {name}", *changes)
        self.select(made.id)
        return made.id

    def _group(self) -> str:
        """Where a new segment lies: in the group of the selected one."""
        active = self._opened.workspace.labels.get(Segment, self._bench.active_segment or "")
        return active.group if active is not None and not active.possible_of else FIRST

    def _colour_for(self, wanted: str, relatives: Sequence[Segment]) -> str:
        used = {segment.colour for segment in self._segments()}
        if relatives:
            return shade(min(relatives, key=lambda s: s.number).colour, used, self._colours)
        return wanted if wanted and wanted not in used else next_colour(used, self._colours)

    def _code(self, slug: str) -> Code:
        """The ontology's code of a slug; a slug no table here knows is kept as it stands, so that nothing is lost."""
        found = next((concept.code for concept in self._opened.ontology if concept.code.code == slug), None)
        return found or Code(OWN_SCHEME, slug, "1")

    def _clearing(self, segment: Segment) -> list[Change]:
        group = self._opened.workspace.labels.groups.get(segment.group)
        if group is None or not group.counts[segment.value]:
            return []
        change = voxel_change(segment.group, group, mask_of(group, segment.value).flat(group.shape), 0, AUTHOR_NONE)
        return [change] if change is not None else []

    def select(self, segment_id: str) -> None:
        """Take it in the hand."""
        self._bench.active_segment = segment_id
