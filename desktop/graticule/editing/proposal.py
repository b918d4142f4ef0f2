"""What a tool would do, shown before it is done: Enter takes it, Esc drops it, and until then no label has changed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from graticule.domain.edits import Change, ElementChange, VoxelChange
from graticule.domain.elements import Element, Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.labels import Box, Labels
from graticule.editing.events import Bus
from graticule.editing.handwork import inside_only
from graticule.editing.paint_rules import ALL, PaintRules
from graticule.editing.workspace import Workspace
from graticule.imaging.logic import Rules, segment_becomes, segment_gains
from graticule.imaging.patch import Patch
from graticule.imaging.threshold import Range

GAINS, BECOMES, LOSES = "gains", "becomes", "loses"
# Voxels of a box that are made an edit in about 20 ms.
MOST_AT_ONCE = 1_000_000
# Only locks hold.
ANYWHERE = PaintRules(over=ALL)


@dataclass(frozen=True, eq=False)
class Proposed:
    """One segment's part. way: it gains the patch, becomes exactly the patch, or loses the patch.

    source: uint8 of the patch's box, the authors that a DERIVED act hands on. among: ids of segments the same act is about, so
    that their voxels may be taken although others are protected (a lock still holds).
    """

    segment: str
    patch: Patch
    way: str = GAINS
    source: Array | None = None
    among: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False)
class Proposal:
    """title: what undo will say. act: who makes it (`imaging.authorship`: GROWN, INTERPOLATED, DERIVED, MACHINE …).

    note stands beside the preview ("12.4 mL, mean 84 HU"); warning in amber ("Leaks into the neighbourhood").
    makes: segments that come with it, for parts that name them. removes: ids of segments that go; their voxels must be given
    away or lost by the parts. bound: False for an act on whole segments (merge, split), which no paint rule may cut short.
    evidence: elements that say how it came about, made in the same act.
    """

    title: str
    parts: tuple[Proposed, ...]
    act: int
    note: str = ""
    warning: str = ""
    makes: tuple[Segment, ...] = ()
    removes: tuple[str, ...] = ()
    bound: bool = True
    evidence: tuple[Element, ...] = ()

    @property
    def large(self) -> bool:
        """Too large to be made an edit within one moment of the hand."""
        return sum(part.patch.mask.size for part in self.parts) > MOST_AT_ONCE

    def segment(self, labels: Labels, segment_id: str) -> Segment | None:
        """A segment that is there, or that comes with this."""
        return labels.get(Segment, segment_id) or next((made for made in self.makes if made.id == segment_id), None)


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is being chosen while the hand still moves: a range of values, drawn on the visible planes and computed nowhere else.

    box: only there; None for everywhere.
    """

    segment: str
    range: Range
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class ProposalChanged:
    """Another preview is shown, or none: `Proposals.now`."""

    case_id: str


class Proposals:
    """The one preview of a case. rules: where painting is allowed now."""

    def __init__(self, workspace: Workspace, bus: Bus, rules: Callable[[], PaintRules]) -> None:
        self._workspace = workspace
        self._bus = bus
        self._rules = rules
        self.now: Proposal | None = None
        self.sketched: Sketch | None = None

    def show(self, proposal: Proposal) -> None:
        self.now, self.sketched = proposal, None
        self._tell()

    def sketch(self, sketch: Sketch) -> None:
        """In place of a proposal that is not computed yet; there is nothing to accept until `show`."""
        self.now, self.sketched = None, sketch
        self._tell()

    def drop(self) -> None:
        if self.now is not None or self.sketched is not None:
            self.now = self.sketched = None
            self._tell()

    def accept(self) -> bool:
        """Make it one durable act; False when nothing was proposed. A refusal leaves the preview standing."""
        proposal = self.now
        if proposal is None:
            return False
        self.take(proposal, self.changes(proposal))
        return True

    def changes(self, proposal: Proposal) -> list[Change]:
        """The edit it comes to; nothing is changed yet. Of a large one this may be asked beside the hand."""
        return changes_of(self._workspace.labels, proposal, self._rules())

    def take(self, proposal: Proposal, changes: list[Change]) -> None:
        """Make these changes of a proposal one durable act, if it is still the one that is shown."""
        if self.now is not proposal:
            return
        if not changes:
            raise GraticuleError("Nothing would change.", "What was found is part of the segment already, or is protected.")
        self._workspace.do(proposal.title, *changes)
        self.drop()

    def _tell(self) -> None:
        self._bus.publish(ProposalChanged(self._workspace.case_id))


def changes_of(labels: Labels, proposal: Proposal, rules: PaintRules) -> list[Change]:
    """The edit a proposal comes to, as far as locks and rules allow. Of one group at most one part may be given for a voxel."""
    changes: list[Change] = [_made(labels, segment) for segment in proposal.makes]
    for part in proposal.parts:
        segment = proposal.segment(labels, part.segment)
        if segment is None:
            raise GraticuleError("This segment is not there any more.", "It may have been undone.")
        bounds = rules if proposal.bound else ANYWHERE
        change = inside_only(labels, _change_of(labels, segment, part, proposal.act, bounds), bounds)
        if change is not None:
            changes.append(change)
    evidence = [ElementChange.make(element) for element in proposal.evidence] if changes else []
    return [*changes, *evidence, *(ElementChange.remove(gone) for gone in map(partial(_there, labels), proposal.removes))]


def _made(labels: Labels, segment: Segment) -> ElementChange:
    taken = any(other.group == segment.group and other.value == segment.value for other in labels.of(Segment))
    if taken or labels.get(Segment, segment.id) is not None:
        raise GraticuleError("The list of segments has changed since this was proposed.", "Propose it again.")
    return ElementChange.make(segment)


def _there(labels: Labels, segment_id: str) -> Segment:
    segment = labels.get(Segment, segment_id)
    if segment is None:
        raise GraticuleError("This segment is not there any more.", "It may have been undone.")
    if segment.locked:
        raise GraticuleError("A segment that would go with this is locked.", "Unlock it in the Segments list.")
    return segment


def _change_of(labels: Labels, segment: Segment, part: Proposed, act: int, rules: PaintRules) -> VoxelChange | None:
    group, allowed = labels.group(segment.group), _with(labels, segment.group, part.among, rules)
    if part.way == BECOMES:
        return segment_becomes(segment.group, group, segment.value, part.patch, act, allowed, part.source)
    if part.way == GAINS:
        return segment_gains(segment.group, group, segment.value, part.patch, act, allowed, part.source)
    kept = Patch(part.patch.box, part.patch.mask & (group.values[part.patch.box] == segment.value))
    # Its own voxels it may always give up: what is protected are the others.
    own = replace(allowed, over=None, inside=None)
    return segment_gains(segment.group, group, 0, kept, act, own)


def _with(labels: Labels, group: str, among: frozenset[str], rules: PaintRules) -> Rules:
    """The rules of a group, with the segments an act is about added to what may be taken."""
    allowed = rules.values(labels, group)
    if allowed.over is None or not among:
        return allowed
    theirs = {s.value for s in labels.of(Segment) if s.group == group and s.id in among}
    return replace(allowed, over=allowed.over | theirs)
