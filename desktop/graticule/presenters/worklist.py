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
    """One line of the list. `place`: 1 for the first case of the whole list, whatever is searched.

    patient: while grouped by patient, a short name that tells nothing; first: the first line of its patient.
    """

    case_id: str
    title: str
    modality: str
    kind: Kind
    state: State
    place: int
    current: bool = False
    warnings: tuple[str, ...] = ()
    patient: str = ""
    first: bool = False

    @property
    def done(self) -> bool:
        return self.state in DONE


class Worklist:
    """Cases in order with their states; filtered by `search`, `only_states` and `only_modality` for the eye, never for next and
    previous. Built for 100,000 cases: what is shown is a list of places, and a line is made when it is asked for."""

    def __init__(self, cases: Sequence[Case] = (), states: Mapping[str, State] | None = None) -> None:
        self.current: str | None = None
        self.search = ""
        self.only_states: frozenset[State] = frozenset()
        self.only_modality = ""
        self.by_patient = False
        self.fill(cases, states or {})

    def fill(self, cases: Sequence[Case], states: Mapping[str, State]) -> None:
        self._cases, self._states = tuple(cases), dict(states)
        self._at = {case.id: at for at, case in enumerate(self._cases)}
        self._texts: list[str] | None = None
        self._done = sum(self.state(case.id) in DONE for case in self._cases)

    def note(self, case_id: str, state: State) -> bool:
        """Remember a new state; whether it is one."""
        before = self._states.get(case_id, State.NEW)
        self._states[case_id] = state
        if case_id in self._at:
            self._done += (state in DONE) - (before in DONE)
        return before is not state

    @property
    def cases(self) -> tuple[Case, ...]:
        """All of them, whatever is searched."""
        return self._cases

    @property
    def order(self) -> tuple[str, ...]:
        """Ids of all cases, in order."""
        return tuple(self._at)

    @property
    def filtered(self) -> bool:
        return bool(self.search.strip() or self.only_states or self.only_modality)

    def modalities(self) -> list[str]:
        """Those there are, by name."""
        return sorted({case.modality for case in self._cases})

    def state(self, case_id: str) -> State:
        return self._states.get(case_id, State.NEW)

    def case(self, case_id: str) -> Case | None:
        at = self._at.get(case_id)
        return self._cases[at] if at is not None else None

    def place(self, case_id: str) -> int | None:
        """Its place in the whole list from 0."""
        return self._at.get(case_id)

    def places(self) -> list[int]:
        """Which cases are shown, as places in the whole list from 0: every searched word fits, and every filter."""
        words = self.search.lower().split()
        found = [at for at, case in enumerate(self._cases) if self._fits(at, case, words)] if self.filtered \
            else list(range(len(self._cases)))
        if self.by_patient:
            first: dict[str, int] = {}
            keys = [self._patient(at) for at in found]
            for order, key in enumerate(keys):
                first.setdefault(key, order)
            found = [at for _, at in sorted(zip(keys, found), key=lambda pair: (first[pair[0]], pair[1]))]
        return found

    def row(self, at: int, above: int | None = None) -> WorklistRow:
        """The line of the case at this place; above: the place of the line above it, None for the first."""
        case = self._cases[at]
        patient = str(case.facts.get("patient", ""))[2:6] if self.by_patient else ""
        first = self.by_patient and (above is None or self._patient(above) != self._patient(at))
        return WorklistRow(case.id, case.title, case.modality, case.kind, self.state(case.id), at + 1, case.id == self.current,
                           case.warnings, patient, first)

    def rows(self) -> list[WorklistRow]:
        """The lines that are shown, in order."""
        places = self.places()
        return [self.row(at, above) for at, above in zip(places, (None, *places))]

    def progress(self) -> tuple[int, int]:
        """How many are done, of how many."""
        return self._done, len(self._cases)

    def finished(self) -> list[WorklistRow]:
        """Finished and not yet signed."""
        places = sorted(self._at[name] for name, state in self._states.items() if state is State.FINISHED and name in self._at)
        return [self.row(at) for at in places]

    def undone(self, step: int = 1, start: str | None = None) -> str | None:
        """The next (step 1) or previous (step −1) case that is not done, round the end; None when all others are done."""
        start = start or self.current
        many = len(self._cases)
        at = self._at.get(start or "", -1 if step > 0 else 0)
        for n in range(1, many + 1):
            case_id = self._cases[(at + step * n) % many].id
            if case_id != start and self.state(case_id) not in DONE:
                return case_id
        return None

    def _fits(self, at: int, case: Case, words: Sequence[str]) -> bool:
        if self.only_modality and case.modality != self.only_modality:
            return False
        state = self.state(case.id)
        if self.only_states and state not in self.only_states:
            return False
        if not words:
            return True
        text = f"{self._text(at)} {STATE_WORDS[state][0].lower()}"
        return all(word in text for word in words)

    def _text(self, at: int) -> str:
        if self._texts is None:
            self._texts = [f"{case.title} {case.modality} {case.kind}".lower() for case in self._cases]
        return self._texts[at]

    def _patient(self, at: int) -> str:
        """Cases of an unknown patient stay one by one."""
        return str(self._cases[at].facts.get("patient", "")) or f"#{at}"
