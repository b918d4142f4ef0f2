"""The worklist: which cases there are, how far each is, and which is next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graticule.domain.case import Case, Kind, State

DONE = (State.FINISHED, State.SEALED, State.SYNCED)

# What the reader reads for a state, and the icon beside the word.
STATE_WORDS: Mapping[State, tuple[str, str]] = {
    State.NEW: ("New", "new"),
    State.IN_PROGRESS: ("In progress", "in-progress"),
    State.FINISHED: ("Finished", "finished"),
    State.SEALED: ("Signed", "signed"),
    State.SYNCED: ("Synced", "synced"),
}
KIND_ICONS: Mapping[Kind, str] = {Kind.VOLUME: "volume", Kind.IMAGE: "image", Kind.ECG: "ecg", Kind.SLIDE: "slide"}


@dataclass(frozen=True, slots=True)
class WorklistRow:
    """One line of the list. `place`: 1 for the first case of the whole list, whatever is searched."""

    case_id: str
    title: str
    modality: str
    kind: Kind
    state: State
    place: int
    current: bool = False
    warnings: tuple[str, ...] = ()

    @property
    def done(self) -> bool:
        return self.state in DONE


class Worklist:
    """Cases in order with their states; filtered by `search` for the eye, never for next and previous."""

    def __init__(self, cases: Sequence[Case] = (), states: Mapping[str, State] | None = None) -> None:
        self._cases = tuple(cases)
        self._states = dict(states or {})
        self.current: str | None = None
        self.search = ""

    def fill(self, cases: Sequence[Case], states: Mapping[str, State]) -> None:
        self._cases, self._states = tuple(cases), dict(states)

    def note(self, case_id: str, state: State) -> bool:
        """Remember a new state; whether it is one."""
        fresh = self._states.get(case_id, State.NEW) is not state
        self._states[case_id] = state
        return fresh

    def state(self, case_id: str) -> State:
        return self._states.get(case_id, State.NEW)

    def case(self, case_id: str) -> Case | None:
        return next((case for case in self._cases if case.id == case_id), None)

    def rows(self) -> list[WorklistRow]:
        """The lines that every searched word fits, in order."""
        words = self.search.lower().split()
        return [row for row in self._all() if all(word in _text(row) for word in words)]

    def progress(self) -> tuple[int, int]:
        """How many are done, of how many."""
        return sum(self.state(case.id) in DONE for case in self._cases), len(self._cases)

    def finished(self) -> list[WorklistRow]:
        """Finished and not yet signed."""
        return [row for row in self._all() if row.state is State.FINISHED]

    def undone(self, step: int = 1, start: str | None = None) -> str | None:
        """The next (step 1) or previous (step −1) case that is not done, round the end; None when all others are done."""
        ids = [case.id for case in self._cases]
        start = start or self.current
        at = ids.index(start) if start in ids else (-1 if step > 0 else 0)
        round_trip = [ids[(at + step * n) % len(ids)] for n in range(1, len(ids) + 1)] if ids else []
        return next((case_id for case_id in round_trip if case_id != start and self.state(case_id) not in DONE), None)

    def _all(self) -> list[WorklistRow]:
        return [WorklistRow(case.id, case.title, case.modality, case.kind, self.state(case.id), place, case.id == self.current,
                            case.warnings) for place, case in enumerate(self._cases, start=1)]


def _text(row: WorklistRow) -> str:
    return f"{row.title} {row.modality} {row.kind} {STATE_WORDS[row.state][0]}".lower()
