"""What one segment measures, found in a job: its numbers, those of its separate parts, who made it, and which side it lies on."""

from collections.abc import Sequence
from dataclasses import dataclass

from graticule.domain.geometry import Array, Floats
from graticule.domain.labels import Box, LabelMap
from graticule.domain.progress import Progress
from graticule.domain.volume import Volume
from graticule.imaging.largest_parts import largest_parts, middle_voxel
from graticule.imaging.patch import Patch, box_round, inside_box
from graticule.imaging.segment_numbers import SegmentNumbers, numbers_in
from graticule.imaging.statistics import Statistics
from graticule.imaging.ties import Tie
from graticule.imaging.values_under import values_under
from graticule.presenters.authorship import Share, shares_of

# More parts than this are specks of noise: they are counted, the largest of them measured.
MOST_PARTS = 12


@dataclass(frozen=True, eq=False)
class Beside:
    """A series tied to the case, whose values are told under the mask too."""

    title: str
    volume: Volume
    tie: Tie


@dataclass(frozen=True, eq=False)
class Part:
    """One connected part. middle_mm: a place inside it."""

    numbers: SegmentNumbers
    middle_mm: Floats


@dataclass(frozen=True, eq=False)
class Figures:
    """numbers: None when nothing is labelled. parts: the largest connected parts, largest first; count: of all of them.

    beside: (title, unit, values) of series tied to this one. box: the smallest that holds the segment.
    """

    numbers: SegmentNumbers | None = None
    parts: tuple[Part, ...] = ()
    count: int = 0
    authors: tuple[Share, ...] = ()
    middle_mm: Floats | None = None
    beside: tuple[tuple[str, str, Statistics], ...] = ()
    box: Box | None = None


def figures_of(group: LabelMap, value: int, near: Box | None, volume: Volume, others: Sequence[Beside],
               progress: Progress) -> Figures:
    """near: a box known to hold the segment (None: the group's). Reads the group once, then works in the segment's own box."""
    outer = near or group.box
    inner = box_round(group.values[outer] == value) if outer is not None else None
    if outer is None or inner is None:
        return Figures()
    box = inside_box(outer, inner)
    mask, authors = group.values[box] == value, group.authors[box].copy()
    progress.step(1, 4)
    numbers = numbers_in(mask, box, volume)
    progress.step(2, 4)
    parts, count = _parts(mask, box, volume, numbers)
    progress.step(3, 4)
    beside = tuple((one.title, one.volume.unit or "", found) for one in others
                   if (found := values_under(mask, box, volume.grid, one.volume, one.tie)) is not None)
    return Figures(numbers, parts, count, shares_of(mask, authors, volume.grid.slice_ml[box[0]]),
                   _middle(Patch(box, mask), volume), beside, box)


def _parts(mask: Array, box: Box, volume: Volume, whole: SegmentNumbers | None) -> tuple[tuple[Part, ...], int]:
    found, count = largest_parts(mask, box, volume.grid, MOST_PARTS)
    if count < 2 or whole is None:
        return (), count
    measured = ((part, numbers_in(part.mask, part.box, volume)) for part, _ in found)
    return tuple(Part(numbers, _middle(part, volume)) for part, numbers in measured if numbers is not None), count


def _middle(patch: Patch, volume: Volume) -> Floats:
    k, j, i = middle_voxel(patch)
    return volume.grid.to_patient((i, j, k))
