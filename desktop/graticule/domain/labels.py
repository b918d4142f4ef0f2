"""The state of one reader's annotation of one case: elements and voxels. Changed only by `edits.apply`."""

import itertools
import math
import mmap
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, TypeVar, cast

import numpy as np

from graticule.domain.beats import BeatTable, beats_in
from graticule.domain.elements import Beat, Element, Group, Segment, kind_of
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Grid

E = TypeVar("E", bound=Element)

# Authorship of a voxel, the plane beside the label map. Frozen: these numbers are stored.
AUTHOR_NONE, AUTHOR_HAND, AUTHOR_INTERPOLATED, AUTHOR_GROWN, AUTHOR_MACHINE, AUTHOR_MACHINE_CORRECTED = range(6)

Box = tuple[slice, slice, slice]

# Seeds are kept as a label map beside their group's: the same values, and one for what surrounds all segments. No segment lies
# in such a map, so nothing counts, measures or exports it; undo, restart and replay keep it like any other voxel.
SEEDS_AROUND = 255
_SEEDS_OF = "seeds of "

# From this size on the system is asked for small pages.
_LARGE = 1 << 25

# Voxels of all groups together that stored labels may have (`records.payload`).
MOST_VOXELS = 1 << 31


def seeds_of(group: str) -> str:
    """The name under which the seeds of a group are kept."""
    return _SEEDS_OF + group


def holds_seeds(name: str) -> bool:
    return name.startswith(_SEEDS_OF)


def sparse_zeros(shape: tuple[int, int, int]) -> Array:
    """(k, j, i) uint8 zeros whose untouched pages cost nothing, and whose touched ones cost 4 kB.

    NumPy asks for pages of 2 MB for large arrays; a thin structure would then take eight slices of 512×512 for each it touches.
    """
    size = math.prod(shape)
    if size < _LARGE or not hasattr(mmap, "MADV_NOHUGEPAGE"):
        return np.zeros(shape, dtype=np.uint8)
    pages = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    with suppress(OSError):  # a kernel without huge pages needs no asking
        pages.madvise(mmap.MADV_NOHUGEPAGE)
    return np.frombuffer(pages, dtype=np.uint8).reshape(shape)


class LabelMap:
    """A group's voxels on the native grid.

    values, authors: (k, j, i) uint8. Untouched pages cost no memory, so the whole grid is kept.
    counts: (256,) voxels of each value, kept up to date by every change (live millilitres cost nothing).
    """

    def __init__(self, shape: tuple[int, int, int]) -> None:
        self.values: Array = sparse_zeros(shape)
        self.authors: Array = sparse_zeros(shape)
        # Rises with every change of a slice: what was written of it before is still right while its number stands.
        self.versions: Array = np.zeros(shape[0], dtype=np.int64)
        self.counts: Array = np.zeros(256, dtype=np.int64)
        self.counts[0] = self.values.size
        self._low: list[int] | None = None
        self._high: list[int] = [0, 0, 0]

    @property
    def shape(self) -> tuple[int, int, int]:
        k, j, i = self.values.shape
        return int(k), int(j), int(i)

    @property
    def box(self) -> Box | None:
        """A box that holds every labelled voxel (it grows with edits and may be larger than needed), or None."""
        return self.extent if int(self.counts[1:].sum()) else None

    @property
    def extent(self) -> Box | None:
        """A box that holds every voxel that carries a value or an author (an erased voxel may keep one), or None."""
        if self._low is None:
            return None
        k, j, i = (slice(low, high) for low, high in zip(self._low, self._high, strict=True))
        return k, j, i

    def grow_box(self, box: Box) -> None:
        if self._low is None:
            self._low, self._high = [s.start for s in box], [s.stop for s in box]
            return
        self._low = [min(low, s.start) for low, s in zip(self._low, box, strict=True)]
        self._high = [max(high, s.stop) for high, s in zip(self._high, box, strict=True)]

    def copy(self) -> "LabelMap":
        other = LabelMap(self.shape)
        box = self.extent
        if box is not None:
            _, j, i = box
            for k in range(box[0].start, box[0].stop):  # a page that holds nothing is read here, and never made there
                for plane, copied in ((self.values, other.values), (self.authors, other.authors)):
                    if plane[k, j, i].any():
                        copied[k, j, i] = plane[k, j, i]
            other.counts[:] = self.counts
            other.versions[:] = self.versions
            other.grow_box(box)
        return other

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, LabelMap) or other.shape != self.shape:
            return False
        return np.array_equal(self.values, other.values) and np.array_equal(self.authors, other.authors)

    __hash__ = None  # type: ignore[assignment]


class Labels:
    """Elements by kind and id, in the order they were made, label maps by group, and tables of beats by lead ("" for all leads).

    extra: fields of a stored payload that only a newer version knows, passed on untouched.
    """

    def __init__(self, grid_shape: tuple[int, int, int] | None = None) -> None:
        self.grid_shape = grid_shape
        self._elements: dict[tuple[str, str], Element] = {}
        self.groups: dict[str, LabelMap] = {}
        self.beats: dict[str, BeatTable] = {}
        self.extra: dict[str, Any] = {}

    def all(self) -> Iterator[Element]:
        return iter(self._elements.values())

    def of(self, cls: type[E]) -> list[E]:
        """The elements of a class. Asked for beats it gives those of the tables too, each made into an element for the asking."""
        found = [element for element in self._elements.values() if isinstance(element, cls)]
        if cls is Beat:
            found += [cast(E, beat) for lead, table in sorted(self.beats.items()) for beat in beats_in(lead, table)]
        return found

    def beats_between(self, start: int, end: int) -> list[Beat]:
        """Beats of [start, end) ticks, of elements and tables: cheap even where a record holds a million."""
        found = [element for element in self._elements.values() if isinstance(element, Beat) and start <= element.tick < end]
        return found + [beat for lead, table in sorted(self.beats.items()) for beat in beats_in(lead, table, start, end)]

    def beat_table(self, lead: str = "") -> BeatTable:
        """The table of beats of a lead, made on first use."""
        return self.beats.setdefault(lead, BeatTable())

    def get(self, cls: type[E], element_id: str) -> E | None:
        return cast(E | None, self._elements.get((cls.KIND, element_id)))

    def element(self, kind: str, element_id: str) -> Element | None:
        return self._elements.get((kind, element_id))

    def put(self, kind: str, element_id: str, element: Element | None) -> None:
        """Only for `edits.apply` and for decoders: everything else commits an edit through the workspace."""
        if element is None:
            self._elements.pop((kind, element_id), None)
        else:
            if (kind_of(element), element.id) != (kind, element_id):
                raise GraticuleError("An element was stored under another element's name.")
            self._elements[(kind, element_id)] = element

    def group(self, name: str) -> LabelMap:
        """The group's label map, made on first use; refused for a case without a voxel grid."""
        if name not in self.groups:
            if self.grid_shape is None:
                raise GraticuleError("This case has no voxels to paint on.")
            self.groups[name] = LabelMap(self.grid_shape)
        return self.groups[name]

    def possible_of(self, segment: Segment) -> Segment | None:
        """The possible boundary round a segment, None when it has none."""
        return next((other for other in self.of(Segment) if other.possible_of == segment.id), None)

    def sure_of(self, segment: Segment) -> Segment | None:
        """The segment whose possible boundary this is, None for one that says what is sure."""
        return self.get(Segment, segment.possible_of) if segment.possible_of else None

    def is_possible(self, group: str) -> bool:
        """Whether a group is that of a possible boundary, which has one of its own."""
        return any(segment.possible_of and segment.group == group for segment in self.of(Segment))

    def own_group(self) -> str:
        """A name for a further group that nothing else lies in; GraticuleError when the labels would be too large to keep."""
        used = {*self.groups, *(segment.group for segment in self.of(Segment)), *(group.id for group in self.of(Group))}
        if self.grid_shape is not None and (len(self.groups) + 1) * math.prod(self.grid_shape) > MOST_VOXELS:
            raise GraticuleError("This image is too large for a further layer of labels.",
                                 "Remove a possible boundary or a group that is not needed.")
        return next(str(number) for number in itertools.count(1) if str(number) not in used)

    def label_groups(self) -> dict[str, LabelMap]:
        """The groups that segments lie in: all but seeds."""
        return {name: group for name, group in self.groups.items() if not holds_seeds(name)}

    def voxels_of(self, segment: Segment) -> int:
        group = self.groups.get(segment.group)
        return int(group.counts[segment.value]) if group else 0

    def ml_of(self, segment: Segment, grid: Grid) -> float:
        """Millilitres of a segment on its case's grid; where slices are uneven, each counts with its own thickness."""
        voxels = self.voxels_of(segment)
        if grid.levels is None or voxels == 0:
            return voxels * grid.voxel_ml
        group = self.groups[segment.group]
        box = group.box
        if box is None:
            return 0.0
        found = np.count_nonzero(group.values[box] == segment.value, axis=(1, 2))
        return float(found @ grid.slice_ml[box[0]])

    def free_value(self, group: str) -> int:
        """The lowest label value that no segment of the group has used and no voxel or seed carries."""
        taken = {segment.value for segment in self.of(Segment) if segment.group == group}
        counts = [self.groups[name].counts for name in (group, seeds_of(group)) if name in self.groups]
        for value in range(1, 256):
            if value not in taken and not any(count[value] for count in counts):
                return value
        raise GraticuleError("A group holds at most 255 segments.", "Put further segments into another group.")

    @property
    def empty(self) -> bool:
        if self._elements or any(map(len, self.beats.values())):
            return False
        return all(int(group.counts[1:].sum()) == 0 for group in self.groups.values())

    def copy(self) -> "Labels":
        other = Labels(self.grid_shape)
        other._elements = dict(self._elements)
        other.groups = {name: group.copy() for name, group in self.groups.items()}
        other.beats = {lead: table.copy() for lead, table in self.beats.items()}
        other.extra = dict(self.extra)
        return other

    def __eq__(self, other: object) -> bool:
        """Same elements and same voxels; order of making and empty groups do not count."""
        if not isinstance(other, Labels) or self._elements != other._elements or self.extra != other.extra:
            return False
        if any(self.beats.get(lead, BeatTable()) != other.beats.get(lead, BeatTable()) for lead in {*self.beats, *other.beats}):
            return False
        return all(_same_group(self.groups.get(name), other.groups.get(name)) for name in {*self.groups, *other.groups})

    __hash__ = None  # type: ignore[assignment]


def _same_group(one: LabelMap | None, two: LabelMap | None) -> bool:
    if one is not None and two is not None:
        return one == two
    only = one or two
    if only is None or only.extent is None:
        return True
    return not (only.values[only.extent].any() or only.authors[only.extent].any())
