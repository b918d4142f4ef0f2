"""Heart rate over the whole record, from the intervals between R peaks."""

import numpy as np

from graticule.domain.geometry import Array, Floats
from graticule.domain.recording import Recording

LEAST_MS, MOST_MS = 200.0, 6000.0


class RateTrend:
    """peaks: (n,) rising ticks. times_s, rates: (n − 1,) float64, one value per interval, at its end."""

    def __init__(self, peaks: Array, recording: Recording) -> None:
        seconds = np.asarray(peaks, dtype=np.float64) / float(recording.rate)
        intervals = np.diff(seconds) * 1000
        good = (intervals >= LEAST_MS) & (intervals <= MOST_MS)
        self.times_s: Floats = seconds[1:][good]
        self.rates: Floats = 60000 / intervals[good]
        self._duration_s = recording.duration_s

    @property
    def range(self) -> tuple[int, int]:
        """A round (low, high) that holds all but the most extreme hundredth."""
        if not self.rates.size:
            return 40, 120
        low, high = np.percentile(self.rates, (0.5, 99.5))
        return int(low // 20 * 20), int(-(-high // 20) * 20) + (20 if high - low < 1 else 0)

    def columns(self, count: int) -> tuple[Floats, Floats, Floats]:
        """(times, low, high) for at most `count` columns of the record; columns without a beat are left out."""
        if not self.rates.size:
            empty = np.empty(0)
            return empty, empty, empty
        column = np.minimum((self.times_s / self._duration_s * count).astype(np.int64), count - 1)
        first = np.flatnonzero(np.concatenate(([True], np.diff(column) > 0)))
        times = (column[first] + 0.5) / count * self._duration_s
        return times, np.minimum.reduceat(self.rates, first), np.maximum.reduceat(self.rates, first)
