"""Operations on whole segments: which is chosen, what it would do, why it does nothing. The preview is the case's proposal."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from typing import Any

from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.editing.events import Bus
from graticule.editing.operations.listed import operations
from graticule.editing.operations.material import Cut, Material, Sheet
from graticule.editing.operations.operation import Operation
from graticule.editing.proposal import Proposal, ProposalChanged
from graticule.editing.tools.tool import Bench

THIS, VISIBLE = "this", "visible"
WHOLE, SLICE = "whole", "slice"


@dataclass(frozen=True, slots=True)
class Slicing:
    """Where an operation works."""

    where: str = field(default=WHOLE, metadata={"label": "Where", "choices": {WHOLE: "Everywhere", SLICE: "This slice"}})


@dataclass(frozen=True, slots=True)
class Scope(Slicing):
    """The same, and on which segments."""

    which: str = field(default=THIS, metadata={"label": "Segments", "choices": {THIS: "This segment", VISIBLE: "All visible"}})


class Scoped:
    """What a form draws for the scope: only the choices that the chosen operation knows."""

    hint = ""

    def __init__(self) -> None:
        self.options: Any = Scope()

    def fit(self, operation: Operation) -> None:
        where = self.options.where if operation.sliced else WHOLE
        self.options = Scope(where, getattr(self.options, "which", THIS)) if operation.many else Slicing(where)


@dataclass(frozen=True, slots=True)
class RefiningChanged:
    """Another operation is chosen, or another answer has come."""

    case_id: str


@dataclass(frozen=True, slots=True)
class RefineWanted:
    """Somewhere (the menu of a segment) an operation was asked for."""

    case_id: str
    operation: str


class Refining:
    """shown: the layer and the plane of the current view. hidden: ids of segments that are not seen now."""

    def __init__(self, case_id: str, bench: Bench, shown: Callable[[], tuple[Cut | None, Sheet | None]],
                 hidden: Callable[[], Collection[str]] = tuple) -> None:
        self.case_id, self._bench = case_id, bench
        self._shown, self._hidden = shown, hidden
        self.operations = operations()
        self.now: Operation | None = None
        self.scope = Scoped()
        self.note, self.warning = "", ""
        self._mine: Proposal | None = None
        self._stale = False
        self._leave = bench.workspace.bus.subscribe(ProposalChanged, self._proposal_changed)

    def close(self) -> None:
        self._leave()

    # --- asked ------------------------------------------------------------------------------------------------------

    @property
    def bus(self) -> Bus:
        return self._bench.workspace.bus

    @property
    def ready(self) -> bool:
        """Its preview stands and can be taken."""
        return self._mine is not None and self._bench.proposals.now is self._mine

    def others(self) -> list[tuple[str, str, str]]:
        """(id, name, colour) of the segments that can be the second of an operation."""
        return [(s.id, self._name(s), s.colour) for s in self._segments() if s.id != self._bench.active_segment]

    @property
    def any_segments(self) -> bool:
        """Whether there is anything to refine."""
        return bool(self._segments())

    @property
    def subject(self) -> str:
        """The name of the selected segment, "" when there is none."""
        return next((self._name(s) for s in self._segments() if s.id == self._bench.active_segment), "")

    # --- done -------------------------------------------------------------------------------------------------------

    def choose(self, name: str) -> None:
        """Take an operation and show what it would do; the chosen one again puts it away."""
        found = next((operation for operation in self.operations if operation.name == name), None)
        if found is None or found is self.now:
            self.drop()
            return
        self.drop()
        self.now = found
        self.scope.fit(found)
        self.ask()

    def drop(self) -> None:
        """Nothing is chosen any more, and nothing is proposed by it."""
        mine, self._mine, self.now = self.ready, None, None
        self.note = self.warning = ""
        if mine:
            self._bench.proposals.drop()
        self._tell()

    def ask(self) -> None:
        """Options, scope, slice or labels are others now: find out again."""
        operation, self._stale = self.now, False
        if operation is None:
            return
        self._fit_pair(operation)
        try:
            material = self._material(operation)
        except GraticuleError as error:
            self._answer(None, f"{error.message} {error.hint}".strip())
            return
        # The form may change while it is being found out: what was asked is asked with these options.
        asked = _as_it_is(operation)
        self._bench.thinking.ask(lambda progress: asked.plan(material, progress),
                                 lambda proposal: self._planned(operation, proposal), operation.title)

    def renew(self) -> None:
        """After an act or undo: what is previewed rests on labels that are others now."""
        if self._stale and self.now is not None:
            self.ask()

    def labels_changed(self) -> None:
        self._stale = True

    def take(self) -> bool:
        """Make it one act. GraticuleError when it is refused, and the preview stands."""
        return self.ready and self._bench.proposals.accept()

    # --- inside -----------------------------------------------------------------------------------------------------

    def _material(self, operation: Operation) -> Material:
        cut, sheet = self._shown()
        scope = self.scope.options
        sliced = operation.sliced and scope.where == SLICE
        if sliced and cut is None:
            raise GraticuleError("The plane shown lies across the slices.", "Straighten the planes, or choose the whole volume.")
        return Material.of(self._bench, self._chosen(operation), cut if sliced else None, sheet)

    def _chosen(self, operation: Operation) -> list[Segment]:
        if operation.many and getattr(self.scope.options, "which", THIS) == VISIBLE:
            hidden = self._hidden()
            return [s for s in self._segments() if s.id not in hidden and not s.locked and not s.possible_of]
        return [s for s in self._segments() if s.id == self._bench.active_segment]

    def _fit_pair(self, operation: Operation) -> None:
        """A second segment that is not there any more gives way to one that is."""
        if hasattr(operation.options, "other"):
            ids = [one for one, _, _ in self.others()]
            if operation.options.other not in ids:
                operation.options = replace(operation.options, other=ids[0] if ids else "")

    def _planned(self, operation: Operation, proposal: Proposal) -> None:
        if operation is self.now:
            self._answer(proposal, proposal.warning)

    def _answer(self, proposal: Proposal | None, warning: str) -> None:
        self.note, self.warning = "" if proposal is None else proposal.note, warning
        if proposal is not None and (proposal.parts or proposal.removes):
            self._mine = proposal
            self._bench.proposals.show(proposal)
        elif self.ready:
            self._mine = None
            self._bench.proposals.drop()
        self._tell()

    def _proposal_changed(self, event: ProposalChanged) -> None:
        """Taken, dropped, or another tool proposes something: then this one is over."""
        if event.case_id == self.case_id and self._mine is not None and self._bench.proposals.now is not self._mine:
            self._mine, self.now = None, None
            self.note = self.warning = ""
            self._tell()

    def _segments(self) -> list[Segment]:
        return self._bench.workspace.labels.of(Segment)

    def _name(self, segment: Segment) -> str:
        return segment.name or self._bench.ontology.label(segment.type)

    def _tell(self) -> None:
        self._bench.workspace.bus.publish(RefiningChanged(self.case_id))


def _as_it_is(operation: Operation) -> Operation:
    made = type(operation)()
    made.options = operation.options
    return made
