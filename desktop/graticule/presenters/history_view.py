"""The history of a case: every act there was, what stands, what was undone, where it was signed, and the way to any of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from graticule.domain.acts import Act, Told
from graticule.editing.workspace import Workspace

# Acts of one name that follow each other within this time are one line: the strokes of one sitting.
SAME_SITTING_S = 300


class Standing(StrEnum):
    """What became of an act."""

    DONE = "done"  # stands, and can be undone
    UNDONE = "undone"  # was undone, and can be redone
    GONE = "gone"  # was undone, and something else was done since
    SIGNED = "signed"  # stands, and undo does not reach back to it


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list: acts of one name in a row. first, last: their numbers; signed_after: a signature follows.

    began, ended: RFC 3339, "" where nobody wrote that down.
    """

    title: str
    first: int
    last: int
    count: int
    standing: Standing
    began: str = ""
    ended: str = ""
    signed_after: bool = False

    @property
    def when(self) -> str:
        """ "09:14", or "09:14–09:16"; in the clock of whoever did it."""
        began, ended = _clock(self.began), _clock(self.ended)
        return began if began == ended else f"{began}–{ended}"

    @property
    def day(self) -> str:
        return self.began[:10]


class HistoryView:
    """Read anew by `refresh`. acts: how many there were; `lines`: oldest first, each with those it is folded of."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._told: list[Told] = []
        self._seals: list[int] = []
        self.lines: list[Line] = []
        self.refresh()

    @property
    def acts(self) -> int:
        """Rows of the journal, undone and redone ones counted too: what the slider goes over."""
        return len(self._told)

    def refresh(self) -> None:
        self._told, self._seals = self._workspace.journal.told(), self._workspace.journal.seals()
        self.lines = folded(self._told, self._standings(), self._seals)

    def title_at(self, at: int) -> str:
        """What the act after which the labels were like that did; "" at the very beginning."""
        return f"{_VERBS[told.row.act]}{told.row.title}" if (told := self._at(at)) is not None else ""

    def when_at(self, at: int) -> str:
        told = self._at(at)
        return _clock(told.wall) if told is not None else ""

    def at_of(self, line: Line) -> int:
        """Where the slider stands right after a line's last act was first done."""
        return line.last

    def reachable(self, line: Line) -> bool:
        """Whether `steps_to` can go there: undo ends at a signature, and what was replaced cannot be redone."""
        return line.standing in (Standing.DONE, Standing.UNDONE) and not self._workspace.locked

    def steps_to(self, line: Line) -> int:
        """How many undos (negative) or redos bring the labels to where they were after this line; 0 when they are there."""
        history = self._workspace.history
        done, undone = [row.seq for row in history.done], [row.seq for row in reversed(history.undone)]
        wanted = line.last
        if wanted in done:
            return done.index(wanted) + 1 - len(done)
        return undone.index(wanted) + 1 if wanted in undone else 0

    def step(self, steps: int) -> int:
        """One undo or redo of so many; how many are left. Each is an act of its own, kept like any other."""
        if steps == 0:
            return 0
        title = self._workspace.undo() if steps < 0 else self._workspace.redo()
        if title is None:
            return 0
        return steps + 1 if steps < 0 else steps - 1

    def _at(self, at: int) -> Told | None:
        return self._told[at - 1] if 0 < at <= len(self._told) else None

    def _standings(self) -> dict[int, Standing]:
        history, signed = self._workspace.history, max(self._seals, default=0)
        found = {row.seq: Standing.DONE for row in history.done} | {row.seq: Standing.UNDONE for row in history.undone}
        stood = _standing_at(self._told, signed)
        return {told.row.seq: found.get(told.row.seq, Standing.SIGNED if told.row.seq in stood else Standing.GONE)
                for told in self._told if told.row.act is Act.DO}


_VERBS = {Act.DO: "", Act.UNDO: "Undo: ", Act.REDO: "Redo: "}


def _standing_at(told: Iterable[Told], signed: int) -> set[int]:
    """The acts that stood when the last signature was given."""
    stood: set[int] = set()
    for row in (one.row for one in told):
        if row.seq > signed:
            break
        if row.act is Act.UNDO:
            stood.discard(row.of)
        else:
            stood.add(row.of or row.seq)
    return stood


def folded(told: Sequence[Told], standings: dict[int, Standing], seals: Sequence[int]) -> list[Line]:
    """The acts themselves (undo and redo are how they stand, not lines), neighbours of one name and standing in one line."""
    lines: list[Line] = []
    acts = [one for one in told if one.row.act is Act.DO]
    following = [*(one.row.seq for one in acts[1:]), *([len(told) + 1] if acts else [])]
    for one, after in zip(acts, following, strict=True):
        standing = standings[one.row.seq]
        last = lines[-1] if lines else None
        signed = any(one.row.seq <= seal < after for seal in seals)
        if last is not None and _belongs(last, one, standing):
            lines[-1] = replace(last, last=one.row.seq, count=last.count + 1, ended=one.wall, signed_after=signed)
        else:
            lines.append(Line(one.row.title, one.row.seq, one.row.seq, 1, standing, one.wall, one.wall, signed))
    return lines


def _belongs(line: Line, one: Told, standing: Standing) -> bool:
    return (line.title == one.row.title and line.standing is standing and not line.signed_after
            and _apart_s(line.ended, one.wall) <= SAME_SITTING_S)


def _apart_s(one: str, other: str) -> float:
    if not one or not other:
        return 0.0
    return abs((datetime.fromisoformat(other) - datetime.fromisoformat(one)).total_seconds())


def _clock(wall: str) -> str:
    """The time of day at the reader's place."""
    return datetime.fromisoformat(wall).astimezone().strftime("%H:%M") if wall else ""
