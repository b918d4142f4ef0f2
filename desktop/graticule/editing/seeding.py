"""Growing from seeds: the seeds of one group as they are now, the growth that follows them, and what it proposes.

Seeds are voxels of a label map beside their group's (`domain.labels.seeds_of`), drawn by hand, so each stroke of them is an act
like any other. What a hand drew stays; what was grown before gives way to what grows now.
"""

from dataclasses import dataclass
from functools import reduce

import numpy as np

from graticule.domain.elements import Segment
from graticule.domain.geometry import Array
from graticule.domain.labels import AUTHOR_GROWN, AUTHOR_HAND, SEEDS_AROUND, Box, Labels, seeds_of
from graticule.domain.progress import Progress
from graticule.editing.canvas import Canvas
from graticule.editing.paint_rules import PaintRules
from graticule.editing.proposal import GAINS, LOSES, Proposal, Proposed
from graticule.imaging.authorship import DERIVED
from graticule.imaging.patch import Patch, box_round, inside_box
from graticule.imaging.seeds import GrowParameters, Growth, box_about
from graticule.imaging.threshold import Range, inside_range

# The box is rounded outwards to these voxels, so that most strokes leave it as it is and only correct the growth in it.
_ROUND = 8


@dataclass(frozen=True, eq=False)
class Planted:
    """Seeds of a group at one moment and the labels round them, as copies: the growth runs beside the hand.

    box: of the grid, where it may grow. seeds, values, authors: uint8 of the box's shape. segments: by value, those that have a
    seed and may change. may_take: by value, (256,) bool, the values whose voxels each may take. range: the only image values.
    """

    group: str
    box: Box
    seeds: Array
    values: Array
    authors: Array
    segments: dict[int, Segment]
    may_take: dict[int, Array]
    range: Range | None

    @property
    def kinds(self) -> list[int]:
        """The values that seeds have, that of the surroundings among them."""
        return [int(value) for value in np.flatnonzero(np.bincount(self.seeds.reshape(-1), minlength=256)) if value]

    @property
    def enough(self) -> bool:
        """Whether anything can grow: a segment, and something for it to grow against."""
        return len(self.kinds) > 1 and bool(self.segments)

    def same_seeds(self, other: "Planted | None") -> bool:
        return (other is not None and (other.group, other.box) == (self.group, self.box)
                and np.array_equal(other.seeds, self.seeds))


def planted(labels: Labels, group: str, rules: PaintRules) -> Planted | None:
    """What is planted in a group; None while there is no seed. Seeds of a segment that is gone do not count."""
    drawn = labels.groups.get(seeds_of(group))
    if drawn is None or drawn.box is None:
        return None
    own = {segment.value: segment for segment in labels.of(Segment) if segment.group == group}
    known = np.isin(np.arange(256), [SEEDS_AROUND, *own])
    known[0] = False
    inner = box_round(known[drawn.values[drawn.box]])
    if inner is None:
        return None
    box = _rounded(box_about(inside_box(drawn.box, inner), drawn.shape), drawn.shape)
    seeds = np.where(known[drawn.values[box]], drawn.values[box], np.uint8(0))
    present = np.bincount(seeds.reshape(-1), minlength=256) > 0
    growing = {value: segment for value, segment in own.items() if present[value] and not segment.locked}
    allowed, below = rules.values(labels, group), labels.group(group)
    tables = {}
    for value in growing:
        tables[value] = allowed.may_take(value)
        if allowed.inside is None:
            tables[value][list(growing)] = True
    return Planted(group, box, seeds, below.values[box].copy(), below.authors[box].copy(), growing, tables, rules.range)


def _rounded(box: Box, shape: tuple[int, int, int]) -> Box:
    k, j, i = (slice(part.start // _ROUND * _ROUND, min(size, -(-part.stop // _ROUND) * _ROUND))
               for part, size in zip(box, shape, strict=True))
    return k, j, i


class Growing:
    """One growth, kept while its seeds come and go in the same box. To be used by one thread at a time."""

    def __init__(self) -> None:
        self._growth: Growth | None = None
        self._asked: tuple[Box, GrowParameters] | None = None

    def forget(self) -> None:
        self._growth = None

    def grown(self, canvas: Canvas, now: Planted, parameters: GrowParameters, progress: Progress) -> Array:
        """(k, j, i) uint8 of the planted box: the value each voxel grew into. The same seeds always give the same answer."""
        if self._growth is None or self._asked != (now.box, parameters):
            self._growth, self._asked = Growth(canvas.voxels, canvas.grid, now.box, parameters), (now.box, parameters)
        self._growth.update(now.seeds, progress)
        return np.asarray(self._growth.labels.copy())


def proposal_of(canvas: Canvas, now: Planted, grown: Array, names: dict[int, str]) -> Proposal:
    """What the growth would give to and take from the segments that have seeds. names: of each value, for the words."""
    kept = {value: (now.values == value) & (now.authors != AUTHOR_GROWN) & ((now.seeds == 0) | (now.seeds == value))
            for value in now.segments}
    free = ~reduce(np.logical_or, kept.values())
    if now.range is not None:
        free &= inside_range(canvas.voxels[now.box], now.range)
    wanted = {value: kept[value] | ((grown == value) & free & now.may_take[value][now.values]) for value in now.segments}
    given = reduce(np.logical_or, wanted.values())
    among = frozenset(segment.id for segment in now.segments.values())
    parts = []
    for value, segment in now.segments.items():
        own = now.values == value
        gained = Patch(now.box, wanted[value] & ~own)
        source = np.where(now.seeds == value, np.uint8(AUTHOR_HAND), np.uint8(AUTHOR_GROWN))
        parts.append(_trimmed(segment.id, gained, source, among))
        lost = Patch(now.box, own & ~given).trimmed()
        if lost.voxels:
            parts.append(Proposed(segment.id, lost, LOSES))
    amounts = [f"{names[value]} {_ml(canvas, now.box, wanted[value]):.1f} mL" for value in now.segments]
    title = f"Grow {names[next(iter(names))]} from seeds" if len(names) == 1 else f"Grow {len(names)} segments from seeds"
    return Proposal(title, tuple(parts), DERIVED, " · ".join(amounts))


def _trimmed(segment: str, patch: Patch, source: Array, among: frozenset[str]) -> Proposed:
    inner = box_round(patch.mask)
    if inner is None:
        return Proposed(segment, Patch.nothing(), GAINS, np.zeros((0, 0, 0), dtype=np.uint8), among)
    return Proposed(segment, Patch(inside_box(patch.box, inner), patch.mask[inner]), GAINS, source[inner], among)


def _ml(canvas: Canvas, box: Box, mask: Array) -> float:
    """Of voxels of the box, each slice with its own thickness."""
    each = np.count_nonzero(mask, axis=(1, 2))
    return float(each @ canvas.grid.slice_ml[box[0]])
