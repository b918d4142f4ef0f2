"""Where painting is allowed: over which segments, inside which one, in which range of values. One choice for every tool."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.volume import Window
from graticule.editing.paint_rules import ALL, CHOSEN, FREE, PaintRules
from graticule.editing.tools.in_hand import segment_name
from graticule.editing.tools.tool import Bench
from graticule.imaging.threshold import Counts, Range, counts_of

EVERY_VALUE, A_RANGE, LIKE_STROKE = "all", "range", "stroke"
# Enough values for a histogram to aim at.
_COUNTED = 2_000_000


@dataclass(frozen=True, slots=True)
class Choice:
    """A segment that may be painted over, or inside."""

    id: str
    name: str
    colour: str
    chosen: bool = False


class PaintWhere:
    """Changes `bench.paint`. window: the greys shown now, from which a first range is taken. changed: called after each
    change."""

    def __init__(self, bench: Bench, window: Callable[[], Window], changed: Callable[[], None] = lambda: None) -> None:
        self._bench = bench
        self._window = window
        self.changed = changed
        self._range: Range | None = None
        self._counts: Counts | None = None

    @property
    def rules(self) -> PaintRules:
        return self._bench.paint

    @property
    def values(self) -> str:
        """EVERY_VALUE, A_RANGE or LIKE_STROKE."""
        return LIKE_STROKE if self.rules.follow else EVERY_VALUE if self.rules.range is None else A_RANGE

    @property
    def unit(self) -> str:
        return self._bench.canvas.unit or ""

    @property
    def usual(self) -> bool:
        """Nothing but the selected segment and background, everywhere, whatever the value."""
        return self.rules == PaintRules()

    def over(self) -> list[Choice]:
        """The other segments of the selected one's group: those that can be in its way. Locked ones never give way."""
        own = self._segment()
        group = own.group if own is not None else None
        return [self._choice(one) for one in self._bench.workspace.labels.of(Segment)
                if one.id != self._bench.active_segment and not one.locked and group in (None, one.group)]

    def within(self) -> list[Choice]:
        """The segments to stay inside of."""
        return [self._choice(one) for one in self._bench.workspace.labels.of(Segment) if one.id != self._bench.active_segment]

    def counts(self) -> Counts | None:
        """How often each value occurs, to drag a range on; None before there is an image."""
        if self._counts is None:
            voxels = self._bench.canvas.voxels
            every = max(1, int(np.ceil((voxels.size / _COUNTED) ** 0.5)))
            try:
                self._counts = counts_of(np.ascontiguousarray(voxels[:, ::every, ::every]), blank=self._bench.canvas.blank)
            except GraticuleError:
                return None  # one value everywhere, or nothing has arrived
        return self._counts

    def set_over(self, over: str) -> None:
        self._set(replace(self.rules, over=over))

    def choose(self, segment_id: str, on: bool) -> None:
        """May this segment be painted over?"""
        chosen = self.rules.chosen | {segment_id} if on else self.rules.chosen - {segment_id}
        self._set(replace(self.rules, chosen=frozenset(chosen)))

    def set_inside(self, segment_id: str) -> None:
        self._set(replace(self.rules, inside=segment_id))

    def set_values(self, how: str) -> None:
        chosen = (self._range or self._first_range()) if how == A_RANGE else None
        self._set(replace(self.rules, range=chosen, follow=how == LIKE_STROKE))

    def set_range(self, chosen: Range) -> None:
        self._range = chosen
        self._set(replace(self.rules, range=chosen, follow=False))

    def reset(self) -> None:
        self._set(PaintRules())

    def labels_changed(self) -> None:
        """Segments came or went: nothing may depend on one that is not there."""
        there = {one.id for one in self._bench.workspace.labels.of(Segment)}
        rules = self.rules
        self._set(replace(rules, chosen=rules.chosen & there, inside=rules.inside if rules.inside in there else ""))

    def state(self) -> dict[str, Any]:
        rules = self.rules
        chosen = [rules.range.low, rules.range.high] if rules.range is not None else None
        return {"over": rules.over, "chosen": sorted(rules.chosen), "inside": rules.inside, "range": chosen,
                "follow": rules.follow}

    def restore(self, state: Mapping[str, Any]) -> None:
        """What `state` gave; what does not fit is left as usual."""
        over, ends = state.get("over"), state.get("range")
        fits = isinstance(ends, list) and len(ends) == 2 and all(isinstance(end, int | float) for end in ends)
        self._bench.paint = PaintRules(
            over if over in (FREE, CHOSEN, ALL) else FREE, frozenset(map(str, state.get("chosen") or ())),
            str(state.get("inside") or ""), Range(*ends) if fits and ends else None, bool(state.get("follow")))
        self.labels_changed()

    def _set(self, rules: PaintRules) -> None:
        if rules != self._bench.paint:
            self._bench.paint = rules
            self.changed()

    def _segment(self) -> Segment | None:
        return self._bench.workspace.labels.get(Segment, self._bench.active_segment) if self._bench.active_segment else None

    def _choice(self, segment: Segment) -> Choice:
        return Choice(segment.id, segment_name(self._bench, segment), segment.colour, segment.id in self.rules.chosen)

    def _first_range(self) -> Range:
        """The middle nine tenths of the selected segment's values; of an empty one, the greys that are shown."""
        try:
            return self._of_segment() or self._of_window()
        except GraticuleError:
            return self._of_window()

    def _of_segment(self) -> Range | None:
        segment, labels = self._segment(), self._bench.workspace.labels
        group = labels.groups.get(segment.group) if segment is not None else None
        if segment is None or group is None or group.box is None or not group.counts[segment.value]:
            return None
        values = self._bench.canvas.voxels[group.box][group.values[group.box] == segment.value]
        low, high = (float(f"{value:.4g}") for value in np.nanpercentile(values, (5, 95)))
        return Range(low, high) if np.isfinite(low) and np.isfinite(high) else None

    def _of_window(self) -> Range:
        window = self._window()
        return Range(float(f"{window.level - window.width / 2:.4g}"), float(f"{window.level + window.width / 2:.4g}"))
