"""P waves and QRS complexes put right by hand: every act is one named step that can be undone."""

from collections.abc import Callable
from dataclasses import replace

from graticule.domain.codes import Code
from graticule.domain.edits import ElementChange
from graticule.domain.elements import Episode
from graticule.domain.errors import GraticuleError
from graticule.domain.recording import Recording
from graticule.ecg.av_conduction import MOST_S
from graticule.ecg.marks import BLOCKED, CONDUCTS, QRS, Marks, P
from graticule.editing.tracks import MARKS, lay
from graticule.presenters.conduction import ConductionDesk
from graticule.presenters.open_case import OpenCase

HAND = Code("graticule", "marked_by_hand", "1")
NAMES = {P: "P wave", QRS: "QRS"}


class Marking:
    """Acts on the marks of the stretch in hand. `mark` is the one in hand, as (kind, number)."""

    def __init__(self, opened: OpenCase, recording: Recording, desk: ConductionDesk) -> None:
        self._opened, self._recording, self._desk = opened, recording, desk
        self.mark: tuple[str, int] | None = None

    @property
    def marks(self) -> Marks | None:
        return self._desk.marks() if not self._opened.workspace.locked else None

    def show(self, marks: Marks) -> None:
        """While a hand moves."""
        self._desk.show(marks)

    def move(self, kind: str, number: int, onset: int) -> None:
        self._do(f"Move {NAMES[kind]} to {self._at(onset)}", lambda marks: marks.moved(kind, number, onset))

    def add(self, kind: str, tick: int) -> None:
        self._do(f"Add {NAMES[kind]} at {self._at(tick)}", lambda marks: marks.added(kind, tick, self._recording.rate))

    def remove(self, kind: str, number: int) -> None:
        self._do(f"Remove {NAMES[kind]}", lambda marks: marks.removed(kind, number))
        self.mark = None

    def toggle(self, number: int) -> None:
        """A P wave that conducts becomes blocked, a blocked one conducts."""
        marks = self._known()
        c = self._desk.found.conduction if self._desk.found else None
        onset = marks.p[number].onset
        leads = c is not None and any(wave.onset == onset and not wave.dropped for wave in c.p)
        word = "blocked" if leads else "conducted"
        self._do(f"Mark P wave at {self._at(onset)} as {word}", lambda m: m.linked(number, BLOCKED if leads else CONDUCTS))

    def nearest(self, kind: str, tick: int) -> int | None:
        marks = self.marks
        return marks.nearest(kind, tick) if marks else None

    def _do(self, title: str, act: Callable[[Marks], Marks]) -> None:
        changed, stretch = act(self._known()), self._desk.stretch
        if stretch is None:
            return
        episodes = self._opened.workspace.labels.of(Episode)
        whole = next((e for e in episodes if e.track == MARKS and e.start <= stretch[0] and stretch[1] <= e.end), None)
        if whole is None:
            laid = Episode(id=self._opened.new_id(), track=MARKS, start=stretch[0], end=stretch[1], code=HAND,
                           criteria=changed.as_json())
        else:
            old = Marks.from_json(whole.criteria)
            rest = old.between(whole.start, stretch[0]).joined(old.between(stretch[1], whole.end))
            laid = replace(whole, criteria=changed.joined(rest).as_json())
        workspace = self._opened.workspace
        workspace.stage(*lay(episodes, laid, self._opened.new_id))
        again = [ElementChange.replace(e, replace(e, criteria=dict(self._desk.measured_again(e)))) for e in self._resting(laid)]
        if again:
            workspace.stage(*again)
        workspace.commit(title)

    def _resting(self, marked: Episode) -> list[Episode]:
        """The tagged episodes whose evidence was measured from these marks: they are measured again in the same act."""
        longest = MOST_S * self._recording.rate
        return [e for e in self._opened.workspace.labels.of(Episode) if e.track != MARKS and "gates" in e.criteria
                and e.start < marked.end and marked.start < e.end and e.end - e.start <= longest]

    def _known(self) -> Marks:
        marks = self.marks
        if marks is None:
            raise GraticuleError("There are no marks to change here.", "Take a stretch or an episode in hand first.")
        return marks

    def _at(self, tick: int) -> str:
        return f"{self._recording.seconds(tick):.2f} s"
