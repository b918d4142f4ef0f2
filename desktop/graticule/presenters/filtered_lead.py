"""A lead through a display filter: only the stretch that is shown, with its lead-in, kept in blocks while the reader scrolls."""

from collections import OrderedDict
from collections.abc import Callable

import numpy as np

from graticule.domain.geometry import Floats
from graticule.ecg.display_filter import DisplayFilter, filtered

BLOCK_S = 60.0
MOST_BLOCKS = 8
MOST_SAMPLES = 100_000   # shown at once: beyond, single waves cannot be told, and filtering would hold up the paint


class FilteredLead:
    """read(first, last): millivolts of samples [first, last), NaN where there was no signal. size: samples of the lead."""

    def __init__(self, read: Callable[[int, int], Floats], size: int, rate_hz: float, chosen: DisplayFilter) -> None:
        self._read, self._size, self._rate_hz = read, size, rate_hz
        self.chosen = chosen
        self._block = max(1, round(BLOCK_S * rate_hz))
        self._lead_in = round(chosen.lead_in_s() * rate_hz)
        self._kept: OrderedDict[int, Floats] = OrderedDict()

    def fits(self, samples: float) -> bool:
        return samples <= MOST_SAMPLES

    def mv(self, first: int, last: int) -> Floats:
        """(last − first,) float64 as the whole lead filtered at once would have it."""
        last = min(last, self._size)
        if last <= first:
            return np.empty(0)
        blocks = range(first // self._block, (last - 1) // self._block + 1)
        joined = np.concatenate([self._at(number) for number in blocks])
        start = blocks.start * self._block
        out: Floats = joined[first - start: last - start]
        for number in list(self._kept)[: max(0, len(self._kept) - max(MOST_BLOCKS, len(blocks) + 1))]:
            del self._kept[number]
        return out

    def _at(self, number: int) -> Floats:
        if number not in self._kept:
            start, end = number * self._block, min(self._size, (number + 1) * self._block)
            from_, to = max(0, start - self._lead_in), min(self._size, end + self._lead_in)
            whole = filtered(self._read(from_, to), self.chosen, self._rate_hz)
            self._kept[number] = whole[start - from_: end - from_]
        self._kept.move_to_end(number)
        return self._kept[number]
