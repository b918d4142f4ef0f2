"""Livewire: the outline that clings to edges between the last anchor and the hand.

One pass from an anchor finds the cheapest way to every pixel of the slice (Mortensen and Barrett 1995); each move then only
reads its way back.
"""

from dataclasses import dataclass

import numpy as np

from graticule.domain.geometry import Array, Floats

_DEAREST = 250
_CHEAPEST = 2


@dataclass(frozen=True, slots=True)
class LivewireParameters:
    """sharpness: how much dearer flat ground is than an edge (1: edges hardly matter, 4: it follows every one).

    smooth_px: standard deviation of the smoothing before edges are looked for.
    """

    sharpness: float = 2.0
    smooth_px: float = 1.0


class Livewire:
    """Edges of one (rows, columns) picture; anchors are set on it in turn."""

    def __init__(self, picture: Array, parameters: LivewireParameters | None = None) -> None:
        self.price = edge_price(picture, parameters or LivewireParameters())
        self._way: Array | None = None
        self.anchor: tuple[int, int] | None = None

    def start(self, anchor: tuple[int, int]) -> None:
        """anchor: (row, column). Finds every way from there."""
        from graticule.imaging.kernels.paths import FAR, wire

        rows, columns = self.price.shape
        row, column = min(max(anchor[0], 0), rows - 1), min(max(anchor[1], 0), columns - 1)
        size = rows * columns
        cost, way = np.full(size, FAR, dtype=np.int32), np.full(size, -1, dtype=np.int32)
        after, before = np.empty(size, dtype=np.int32), np.full(size, -2, dtype=np.int32)
        wire(self.price, 2**0.5, row * columns + column, cost, way, np.full(512, -1, dtype=np.int32), after, before)
        self._way, self.anchor = way, (row, column)

    def to(self, place: tuple[int, int]) -> Array:
        """(n, 2) int64 (row, column) from the anchor to a place, both included; empty before the first anchor."""
        if self._way is None:
            return np.zeros((0, 2), dtype=np.int64)
        rows, columns = self.price.shape
        at = min(max(place[0], 0), rows - 1) * columns + min(max(place[1], 0), columns - 1)
        path = []
        while at >= 0:
            path.append(at)
            at = int(self._way[at])
        flat = np.array(path[::-1], dtype=np.int64)
        return np.stack([flat // columns, flat % columns], axis=1)


def edge_price(picture: Array, parameters: LivewireParameters) -> Array:
    """(rows, columns) int32 price of stepping onto each pixel: low on strong edges, lowest on their ridge."""
    from scipy.ndimage import gaussian_filter, maximum_filter

    field = np.nan_to_num(np.asarray(picture, dtype=np.float32))
    field = gaussian_filter(field, parameters.smooth_px)
    slope = np.hypot(*np.gradient(field)) if min(field.shape) > 1 else np.zeros_like(field)
    strongest = float(np.percentile(slope, 99)) or 1.0
    # Edges are judged against their surroundings too, so that a faint border beside a bright one is not lost.
    near = maximum_filter(slope, size=31)
    strength = np.clip(np.maximum(slope / strongest, 0.7 * slope / np.maximum(near, strongest * 0.05)), 0, 1)
    ridge = (slope >= maximum_filter(slope, size=3)) & (strength > 0.1)
    price = (1 - strength) ** parameters.sharpness * _DEAREST
    price[ridge] *= 0.6
    return np.asarray(np.clip(price, _CHEAPEST, _DEAREST), dtype=np.int32)


def outline_from(paths: list[Array]) -> Floats:
    """(n, 2) float64 (column, row) pixel centres of several paths in turn, joints once: ready for a polygon. A centre is at
    + 0.5."""
    whole = np.concatenate([path if n == 0 else path[1:] for n, path in enumerate(paths)]) if paths else np.zeros((0, 2))
    return np.asarray(whole[:, ::-1], dtype=np.float64) + 0.5
