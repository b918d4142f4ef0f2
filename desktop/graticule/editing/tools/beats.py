"""Beats by hand: click a beat to take it, drag it to move it, click beside one to add one. Each comes to stand on a peak."""

from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from graticule.domain.case import Kind
from graticule.domain.errors import GraticuleError
from graticule.domain.recording import Recording
from graticule.editing.tools.tool import Bench, Outline, Pointer

LETTERS = ("N", "S", "V", "F", "/", "Q")


class BeatBook(Protocol):
    """The beats of the case on the desk, in ticks."""

    def nearest(self, tick: int) -> int | None: ...

    def snapped(self, tick: int) -> int: ...

    def add(self, tick: int, letter: str) -> int: ...

    def move(self, tick: int, to: int) -> int: ...


@dataclass(frozen=True, slots=True)
class BeatOptions:
    letter: str = field(default="N", metadata={"label": "A new beat is", "choices": LETTERS})


class BeatTool:
    """taken: the tick of the beat that was clicked, added or moved last; the page looks at it when the hand lets go."""

    name: ClassVar[str] = "beats"
    title: ClassVar[str] = "Beats"
    key: ClassVar[str] = "H"
    group: ClassVar[str] = "label"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.ECG,)
    hint: ClassVar[str] = "Click a beat to choose it, drag it to move it; Ctrl+click adds one on the nearest peak"
    options: Any

    def __init__(self, book: BeatBook | None = None) -> None:
        self.options = BeatOptions()
        self.book = book
        self.taken: int | None = None
        self._held: int | None = None
        self._at_s: float | None = None

    @property
    def dragging(self) -> bool:
        return self._held is not None

    def press(self, bench: Bench, pointer: Pointer) -> None:
        recording, book = self._open(bench)
        tick, reach = recording.tick(pointer.at[0]), 2 * pointer.reach[0]
        near = book.nearest(tick)
        self._held, self._at_s, self.taken = None, None, None
        if near is not None and abs(recording.seconds(near) - pointer.at[0]) <= reach and not pointer.control:
            self._held = self.taken = near
        elif pointer.control:
            self.taken = book.add(tick, self.options.letter)

    def drag(self, bench: Bench, pointer: Pointer) -> None:
        if self._held is not None:
            self._at_s = pointer.at[0]

    def release(self, bench: Bench, pointer: Pointer) -> None:
        recording, book = self._open(bench)
        held, at_s, self._held, self._at_s = self._held, self._at_s, None, None
        if held is not None and at_s is not None and abs(at_s - recording.seconds(held)) > pointer.reach[0]:
            self.taken = book.move(held, recording.tick(at_s))

    def hover(self, bench: Bench, pointer: Pointer | None) -> None:
        return None

    def cancel(self, bench: Bench) -> None:
        self._held = self._at_s = self.taken = None

    def preview(self) -> tuple[Outline, ...]:
        """A line where a beat that is being moved would come to stand."""
        return () if self._at_s is None else (Outline(((self._at_s, -10.0), (self._at_s, 10.0)), style="guide"),)

    def _open(self, bench: Bench) -> tuple[Recording, BeatBook]:
        if not isinstance(bench.content, Recording) or self.book is None:
            raise GraticuleError("Beats are set on an ECG.")
        return bench.content, self.book
