"""The hand on the ladder diagram: drag a P or a QRS, click between to join or part them, click an empty tier to add one."""

from typing import Protocol

from graticule.ecg.marks import QRS, Marks, P
from graticule.editing.tools.tool import Pointer

ATRIA, NODE, VENTRICLES = "ladder:A", "ladder:AV", "ladder:V"
TIERS = {ATRIA: P, VENTRICLES: QRS}


class Markable(Protocol):
    """What the hand acts on (`presenters.marking.Marking`)."""

    mark: tuple[str, int] | None

    @property
    def marks(self) -> Marks | None: ...
    def show(self, marks: Marks) -> None: ...
    def move(self, kind: str, number: int, onset: int) -> None: ...
    def add(self, kind: str, tick: int) -> None: ...
    def remove(self, kind: str, number: int) -> None: ...
    def toggle(self, number: int) -> None: ...


class LadderHand:
    """One press, drag and release. Ticks are of the record's clock; `reach` how near a stroke must be."""

    def __init__(self, marking: Markable) -> None:
        self._marking = marking
        self._held: tuple[str, int, int] | None = None
        self._before: Marks | None = None
        self._moved_to: int | None = None

    @property
    def dragging(self) -> bool:
        return self._held is not None

    def press(self, pointer: Pointer, tick: int, reach: int) -> None:
        marks = self._marking.marks
        if marks is None:
            return
        if pointer.track == NODE:
            self._toggle(marks, tick)
            return
        kind = TIERS[pointer.track]
        number = marks.nearest(kind, tick)
        row = marks.p if kind == P else marks.qrs
        if number is None or abs(row[number].onset - tick) > reach:
            self._marking.add(kind, tick)
        elif pointer.control:
            self._marking.remove(kind, number)
        else:
            self._marking.mark = (kind, number)
            self._held, self._before, self._moved_to = (kind, number, row[number].onset - tick), marks, None

    def drag(self, tick: int) -> None:
        if self._held is None or self._before is None:
            return
        kind, number, offset = self._held
        self._moved_to = tick + offset
        self._marking.show(self._before.moved(kind, number, self._moved_to))

    def release(self) -> None:
        held, before, onset = self._held, self._before, self._moved_to
        self._held = self._before = self._moved_to = None
        if held is None or before is None or onset is None:
            return
        self._marking.show(before)
        self._marking.move(held[0], held[1], onset)

    def cancel(self) -> None:
        """Everything as it was before the press."""
        if self._before is not None:
            self._marking.show(self._before)
        self._held = self._before = self._moved_to = None

    def _toggle(self, marks: Marks, tick: int) -> None:
        """The P wave whose line passes here: the last one before the tick."""
        before = [n for n, mark in enumerate(marks.p) if mark.onset <= tick]
        if before:
            self._marking.toggle(before[-1])
