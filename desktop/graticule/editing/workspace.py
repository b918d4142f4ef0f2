"""The one door through which a label changes."""

from collections.abc import Callable, Iterable

from graticule.domain.beats import BeatChange, merge_beats
from graticule.domain.edits import Change, Edit, ElementChange, Touched, VoxelChange, apply, apply_changes, merge
from graticule.domain.elements import Element
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Labels
from graticule.editing.events import Bus, HistoryChanged, LabelsChanged, LockChanged
from graticule.editing.history import Act, EditJournal, History, Row
from graticule.editing.machine_work import refuse_machine_work
from graticule.editing.nesting import followed


class Workspace:
    """The labels of one open case, changed by `stage` while a hand moves and made durable by `commit` when it lets go."""

    def __init__(self, case_id: str, labels: Labels, journal: EditJournal, bus: Bus, *, locked: bool = False) -> None:
        self.case_id = case_id
        self.labels = labels
        self._journal = journal
        self._bus = bus
        self._history = History(journal.rows())
        self._staged: list[Change] = []
        self._locked = locked
        # Why voxels of a machine may not be taken into these labels now; None while they may (`study.protocol.assistants`).
        self.machine_refused: Callable[[], GraticuleError | None] = lambda: None
        # While an earlier moment is shown in place of the labels, nobody may paint over what he does not see.
        self.replaying = False

    @property
    def history(self) -> History:
        """What can be undone and redone."""
        return self._history

    @property
    def journal(self) -> EditJournal:
        """Every act, to be told and replayed; only this workspace appends to it."""
        return self._journal

    @property
    def bus(self) -> Bus:
        return self._bus

    @property
    def locked(self) -> bool:
        return self._locked

    @property
    def staging(self) -> bool:
        return bool(self._staged)

    @property
    def undo_title(self) -> str | None:
        row = self._history.next_undo
        return row.title if row else None

    @property
    def redo_title(self) -> str | None:
        row = self._history.next_redo
        return row.title if row else None

    def stage(self, *changes: Change) -> Touched:
        """Apply changes to memory, for the eye. They are nothing until `commit`."""
        self._refuse_if_locked()
        refuse_machine_work(changes, self.machine_refused)
        if any(isinstance(change, VoxelChange) for change in changes):
            self._refuse_while_replaying()
        touched = apply_changes(self.labels, changes)
        try:
            more = followed(self.labels, changes)
        except GraticuleError:
            apply_changes(self.labels, [change.inverse() for change in reversed(changes)])
            raise
        if more:
            touched = touched.joined(apply_changes(self.labels, more))
        self._staged.extend((*changes, *more))
        self._tell(touched, committed=False)
        return touched

    def commit(self, title: str) -> Row | None:
        """Make what was staged one durable act named `title`; None when nothing changed after all.

        When the journal cannot write, the staged changes are taken back and the error says so: the screen never shows
        as done what a power cut would lose.
        """
        net = self._net()
        if not net:
            self._staged.clear()
            return None
        try:
            row = self._journal.append(Edit(title, tuple(net)), Act.DO, 0)
        except GraticuleError:
            self.cancel()
            raise
        self._staged.clear()
        self._history.note(row)
        self._tell(_touched(self.labels, net), committed=True)
        return row

    def do(self, title: str, *changes: Change) -> Row | None:
        """Stage and commit in one go."""
        self.stage(*changes)
        return self.commit(title)

    def set(self, title: str, element: Element) -> Row | None:
        """Make or replace one element."""
        before = self.labels.element(element.KIND, element.id)
        return self.do(title, ElementChange(element.KIND, element.id, before, element))

    def cancel(self) -> None:
        """Take back what was staged, as if the hand had never moved."""
        staged, self._staged = self._staged, []
        if staged:
            self._tell(apply_changes(self.labels, [change.inverse() for change in reversed(staged)]), committed=False)

    def undo(self) -> str | None:
        """Take back the last act, however long ago; its title, or None when there is none."""
        return self._again(self._history.next_undo, Act.UNDO)

    def redo(self) -> str | None:
        return self._again(self._history.next_redo, Act.REDO)

    def lock(self) -> None:
        """After signing: nothing can be changed and undo ends here."""
        self.cancel()
        self._locked = True
        self._history.clear()
        self._bus.publish(LockChanged(self.case_id, True))
        self._tell_history()

    def unlock(self) -> None:
        """Begin a correction, which will be a new version."""
        self._locked = False
        self._bus.publish(LockChanged(self.case_id, False))

    def _again(self, row: Row | None, act: Act) -> str | None:
        self._refuse_if_locked()
        self._refuse_while_replaying()
        self.cancel()
        if row is None:
            return None
        edit = self._journal.edit(row.seq)
        edit = edit.inverse() if act is Act.UNDO else edit
        touched = apply(self.labels, edit)
        try:
            written = self._journal.append(edit, act, row.seq)
        except GraticuleError:
            apply(self.labels, edit.inverse())
            raise
        self._history.note(written)
        self._tell(touched, committed=True)
        return row.title

    def _net(self) -> list[Change]:
        elements: dict[tuple[str, str], ElementChange] = {}
        for change in self._staged:
            if isinstance(change, ElementChange):
                key = (change.kind, change.id)
                first = elements.get(key, change)
                elements[key] = ElementChange(change.kind, change.id, first.before, change.after)
        kept: list[Change] = [change for change in elements.values() if change.before != change.after]
        beats = merge_beats(change for change in self._staged if isinstance(change, BeatChange))
        return [*kept, *beats, *merge(self.labels, [change for change in self._staged if isinstance(change, VoxelChange)])]

    def _refuse_if_locked(self) -> None:
        if self._locked:
            raise GraticuleError("This read is signed and locked.", "Choose “Correct as a new version” to change it.")

    def _refuse_while_replaying(self) -> None:
        if self.replaying:
            raise GraticuleError("You are looking at an earlier moment of these labels.",
                                 "Go back to now, with Esc, to change them.")

    def _tell(self, touched: Touched, *, committed: bool) -> None:
        self._bus.publish(LabelsChanged(self.case_id, touched, committed))
        if committed:
            self._tell_history()

    def _tell_history(self) -> None:
        self._bus.publish(HistoryChanged(self.case_id, self.undo_title, self.redo_title))


def _touched(labels: Labels, changes: Iterable[Change]) -> Touched:
    elements, boxes, beats = set(), [], []
    for change in changes:
        if isinstance(change, ElementChange):
            elements.add((change.kind, change.id))
        elif isinstance(change, BeatChange):
            beats.append((change.lead, change.span))
        else:
            boxes.append((change.group, change.box(labels.group(change.group).shape)))
    return Touched(frozenset(elements), tuple(boxes), tuple(beats))
