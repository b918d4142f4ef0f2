"""What a tool would do, shown before it is done: Enter takes it, Esc drops it, and until then no label has changed."""

from collections.abc import Callable
from dataclasses import dataclass

from graticule.domain.edits import VoxelChange
from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.labels import Labels
from graticule.editing.events import Bus
from graticule.editing.paint_rules import PaintRules
from graticule.editing.workspace import Workspace
from graticule.imaging.logic import segment_becomes, segment_gains
from graticule.imaging.patch import Patch

GAINS, BECOMES, LOSES = "gains", "becomes", "loses"


@dataclass(frozen=True, eq=False)
class Proposed:
    """One segment's part. way: it gains the patch, becomes exactly the patch, or loses the patch.

    source: uint8 of the patch's box, the authors that a DERIVED act hands on.
    """

    segment: str
    patch: Patch
    way: str = GAINS
    source: Array | None = None


@dataclass(frozen=True, eq=False)
class Proposal:
    """title: what undo will say. act: who makes it (`imaging.authorship`: GROWN, INTERPOLATED, DERIVED, MACHINE …).

    note stands beside the preview ("12.4 mL, mean 84 HU"); warning in amber ("Leaks into the neighbourhood").
    """

    title: str
    parts: tuple[Proposed, ...]
    act: int
    note: str = ""
    warning: str = ""


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

    def show(self, proposal: Proposal) -> None:
        self.now = proposal
        self._tell()

    def drop(self) -> None:
        if self.now is not None:
            self.now = None
            self._tell()

    def accept(self) -> bool:
        """Make it one durable act; False when nothing was proposed. A refusal leaves the preview standing."""
        proposal = self.now
        if proposal is None:
            return False
        changes = changes_of(self._workspace.labels, proposal, self._rules())
        if not changes:
            raise GraticuleError("Nothing would change.", "What was found is part of the segment already, or is protected.")
        self._workspace.do(proposal.title, *changes)
        self.drop()
        return True

    def _tell(self) -> None:
        self._bus.publish(ProposalChanged(self._workspace.case_id))


def changes_of(labels: Labels, proposal: Proposal, rules: PaintRules) -> list[VoxelChange]:
    """The edit a proposal comes to, as far as locks and rules allow. Of one group at most one part may be given for a voxel."""
    changes = []
    for part in proposal.parts:
        segment = labels.get(Segment, part.segment)
        if segment is None:
            raise GraticuleError("This segment is not there any more.", "It may have been undone.")
        change = _change_of(labels, segment, part, proposal.act, rules)
        if change is not None:
            changes.append(change)
    return changes


def _change_of(labels: Labels, segment: Segment, part: Proposed, act: int, rules: PaintRules) -> VoxelChange | None:
    group, allowed = labels.group(segment.group), rules.values(labels, segment.group)
    if part.way == BECOMES:
        return segment_becomes(segment.group, group, segment.value, part.patch, act, allowed, part.source)
    if part.way == GAINS:
        return segment_gains(segment.group, group, segment.value, part.patch, act, allowed)
    kept = Patch(part.patch.box, part.patch.mask & (group.values[part.patch.box] == segment.value))
    return segment_gains(segment.group, group, 0, kept, act, allowed)
