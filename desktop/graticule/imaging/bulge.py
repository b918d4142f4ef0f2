"""How a body swells between two drawn slices: a cubic through the sizes of its neighbours, where a straight line cuts it short.

Blending two outlines straight takes the chord of every arch, and so loses some per cent of every round tumour. The slices drawn
before and behind tell how it is bent (Herman, Zheng, Bucholtz 1992: shape-based interpolation of higher order).
"""

from collections.abc import Sequence

import numpy as np

from graticule.domain.geometry import Array
from graticule.imaging.islands import islands
from graticule.imaging.patch import box_round

# Never more than this part of the smaller of both radii: what lies between is a guess.
_MOST = 0.3


def radius_px(mask: Array) -> float:
    """Of a disc of the same area."""
    return float(np.sqrt(np.count_nonzero(mask) / np.pi))


def parts_below(mask: Array, above: Array) -> Array:
    """(rows, columns) bool of a box: the parts of one drawn slice that lie over what is set in the next."""
    box = box_round((mask | above)[None])
    if box is None:
        return mask[:0]
    mask, above = mask[box[1:]], above[box[1:]]
    found = islands(mask[None])
    if len(found) == 1:
        return mask if (above & mask).any() else mask[:0]
    numbers = found.drawn(np.arange(1, len(found) + 1, dtype=np.int32))[0]
    met = np.unique(numbers[above & mask])
    return np.isin(numbers, met[met > 0])


def bulge(radii: Sequence[float], places: Sequence[float], share: float) -> float:
    """How much larger the radius is at `share` of the way than on the straight line, in the unit of the radii.

    radii: before, first, second, behind; 0 before or behind: nothing is known there. places: of the four slices along the axis.
    """
    before, one, two, behind = radii
    gaps = np.diff(np.asarray(places, dtype=np.float64))
    straight = (two - one) / gaps[1]
    start = _slope(one - before, gaps[0], straight, gaps[1]) if before else None
    end = _slope(behind - two, gaps[2], straight, gaps[1]) if behind else None
    if start is None and end is None:
        return 0.0
    start = 1.5 * straight - 0.5 * end if start is None and end is not None else start
    end = 1.5 * straight - 0.5 * start if end is None and start is not None else end
    assert start is not None and end is not None
    left, right = share * (1 - share) ** 2, share**2 * (1 - share)
    found = gaps[1] * (left * (start - straight) + right * (straight - end))
    return float(np.clip(found, -_MOST * min(one, two), _MOST * min(one, two)))


def _slope(step: float, gap: float, straight: float, beside: float) -> float:
    """Of the parabola through three slices, at the middle one."""
    return float((step / gap * beside + straight * gap) / (gap + beside))
