"""The desk: which case lies on it, and what happens when it is taken up, worked on, finished, signed and put back."""

import logging
from collections.abc import Callable, Sequence
from typing import Any

from graticule.domain.case import Case, State
from graticule.domain.elements import Answer
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Labels
from graticule.domain.picture import Picture
from graticule.domain.progress import Progress
from graticule.domain.recording import Recording
from graticule.domain.volume import Volume
from graticule.editing.clipboard import Clipboard
from graticule.editing.events import HistoryChanged
from graticule.editing.workspace import Workspace
from graticule.jobs import Handle, ScopedRunner
from graticule.jobs.runner import OPEN, PREFETCH
from graticule.presenters.assistants import CaseAssistant
from graticule.presenters.companions import Companions
from graticule.presenters.coverage import seen
from graticule.presenters.desk_events import CaseLeft, CaseOpened, CaseOpening, Trouble, WorklistChanged
from graticule.presenters.drafts import Drafts
from graticule.presenters.effort import EffortClock
from graticule.presenters.furniture import Furniture
from graticule.presenters.look_ahead import LookAhead
from graticule.presenters.open_case import Content, OpenCase, Opening
from graticule.presenters.patient_view import Lesion, form_facts, lesions, of_patient
from graticule.presenters.phase_passage import Passage, PhaseWanted, passage_from, settle
from graticule.presenters.phases import phases_of
from graticule.presenters.ports import Objects, Viewer
from graticule.presenters.question_form import QuestionForm
from graticule.presenters.relatives import relatives_of
from graticule.presenters.unfinished import Unfinished
from graticule.presenters.worklist import Worklist
from graticule.study.protocol import Protocol, Question

log = logging.getLogger("graticule.desk")

# The name under which the desk itself, not a case, remembers where it was.
DESK = "desk"


class Desk:
    """One reader, one store, one open case. Everything here happens on the main thread; only reading files is a job."""

    def __init__(self, furniture: Furniture) -> None:
        self._f = furniture
        self.bus = furniture.bus
        self.runner = furniture.runner
        self.worklist = Worklist()
        self.opened: OpenCase | None = None
        self.form: QuestionForm | None = None
        self._viewer: Viewer | None = None
        self._effort: EffortClock | None = None
        self._objects: Objects = ()
        self._clipboard = Clipboard()
        self._remembered: dict[str, Any] = {}
        self._jobs = ScopedRunner(furniture.runner)
        self._reading: Handle | None = None
        self._drafts = Drafts(furniture.labels, furniture.runner, furniture.bus)
        self._ahead = LookAhead(furniture.opener, furniture.runner)
        self._passage: tuple[str, Passage] | None = None
        self.bus.subscribe(HistoryChanged, self._on_history)
        self.bus.subscribe(PhaseWanted, self._to_phase)
        self.refresh()

    def refresh(self) -> None:
        """Read cases and states again, after an import, a signature or a conversation with the server."""
        self.worklist.fill(self._f.cases.all(), self._f.labels.states())
        self.bus.publish(WorklistChanged())

    @property
    def protocol(self) -> Protocol:
        """What is read under."""
        return self._f.protocol

    def attach(self, viewer: Viewer | None) -> None:
        """The page that now shows the open case."""
        self._viewer = viewer

    # Taking up

    def resume(self) -> None:
        """Open the case that lay here last, or the first that is not done."""
        last = str(self._f.memory.load(DESK).get("case", ""))
        first = last if self.worklist.case(last) else self.worklist.undone()
        if first:
            self.open(first)

    def open(self, case_id: str) -> None:
        """Put the open case back and take up this one; CaseOpened follows, or Trouble and an empty desk."""
        case = self.worklist.case(case_id)
        if case is None or (self.opened and self.opened.case.id == case_id):
            return
        self.leave()
        self._stop_reading()
        self.worklist.current = case_id
        self.bus.publish(CaseOpening(case_id))
        self.bus.publish(WorklistChanged())
        ready = self._ahead.take(case_id)
        if ready is not None:
            self._lay_down(case, ready)
            return
        self._reading = self._f.runner.start(
            lambda progress: self._f.opener(case), done=lambda opening: self._lay_down(case, opening),
            failed=self._cannot_open, lane=OPEN, title="Opening the case")

    def give_up_opening(self) -> None:
        """The reader cancelled: stop reading the chosen case and leave the desk empty."""
        if self._reading is None or self.opened is not None:
            return
        self._stop_reading()
        self.worklist.current = None
        self.bus.publish(WorklistChanged())

    def next_undone(self, step: int = 1) -> bool:
        """Open the next (1) or previous (−1) case that is not done; False when there is none."""
        case_id = self.worklist.undone(step)
        if case_id is None:
            return False
        self.open(case_id)
        return True

    # Working

    def undo(self) -> str | None:
        return self._attempt(lambda workspace: workspace.undo())

    def redo(self) -> str | None:
        return self._attempt(lambda workspace: workspace.redo())

    def act(self) -> None:
        """The reader did something: the time since the last act was work."""
        if self._effort:
            self._effort.act()

    def remember(self) -> None:
        """Keep where the reader is, so that a crash comes back to the same slice. Cheap when nothing moved."""
        if self.opened is None or self._viewer is None:
            return
        state = self._viewer.view_state()
        if state != self._remembered:
            self._f.memory.save(self.opened.case.id, state)
            self._remembered = state

    def lesions(self) -> list[Lesion]:
        """Every skin picture of the open case's patient with what was said of it; [] when there are no others to show."""
        if self.opened is None or self._f.protocol.blinding.priors == "hidden":
            return []
        self._settle()
        cases = of_patient(self.opened.case, self.worklist.cases)
        return lesions(cases, self._answers_of, self._f.protocol) if len(cases) > 1 else []

    def read_picture(self, case: Case, progress: Progress) -> Picture:
        """A case's picture with its pixels, for a contact sheet; runs away from the main thread."""
        opening = self._f.opener(case)
        opening.fill(progress, lambda k: None)
        if not isinstance(opening.content, Picture):
            raise GraticuleError("This case holds no picture.")
        return opening.content

    # Putting back

    def missing(self) -> list[Question]:
        """Required questions of the open case that still need something; none of a signed one. What was typed counts."""
        self._settle()
        return self.form.missing() if self.form and not self.form.locked else []

    def finish(self) -> bool:
        """Mark the open case finished, unless it is signed already, and open the next undone one; False when none is left.

        GraticuleError, and nothing done, while a required answer is missing.
        """
        if self.opened is None:
            return False
        if not self.opened.workspace.locked:
            self._refuse_if_missing()
            self._f.labels.finish(self.opened.case.id, True)
            self._note(self.opened.case.id)
            log.info("case finished")
        if self.next_undone():
            return True
        self.save()
        return False

    def leave(self) -> None:
        """Save a draft with effort and view, and clear the desk."""
        if self.opened is None:
            return
        case_id = self.opened.case.id
        self._jobs.close()
        self.remember()
        if self.opened.companions is not None:
            self.opened.companions.close()
        if self.opened.assistant is not None:
            self.opened.assistant.close(self.runner)
        self._write_draft()
        self._note(case_id)
        self.opened, self.form, self._viewer, self._effort = None, None, None, None
        self._objects, self._remembered = (), {}
        self.worklist.current = None
        self.bus.publish(CaseLeft(case_id))

    def save(self) -> None:
        """Put the open case's draft in the store without leaving it (before signing), and wait for those on the way."""
        self._write_draft()
        self._drafts.settle()

    def lock_signed(self, case_ids: Sequence[str]) -> None:
        """After these cases were signed: lock the open one if it is among them."""
        if self.opened is not None and self.opened.case.id in case_ids:
            self.opened.workspace.lock()
        self.refresh()

    def correct(self, reason: str) -> None:
        """Reopen the signed read as a new version."""
        if self.opened is None or not self.opened.workspace.locked:
            return
        self._f.labels.correct(self.opened.case.id, reason)
        self.opened.version += 1
        self.opened.workspace.unlock()
        self.refresh()

    def close(self) -> None:
        """Before the program ends."""
        self._stop_reading()
        self._ahead.drop()
        self.leave()
        self.save()

    # Inside

    def _lay_down(self, case: Case, opening: Opening) -> None:
        self._drafts.settle([case.id])
        try:
            folded = self._f.labels.open(case.id, _grid_shape(opening.content))
        except GraticuleError as error:
            self._cannot_open(error)
            return
        f = self._f
        self._jobs = ScopedRunner(f.runner)
        workspace = Workspace(case.id, folded.labels, folded.journal, f.bus, locked=folded.locked)
        self.opened = OpenCase(case, opening.content, opening, workspace, f.bus, f.protocol, f.ontology, self._jobs, f.new_id,
                               dict(f.memory.load(case.id)), folded.version, self._companions(case), f.beside(case.id),
                               f.references(case.id), self._clipboard, self._assistant(case, workspace), f.reader)
        self.opened.phases = phases_of(case, self.worklist.cases)
        self.opened.looks = tuple(f.looks.of(case.id))
        self._arrive(self.opened)
        self.form = QuestionForm(self.opened, form_facts(case, self.worklist.cases), Unfinished(f.memory, case.id))
        self._effort = EffortClock(f.now(), f.clock_ms)
        f.memory.save(DESK, {"case": case.id})
        f.runner.start(lambda progress: f.hasher(case, progress), done=lambda objects: self._hashed(case.id, objects),
                       failed=self._cannot_hash, lane=PREFETCH)
        log.info("case opened, %d slices or leads", _extent(opening.content))
        f.bus.publish(CaseOpened(self.opened))
        self._look_ahead()

    def _to_phase(self, event: PhaseWanted) -> None:
        """To another phase of the open series, at the same place and with the same segments."""
        opened, phases = self.opened, self.opened.phases if self.opened is not None else None
        wanted = phases.next(event.step) if phases is not None else None
        if opened is None or wanted is None or opened.case.id != event.case_id:
            return
        state = self._viewer.view_state() if self._viewer is not None else {}
        grid = opened.content.grid if isinstance(opened.content, Volume) else None
        self._passage = wanted.id, passage_from(
            opened.workspace.labels, grid, state, lambda s: s.name or self._f.ontology.label(s.type), carry=event.carry)
        self.open(wanted.id)

    def _arrive(self, opened: OpenCase) -> None:
        """What came along from another phase."""
        passage, self._passage = self._passage, None
        if passage is not None and passage[0] == opened.case.id:
            segment = settle(passage[1], opened.workspace, opened.new_id)
            opened.view_state |= {**passage[1].looks, **({"segment": segment} if segment else {})}
            opened.passage = passage[1]

    def _companions(self, case: Case) -> Companions:
        return Companions(relatives_of(case, self.worklist.cases, self._f.protocol.blinding), self._f.opener,
                          own_labels=self._own_labels)

    def _own_labels(self, case_id: str, grid_shape: tuple[int, int, int]) -> Labels:
        """What this reader has drawn in another case: nobody else's is in this store's shelf."""
        self._drafts.settle([case_id])
        return self._f.labels.open(case_id, grid_shape).labels

    def _assistant(self, case: Case, workspace: Workspace) -> CaseAssistant | None:
        """May be asked as far as the protocol allows; what it forbids, the workspace itself refuses."""
        if self._f.assistants is None:
            return None
        made = CaseAssistant(case.id, self._f.protocol.assistants, lambda: self.opened is not None and self.opened.version > 1,
                             self._f.assistants, self._jobs, self.bus)
        workspace.machine_refused = made.forbidden
        return made

    def _look_ahead(self) -> None:
        coming = self.worklist.case(self.worklist.undone() or "")
        if coming is not None:
            self._ahead.read(coming)

    def _hashed(self, case_id: str, objects: Objects) -> None:
        if self.opened and self.opened.case.id == case_id:
            self._objects = objects

    def _cannot_hash(self, error: GraticuleError) -> None:
        self.bus.publish(Trouble(error))

    def _cannot_open(self, error: GraticuleError) -> None:
        self.worklist.current = None
        self.bus.publish(Trouble(error))
        self.bus.publish(WorklistChanged())

    def _write_draft(self) -> None:
        if self.opened is None or self._effort is None:
            return
        self._settle()
        self.opened.workspace.cancel()
        self._keep_looks()
        self._drafts.write(self.opened, self._effort.total(), self._objects)

    def _keep_looks(self) -> None:
        if self._viewer is not None and self.opened is not None and self._effort is not None:
            looks = self._viewer.looks()
            self._effort.seen(looks)
            self._f.looks.add(self.opened.case.id, looks)

    def _attempt(self, act: Callable[[Workspace], str | None]) -> str | None:
        if self.opened is None:
            return None
        self._settle()
        try:
            return act(self.opened.workspace)
        except GraticuleError as error:
            self.bus.publish(Trouble(error))
            return None

    def _on_history(self, event: HistoryChanged) -> None:
        if self.worklist.state(event.case_id) is State.NEW:
            self._note(event.case_id)

    def _answers_of(self, case_id: str) -> dict[str, Answer]:
        here = self.opened is not None and self.opened.case.id == case_id
        labels = self.opened.workspace.labels if here and self.opened else self._f.labels.open(case_id, None).labels
        return {answer.id: answer for answer in labels.of(Answer)}

    def _settle(self) -> None:
        """Keep what is being typed in the form: from here on it is an answer."""
        if self.form is not None and self.opened is not None:
            try:
                self.form.settle()
            except GraticuleError as error:
                self.bus.publish(Trouble(error))

    def _refuse_if_missing(self) -> None:
        missing = self.missing()
        if missing:
            names = ", ".join(f"“{question.text}”" for question in missing)
            raise GraticuleError(f"Still to be answered: {names}.", "Answer, or choose “Not assessable” with a reason.")
        self._refuse_if_unseen()

    def _refuse_if_unseen(self) -> None:
        """Where the protocol asks for it, enough of a recording must have stood on the screen."""
        condition, opened = self.protocol.coverage, self.opened
        if condition is None or opened is None or not isinstance(opened.content, Recording):
            return
        self._keep_looks()
        found = seen(self._f.looks.of(opened.case.id), opened.content.ticks, condition)
        if found.permille < condition.permille:
            raise GraticuleError(f"Seen so far: {found.permille / 10:g} %. The study asks for {condition.words()}.",
                                 "The thin bar under the overview shows what is missing; click there.")

    def _note(self, case_id: str) -> None:
        if self.worklist.note(case_id, self._f.labels.states().get(case_id, State.NEW)):
            self.bus.publish(WorklistChanged())

    def _stop_reading(self) -> None:
        if self._reading is not None:
            self._reading.cancel()


def _grid_shape(content: Content) -> tuple[int, int, int] | None:
    if isinstance(content, Picture):
        return content.labels_shape
    return content.grid.shape if isinstance(content, Volume) else None


def _extent(content: Content) -> int:
    if isinstance(content, Volume):
        return content.grid.shape[0]
    return len(getattr(content, "leads", ())) or 1
