"""What of a recording was on the screen: time by leads, at what scale and how long, out of the viewing record."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from graticule.domain.geometry import Array
from graticule.domain.viewing import Look
from graticule.study.coverage import Coverage

CELLS = 4000           # of the bar, and of what a long record is counted by


@dataclass(frozen=True, eq=False)
class Seen:
    """What counts under a condition. spans: [start, end) ticks, rising and apart; permille: of the record."""

    spans: tuple[tuple[int, int], ...]
    permille: int

    def gaps(self, ticks: int) -> tuple[tuple[int, int], ...]:
        """[start, end) of what was not seen."""
        edges = [0, *(edge for span in self.spans for edge in span), ticks]
        return tuple((a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b > a)


def seen(looks: Iterable[Look], ticks: int, condition: Coverage) -> Seen:
    """The stretches that stood on the screen as the condition asks. Dwell adds up over visits; exact to the tick.

    Where leads are named, each of them must have stood there; a look that names no leads (of an older version) shows all.
    """
    counting = [look for look in looks if _counts(look, condition)]
    counted = [_spans(counting, lead, condition) for lead in condition.leads or ("",)]
    spans = counted[0]
    for other in counted[1:]:
        spans = _common(spans, other)
    shown = sum(end - start for start, end in spans)
    return Seen(tuple(spans), shown * 1000 // ticks if ticks else 0)


def dwell_ms(looks: Iterable[Look], ticks: int, cells: int = CELLS) -> Array:
    """(cells,) milliseconds each equal part of the record stood on the screen, for the bar."""
    out = np.zeros(cells + 1)
    for look in looks:
        if look.view == "ecg" and ticks:
            first, last = (min(cells, tick * cells // ticks) for tick in look.region)
            out[first] += look.shown_ms
            out[max(first + 1, last)] -= look.shown_ms
    return np.cumsum(out[:-1])


def _counts(look: Look, condition: Coverage) -> bool:
    if look.view != "ecg" or len(look.window) < 2:
        return False
    speed, gain = (float(part) for part in (look.window[0], look.window[1].split("/")[0]))
    return speed * 10 + 1e-6 >= condition.least_speed and gain * 10 + 1e-6 >= condition.least_gain


def _spans(looks: list[Look], lead: str, condition: Coverage) -> list[tuple[int, int]]:
    """Where dwell reaches the limit: a sweep over the edges of all looks."""
    edges: list[tuple[int, int]] = []
    for look in looks:
        for start, end in _of_lead(look, lead):
            edges += [(start, look.shown_ms), (end, -look.shown_ms)]
    out: list[tuple[int, int]] = []
    total, since = 0, None
    for tick, change in sorted(edges):
        total += change
        if since is None and total >= condition.least_ms:
            since = tick
        elif since is not None and total < condition.least_ms:
            if out and out[-1][1] == since:
                out[-1] = (out[-1][0], tick)
            elif tick > since:
                out.append((since, tick))
            since = None
    return out


def _of_lead(look: Look, lead: str) -> list[tuple[int, int]]:
    if not lead or not look.leads:
        return [(look.region[0], look.region[1])]
    return [(start, end) for name, start, end in look.leads if name.lower() == lead.lower()]


def _common(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return [(max(a, c), min(b, d)) for a, b in one for c, d in other if max(a, c) < min(b, d)]
