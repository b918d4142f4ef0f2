"""Tag an episode: drag along the strip, then choose a code; drag a bar or its ends to move or resize it."""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, ClassVar

from graticule.domain.case import Kind
from graticule.domain.elements import Episode
from graticule.domain.errors import GraticuleError
from graticule.domain.recording import Recording
from graticule.editing.tools.ladder import LadderHand
from graticule.editing.tools.tool import Bench, Outline, Pointer
from graticule.editing.tracks import at, lay, span_text

SHORTEST_S = 0.08
SNAP_REACH_S = 0.12


@dataclass(frozen=True, slots=True)
class EpisodeOptions:
    snap: bool = field(default=False, metadata={"label": "Snap to R peaks (Alt: not now)"})


@dataclass(frozen=True, slots=True)
class Span:
    """[start, end) in ticks: what was dragged and waits for a code."""

    start: int
    end: int


class Grip(StrEnum):
    """What the hand holds of an episode."""

    START = "start"
    END = "end"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class _Held:
    episode: Episode
    grip: Grip
    from_tick: int


class EpisodeTool:
    """`span` is the interval just dragged (the page asks for its code), `selected` the id of the episode in hand.

    peaks: rising ticks of R peaks to snap to. measured: the criteria of an episode over its present interval;
    moving one measures it again, so that evidence never belongs to another stretch.
    """

    name: ClassVar[str] = "episode"
    title: ClassVar[str] = "Episode"
    key: ClassVar[str] = "E"
    group: ClassVar[str] = "mark"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.ECG,)
    hint: ClassVar[str] = "Drag along the strip to tag an episode; drag a bar or its ends to change it; Del removes it"
    options: Any

    def __init__(self) -> None:
        self.options = EpisodeOptions()
        self.span: Span | None = None
        self.selected: str | None = None
        self.peaks: Sequence[int] = ()
        self.measured: Callable[[Episode], Mapping[str, Any]] = lambda episode: episode.criteria
        self._anchor: int | None = None
        self._held: _Held | None = None
        self.ladder: LadderHand | None = None

    @property
    def dragging(self) -> bool:
        return self._anchor is not None or self._held is not None or (self.ladder is not None and self.ladder.dragging)

    def press(self, bench: Bench, pointer: Pointer) -> None:
        if pointer.track.startswith("ladder"):
            self._press_ladder(bench, pointer)
            return
        self.span = None
        tick = self._tick(bench, pointer)
        hit = self._hit(bench, pointer)
        if hit is not None:
            self.selected, self._held = hit[0].id, _Held(*hit, _raw_tick(bench, pointer))
        elif not pointer.track:
            self.selected, self._anchor = None, tick
        else:
            self.selected = None

    def drag(self, bench: Bench, pointer: Pointer) -> None:
        if self.ladder is not None and self.ladder.dragging:
            self.ladder.drag(_raw_tick(bench, pointer))
        elif self._anchor is not None:
            self.span = _span(self._anchor, self._tick(bench, pointer))
        elif self._held is not None:
            self._stage(bench, self._changed(bench, self._held, pointer))

    def release(self, bench: Bench, pointer: Pointer) -> None:
        if self.ladder is not None and self.ladder.dragging:
            self.ladder.release()
        elif self._anchor is not None:
            self.span = _long_enough(_span(self._anchor, self._tick(bench, pointer)), _recording(bench))
        elif self._held is not None:
            self._let_go(bench, self._held, pointer)
        self._anchor = self._held = None

    def hover(self, bench: Bench, pointer: Pointer | None) -> None:
        return None

    def cancel(self, bench: Bench) -> None:
        bench.workspace.cancel()
        if self.ladder is not None:
            self.ladder.cancel()
        self._anchor = self._held = self.span = None

    def _press_ladder(self, bench: Bench, pointer: Pointer) -> None:
        """On the ladder the hand holds marks; the stretch or episode in hand stays in hand."""
        if self.ladder is not None:
            self.ladder.press(pointer, _raw_tick(bench, pointer), max(1, _recording(bench).tick(pointer.reach[0])))

    def preview(self) -> tuple[Outline, ...]:
        return ()

    def grip_at(self, bench: Bench, pointer: Pointer) -> Grip | None:
        """What a press would hold here, for the cursor."""
        hit = self._hit(bench, pointer)
        return hit[1] if hit else None

    def _hit(self, bench: Bench, pointer: Pointer) -> tuple[Episode, Grip] | None:
        if not pointer.track:
            return None
        recording, episodes = _recording(bench), bench.workspace.labels.of(Episode)
        here = [e for e in episodes if e.track == pointer.track and e.lead is None]
        for episode in [*(e for e in here if e.id == self.selected), *here]:
            start, end = recording.seconds(episode.start), recording.seconds(episode.end)
            inside = min(pointer.reach[0], (end - start) / 3)
            if -pointer.reach[0] <= pointer.at[0] - start <= inside:
                return episode, Grip.START
            if -inside <= pointer.at[0] - end <= pointer.reach[0]:
                return episode, Grip.END
        body = at(episodes, pointer.track, _raw_tick(bench, pointer))
        return (body, Grip.BODY) if body else None

    def _changed(self, bench: Bench, held: _Held, pointer: Pointer) -> Episode:
        recording, episode = _recording(bench), held.episode
        least = max(1, recording.tick(SHORTEST_S))
        tick = self._tick(bench, pointer)
        if held.grip is Grip.START:
            return replace(episode, start=max(0, min(tick, episode.end - least)))
        if held.grip is Grip.END:
            return replace(episode, end=min(recording.ticks, max(tick, episode.start + least)))
        by = _raw_tick(bench, pointer) - held.from_tick
        by = max(-episode.start, min(by, recording.ticks - episode.end))
        return replace(episode, start=episode.start + by, end=episode.end + by)

    def _stage(self, bench: Bench, episode: Episode) -> None:
        bench.workspace.cancel()
        bench.workspace.stage(*lay(bench.workspace.labels.of(Episode), episode, bench.new_id))

    def _let_go(self, bench: Bench, held: _Held, pointer: Pointer) -> None:
        changed = self._changed(bench, held, pointer)
        bench.workspace.cancel()
        if (changed.start, changed.end) == (held.episode.start, held.episode.end):
            return
        self._stage(bench, replace(changed, criteria=self.measured(changed)))
        verb = "Move" if held.grip is Grip.BODY else "Resize"
        where = span_text(_recording(bench), changed.start, changed.end)
        bench.workspace.commit(f"{verb} {bench.ontology.label(changed.code)} to {where}")

    def _tick(self, bench: Bench, pointer: Pointer) -> int:
        tick = _raw_tick(bench, pointer)
        if not self.options.snap or pointer.alt:
            return tick
        return nearest(self.peaks, tick, _recording(bench).tick(SNAP_REACH_S))


def nearest(peaks: Sequence[int], tick: int, reach: int) -> int:
    """The peak nearest to `tick` when one lies within `reach` ticks, else `tick`."""
    place = bisect_left(peaks, tick)
    close = [int(peak) for peak in peaks[max(0, place - 1):place + 1] if abs(int(peak) - tick) <= reach]
    return min(close, key=lambda peak: abs(peak - tick), default=tick)


def _recording(bench: Bench) -> Recording:
    if not isinstance(bench.content, Recording):
        raise GraticuleError("Episodes are tagged on an ECG.")
    return bench.content


def _raw_tick(bench: Bench, pointer: Pointer) -> int:
    return _recording(bench).tick(pointer.at[0])


def _span(one: int, other: int) -> Span:
    return Span(min(one, other), max(one, other))


def _long_enough(span: Span, recording: Recording) -> Span | None:
    return span if span.end - span.start >= max(1, recording.tick(SHORTEST_S)) else None
