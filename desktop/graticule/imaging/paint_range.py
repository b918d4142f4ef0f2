"""Painting only where the intensity fits: a fixed range, or one that grows with what the stroke has touched."""

from dataclasses import dataclass

import numpy as np

from graticule.domain.geometry import Array
from graticule.imaging.threshold import Range

# A robust spread (1.4826 × median absolute deviation) is the standard deviation of normal values.
_MAD = 1.4826


def only_in_range(index: Array, voxels: Array, chosen: Range) -> Array:
    """The (n,) flat indices whose voxel's value lies in the range."""
    values = voxels.reshape(-1)[index]
    return index[(values >= chosen.low) & (values <= chosen.high)]


@dataclass(frozen=True, slots=True)
class StrokeRange:
    """What a stroke has met under its core: the range is its median ± `spread` robust deviations, never narrower than `least`.

    sample: the values met so far (bounded). A new one is made at each press; `seen` at each move.
    """

    spread: float = 2.5
    least: float = 0.0
    sample: tuple[float, ...] = ()

    def seen(self, core: Array, voxels: Array) -> "StrokeRange":
        """core: (n,) flat indices of the voxels close under the hand (a third of the brush's radius is a good core)."""
        values = voxels.reshape(-1)[core].astype(np.float64)
        values = values[np.isfinite(values)]
        together = np.concatenate([self.sample, values])
        # A long stroke keeps an even sample of all it met, so it forgets neither its beginning nor its end.
        if together.size > 4096:
            together = together[np.linspace(0, together.size - 1, 2048).astype(np.int64)]
        return StrokeRange(self.spread, self.least, tuple(together.tolist()))

    @property
    def range(self) -> Range:
        if not self.sample:
            return Range()
        values = np.array(self.sample)
        middle = float(np.median(values))
        reach = max(self.spread * _MAD * float(np.median(np.abs(values - middle))), self.least)
        return Range(middle - reach, middle + reach)
