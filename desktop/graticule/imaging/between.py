"""Fill between drawn slices: the shape between two outlines, shown at once on any slice and kept as a whole on request.

Parts of neighbouring drawn slices that overlap, or lie close, belong together. A pair is carried along the line between its
centres while its signed distance passes from one outline to the other; where one part becomes several, their common distance does
that, so branches part smoothly. A part without a partner ends half-way, growing smaller. On the way all swell as the slices drawn
before and behind tell (`bulge.py`), or round bodies would come out too small.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Floats, Grid
from graticule.domain.progress import Progress, Silent
from graticule.imaging.bulge import bulge, parts_below, radius_px
from graticule.imaging.distance import signed_mm
from graticule.imaging.islands import islands
from graticule.imaging.patch import Patch, box_round, places_mm

_OUTSIDE = np.float32(1e6)
Radii: TypeAlias = tuple[float, float, float, float]


@dataclass(frozen=True, eq=False)
class Pair:
    """What belongs together in two drawn slices. corner, size: its (row, column) place; shift: (row, column) from the first
    to the second.

    one, two: float32 signed mm, negative inside; None for a part without a partner (`deep` mm at its middle).
    """

    corner: tuple[int, int]
    one: Array | None
    two: Array | None
    shift: Floats
    deep: float

    def drawn(self, share: float, shape: tuple[int, int]) -> tuple[tuple[slice, slice], Array] | None:
        """Signed mm at `share` of the way (0 the first, 1 the second) and where on the slice; None when nothing is left there."""
        from graticule.imaging.kernels.blend import blend

        if self.one is None or self.two is None:
            own, near = (self.one, share) if self.one is not None else (self.two, 1 - share)
            if own is None or near >= 0.5:
                return None
            field = own + 2 * near * self.deep
        else:
            field = np.empty_like(self.one)
            blend(self.one, self.two, share, self.shift, field)
        (j, i), (rows, columns) = self.corner, field.shape
        target = slice(max(0, j), min(shape[0], j + rows)), slice(max(0, i), min(shape[1], i + columns))
        return target, field[target[0].start - j:target[0].stop - j, target[1].start - i:target[1].stop - i]


def pairs(one: Array, two: Array, places: tuple[Floats, Floats]) -> list[Pair]:
    """The parts of two (rows, columns) bool slices that belong together; places: mm of the rows and columns."""
    first, second = islands(one[None]), islands(two[None])
    a, b = (found.drawn(np.arange(1, len(found) + 1, dtype=np.int32))[0] for found in (first, second))
    groups = _groups(a, b, len(first), len(second), places)
    return [_pair(np.isin(a, mine), np.isin(b, theirs), len(mine), len(theirs), places) for mine, theirs in groups]


def _groups(a: Array, b: Array, count_a: int, count_b: int, places: tuple[Floats, Floats]) -> list[tuple[list[int], list[int]]]:
    """Numbers of the parts in the first and second slice that belong together; one of the lists may be empty."""
    both = (a > 0) & (b > 0)
    met = np.unique(a[both].astype(np.int64) * (count_b + 1) + b[both])
    links = {(int(n) // (count_b + 1), int(n) % (count_b + 1)) for n in met}
    lone_a, lone_b = set(range(1, count_a + 1)) - {n for n, _ in links}, set(range(1, count_b + 1)) - {m for _, m in links}
    links |= _close(a, b, lone_a, lone_b, places)
    groups: list[tuple[set[int], set[int]]] = []
    for n, m in sorted(links):
        hit = [group for group in groups if n in group[0] or m in group[1]]
        joined: tuple[set[int], set[int]] = ({n}.union(*(group[0] for group in hit)), {m}.union(*(group[1] for group in hit)))
        groups = [group for group in groups if group not in hit] + [joined]
    linked_a, linked_b = {n for n, _ in links}, {m for _, m in links}
    alone = [({n}, set[int]()) for n in range(1, count_a + 1) if n not in linked_a]
    alone += [(set[int](), {m}) for m in range(1, count_b + 1) if m not in linked_b]
    return [(sorted(mine), sorted(theirs)) for mine, theirs in groups + alone]


def _close(a: Array, b: Array, lone_a: set[int], lone_b: set[int], places: tuple[Floats, Floats]) -> set[tuple[int, int]]:
    """Lonely parts whose centres lie closer than their radii together: a thin oblique vessel moves by more than its width."""
    if not lone_a or not lone_b:
        return set()
    sizes = [(n, *_middle(a == n, places)) for n in sorted(lone_a)], [(m, *_middle(b == m, places)) for m in sorted(lone_b)]
    near = sorted((float(np.linalg.norm(p - q)) / (r + s), n, m) for n, p, r in sizes[0] for m, q, s in sizes[1])
    taken: set[tuple[int, int]] = set()
    for away, n, m in near:
        if away <= 1.5 and all(n != x and m != y for x, y in taken):
            taken.add((n, m))
    return taken


def _middle(mask: Array, places: tuple[Floats, Floats]) -> tuple[Floats, float]:
    """The centre in mm, and the radius of a disc of the same area."""
    j, i = np.nonzero(mask)
    cell = float(np.diff(places[0][:2]).sum() or 1) * float(np.diff(places[1][:2]).sum() or 1)
    return np.array([places[0][j].mean(), places[1][i].mean()]), float(np.sqrt(j.size * cell / np.pi))


def _pair(one: Array, two: Array, count_one: int, count_two: int, places: tuple[Floats, Floats]) -> Pair:
    box = box_round((one | two)[None])
    assert box is not None
    rows, columns = slice(box[1].start - 2, box[1].stop + 2), slice(box[2].start - 2, box[2].stop + 2)
    y, x = (_stretched(part, places[n]) for n, part in enumerate((rows, columns)))
    fields = [_signed(mask, rows, columns, (y, x)) if count else None for mask, count in ((one, count_one), (two, count_two))]
    shift = np.zeros(2)
    # Only a pair is carried: among several, the centre of all is nobody's.
    if count_one == 1 and count_two == 1:
        shift = np.array([np.mean(n) - np.mean(m) for n, m in zip(np.nonzero(two), np.nonzero(one), strict=True)])
    deep = max((-float(field.min()) for field in fields if field is not None), default=0.0)
    return Pair((rows.start, columns.start), fields[0], fields[1], shift, deep)


def _stretched(part: slice, places: Floats) -> Floats:
    step = float(places[1] - places[0]) if places.size > 1 else 1.0
    return np.asarray(np.arange(part.start, part.stop) * step)


def _signed(mask: Array, rows: slice, columns: slice, places: tuple[Floats, Floats]) -> Array:
    out = np.zeros((rows.stop - rows.start, columns.stop - columns.start), dtype=bool)
    j0, i0 = max(0, rows.start), max(0, columns.start)
    part = mask[j0:rows.stop, i0:columns.stop]
    out[j0 - rows.start:j0 - rows.start + part.shape[0], i0 - columns.start:i0 - columns.start + part.shape[1]] = part
    return np.asarray(signed_mm(out[None], (np.zeros(1), *places))[0])


class Between:
    """Suggestions between the drawn slices of one segment, each pair of neighbours prepared once.

    mask: (k, j, i) bool of the segment in its box, with `grid` of that box; axis: across which the slices were drawn.
    """

    def __init__(self, mask: Array, grid: Grid, axis: int = 0) -> None:
        self._mask = np.moveaxis(mask, axis, 0)
        places = places_mm(grid)
        self._along = places[axis]
        self._flat = tuple(places[n] for n in range(3) if n != axis)
        self._axis = axis
        self.drawn: list[int] = [int(n) for n in np.flatnonzero(self._mask.any(axis=(1, 2)))]
        self._pairs: dict[int, list[Pair]] = {}
        # Of each pair that has both ends: the radii (pixels) before, at both ends and behind.
        self._radii: dict[int, list[Radii | None]] = {}

    def changed(self, mask: Array) -> None:
        """The segment as it is now; only pairs beside a changed slice are prepared again."""
        mask = np.moveaxis(mask, self._axis, 0)
        differs = np.flatnonzero((mask != self._mask).any(axis=(1, 2)))
        before, self._mask = self.drawn, mask
        self.drawn = [int(n) for n in np.flatnonzero(mask.any(axis=(1, 2)))]
        ends, now = dict(pairwise(before)), dict(pairwise(self.drawn))
        self._radii.clear()
        self._pairs = {n: kept for n, kept in self._pairs.items()
                       if now.get(n) == ends.get(n) and n not in differs and now.get(n) not in differs}

    def gaps(self) -> list[tuple[int, int]]:
        """Neighbouring drawn slices with empty ones between them."""
        return [(one, two) for one, two in pairwise(self.drawn) if two - one > 1]

    def field(self, n: int) -> Array | None:
        """(rows, columns) float32 signed mm of the suggestion on empty slice n; None outside the drawn ones and on them."""
        gap = next(((one, two) for one, two in self.gaps() if one < n < two), None)
        if gap is None:
            return None
        one, two = gap
        if one not in self._pairs:
            self._pairs[one] = pairs(self._mask[one], self._mask[two], (self._flat[0], self._flat[1]))
        share = float((self._along[n] - self._along[one]) / (self._along[two] - self._along[one]))
        shape = (self._mask.shape[1], self._mask.shape[2])
        out = np.full(shape, _OUTSIDE, dtype=np.float32)
        for pair, more in zip(self._pairs[one], self._swelling(one, share), strict=True):
            drawn = pair.drawn(share, shape)
            if drawn is not None:
                out[drawn[0]] = np.minimum(out[drawn[0]], drawn[1] - more)
        return out

    def _swelling(self, one: int, share: float) -> list[np.float32]:
        """Millimetres by which each pair behind drawn slice `one` is larger than on the straight way."""
        at = self.drawn.index(one)
        if one not in self._radii:
            self._radii[one] = [self._radii_of(pair, at) for pair in self._pairs[one]]
        first, last = max(at - 1, 0), min(at + 2, len(self.drawn) - 1)
        places = [float(self._along[self.drawn[n]]) for n in (first, at, at + 1, last)]
        places = [places[0] - (first == at), *places[1:3], places[3] + (last == at + 1)]
        pixel = float(np.sqrt(np.prod([abs(places[1] - places[0]) if places.size > 1 else 1.0 for places in self._flat])))
        return [np.float32(0 if radii is None else bulge(radii, places, share) * pixel) for radii in self._radii[one]]

    def _radii_of(self, pair: Pair, at: int) -> Radii | None:
        if pair.one is None or pair.two is None:
            return None
        shape = (self._mask.shape[1], self._mask.shape[2])
        ends = [np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)]
        for end, share in enumerate((0.0, 1.0)):
            drawn = pair.drawn(share, shape)
            if drawn is not None:
                ends[end][drawn[0]] = drawn[1] < 0
        before = parts_below(self._mask[self.drawn[at - 1]], ends[0]) if at else ends[0][:0]
        behind = parts_below(self._mask[self.drawn[at + 2]], ends[1]) if at + 2 < len(self.drawn) else ends[1][:0]
        return radius_px(before), radius_px(ends[0]), radius_px(ends[1]), radius_px(behind)

    def suggestion(self, n: int) -> Array | None:
        """(rows, columns) bool of slice n."""
        field = self.field(n)
        return None if field is None else field < 0


def fill_between(patch: Patch, grid: Grid, axis: int = 0, progress: Progress | None = None) -> Patch:
    """What is new between the drawn slices of one segment (the drawn ones are left as they are); grid: the whole one.

    GraticuleError when nothing lies between them.
    """
    from graticule.imaging.patch import grid_of

    inner = patch.trimmed()
    work, progress = Between(inner.mask, grid_of(grid, inner.box), axis), progress or Silent()
    gaps = work.gaps()
    if not gaps:
        raise GraticuleError("There is no empty slice between drawn ones.",
                             "Draw the outline on at least two slices with a gap between.")
    out = np.zeros_like(np.moveaxis(inner.mask, axis, 0))
    for number, (one, two) in enumerate(gaps):
        progress.step(number, len(gaps))
        for n in range(one + 1, two):
            found = work.suggestion(n)
            if found is not None:
                out[n] = found
    return Patch(inner.box, np.moveaxis(out, 0, axis))


def fill_labels(labels: Array, grid: Grid, axis: int = 0, values: tuple[int, ...] | None = None) -> Array:
    """(k, j, i) uint8 of a box: new voxels of several segments of one group at once; where two claim one, the deeper has it.

    labels: uint8 of the box with `grid`; voxels that carry a label stay, and are 0 in the answer.
    """
    turned = np.moveaxis(labels, axis, 0)
    deepest, out = np.zeros(turned.shape, dtype=np.float32), np.zeros_like(turned)
    for value in values or tuple(int(v) for v in np.unique(labels) if v):
        work = Between(labels == value, grid, axis)
        for one, two in work.gaps():
            for n in range(one + 1, two):
                field = work.field(n)
                if field is not None:
                    better = (field < deepest[n]) & (turned[n] == 0)
                    out[n][better], deepest[n][better] = value, field[better]
    return np.moveaxis(out, 0, axis)


def drawn_axis(mask: Array) -> int:
    """Across which axis a mask was drawn slice by slice: of those along which it has gaps, the one with the most sides.

    The gap between two separate parts also leaves slices empty, but few voxels end at it.
    """
    box = box_round(mask)
    if box is None:
        return 0
    part = mask[box]
    sides = [int(np.count_nonzero(np.diff(part, axis=n))) if _has_gaps(part, n) else -1 for n in range(3)]
    return int(np.argmax(sides))


def _has_gaps(part: Array, axis: int) -> bool:
    return not part.any(axis=tuple(n for n in range(3) if n != axis)).all()
