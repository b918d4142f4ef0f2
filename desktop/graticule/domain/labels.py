"""The state of one reader's annotation of one case: elements and voxels. Changed only by `edits.apply`."""

from collections.abc import Iterator
from typing import Any, TypeVar, cast

import numpy as np

from graticule.domain.elements import Element, Segment, kind_of
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Grid

E = TypeVar("E", bound=Element)

# Authorship of a voxel, the plane beside the label map. Frozen: these numbers are stored.
AUTHOR_NONE, AUTHOR_HAND, AUTHOR_INTERPOLATED, AUTHOR_GROWN, AUTHOR_MACHINE, AUTHOR_MACHINE_CORRECTED = range(6)

Box = tuple[slice, slice, slice]


class LabelMap:
    """A group's voxels on the native grid.

    values, authors: (k, j, i) uint8. Untouched pages cost no memory, so the whole grid is kept.
    counts: (256,) voxels of each value, kept up to date by every change (live millilitres cost nothing).
    """

    def __init__(self, shape: tuple[int, int, int]) -> None:
        self.values: Array = np.zeros(shape, dtype=np.uint8)
        self.authors: Array = np.zeros(shape, dtype=np.uint8)
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
            other.values[box] = self.values[box]
            other.authors[box] = self.authors[box]
            other.counts[:] = self.counts
            other.grow_box(box)
        return other

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, LabelMap) or other.shape != self.shape:
            return False
        return np.array_equal(self.values, other.values) and np.array_equal(self.authors, other.authors)

    __hash__ = None  # type: ignore[assignment]


class Labels:
    """Elements by kind and id, in the order they were made, and label maps by group.

    extra: fields of a stored payload that only a newer version knows, passed on untouched.
    """

    def __init__(self, grid_shape: tuple[int, int, int] | None = None) -> None:
        self.grid_shape = grid_shape
        self._elements: dict[tuple[str, str], Element] = {}
        self.groups: dict[str, LabelMap] = {}
        self.extra: dict[str, Any] = {}

    def all(self) -> Iterator[Element]:
        return iter(self._elements.values())

    def of(self, cls: type[E]) -> list[E]:
        return [element for element in self._elements.values() if isinstance(element, cls)]

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
        """The lowest label value that no segment of the group has used and no voxel carries."""
        taken = {segment.value for segment in self.of(Segment) if segment.group == group}
        counts = self.groups[group].counts if group in self.groups else None
        for value in range(1, 256):
            if value not in taken and (counts is None or counts[value] == 0):
                return value
        raise GraticuleError("A group holds at most 255 segments.", "Put further segments into another group.")

    @property
    def empty(self) -> bool:
        return not self._elements and all(int(group.counts[1:].sum()) == 0 for group in self.groups.values())

    def copy(self) -> "Labels":
        other = Labels(self.grid_shape)
        other._elements = dict(self._elements)
        other.groups = {name: group.copy() for name, group in self.groups.items()}
        other.extra = dict(self.extra)
        return other

    def __eq__(self, other: object) -> bool:
        """Same elements and same voxels; order of making and empty groups do not count."""
        if not isinstance(other, Labels) or self._elements != other._elements or self.extra != other.extra:
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
