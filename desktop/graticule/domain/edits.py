"""An edit: one committed act with its before and after. The same value is applied, undone, journalled and sent."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graticule.domain.beats import BeatChange, apply_beats
from graticule.domain.elements import Element, kind_of
from graticule.domain.errors import EditMismatch
from graticule.domain.geometry import Array
from graticule.domain.labels import Box, LabelMap, Labels


@dataclass(frozen=True, slots=True)
class ElementChange:
    """An element made (before None), replaced or removed (after None)."""

    kind: str
    id: str
    before: Element | None
    after: Element | None

    @classmethod
    def make(cls, element: Element) -> "ElementChange":
        return cls(kind_of(element), element.id, None, element)

    @classmethod
    def replace(cls, before: Element, after: Element) -> "ElementChange":
        return cls(kind_of(before), before.id, before, after)

    @classmethod
    def remove(cls, element: Element) -> "ElementChange":
        return cls(kind_of(element), element.id, element, None)

    def inverse(self) -> "ElementChange":
        return ElementChange(self.kind, self.id, self.after, self.before)


@dataclass(frozen=True, eq=False, slots=True)
class VoxelChange:
    """Voxels of one group as runs over the flat C-order index of the native grid.

    starts: (n,) int64, rising; lengths: (n,) int64; the runs do not overlap.
    before, after: (n,) uint8 label values; before_author, after_author: (n,) uint8 authorship.
    """

    group: str
    starts: Array
    lengths: Array
    before: Array
    after: Array
    before_author: Array
    after_author: Array

    @property
    def voxels(self) -> int:
        return int(self.lengths.sum())

    def inverse(self) -> "VoxelChange":
        return VoxelChange(self.group, self.starts, self.lengths, self.after, self.before, self.after_author, self.before_author)

    def indices(self) -> Array:
        """(voxels,) int64 flat indices of every voxel, rising."""
        return _spread(self.starts, self.lengths)

    def box(self, shape: tuple[int, int, int]) -> Box:
        """The smallest box known to hold the change (exact in k; in j and i when no run wraps a row)."""
        return box_of(self.starts, self.starts + self.lengths - 1, shape)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, VoxelChange) or other.group != self.group:
            return False
        return all(np.array_equal(getattr(self, name), getattr(other, name)) for name in _RUN_FIELDS)

    __hash__ = None  # type: ignore[assignment]


_RUN_FIELDS = ("starts", "lengths", "before", "after", "before_author", "after_author")

Change = ElementChange | VoxelChange | BeatChange


@dataclass(frozen=True, slots=True)
class Edit:
    """One act. `title` is what the undo menu says ("Paint tumour core")."""

    title: str
    changes: tuple[Change, ...]

    def inverse(self) -> "Edit":
        return Edit(self.title, tuple(change.inverse() for change in reversed(self.changes)))


@dataclass(frozen=True, slots=True)
class Touched:
    """What an edit changed: (kind, id) of elements, per group the box of voxels, per lead the [start, end) ticks of beats."""

    elements: frozenset[tuple[str, str]] = frozenset()
    boxes: tuple[tuple[str, Box], ...] = ()
    beats: tuple[tuple[str, tuple[int, int]], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.elements or self.boxes or self.beats)

    def joined(self, other: "Touched") -> "Touched":
        return Touched(self.elements | other.elements, self.boxes + other.boxes, self.beats + other.beats)


def apply(labels: Labels, edit: Edit) -> Touched:
    """Change the labels, or raise EditMismatch and leave them as they were when a *before* does not match."""
    return apply_changes(labels, edit.changes)


def apply_changes(labels: Labels, changes: Iterable[Change]) -> Touched:
    done: list[Change] = []
    elements: set[tuple[str, str]] = set()
    boxes: list[tuple[str, Box]] = []
    beats: list[tuple[str, tuple[int, int]]] = []
    try:
        for change in changes:
            if isinstance(change, ElementChange):
                _apply_element(labels, change)
                elements.add((change.kind, change.id))
            elif isinstance(change, BeatChange):
                apply_beats(labels.beat_table(change.lead), change)
                beats.append((change.lead, change.span))
            else:
                boxes.append((change.group, _apply_voxels(labels.group(change.group), change)))
            done.append(change)
    except EditMismatch:
        for change in reversed(done):
            apply_changes(labels, (change.inverse(),))
        raise
    return Touched(frozenset(elements), tuple(boxes), tuple(beats))


def _apply_element(labels: Labels, change: ElementChange) -> None:
    if labels.element(change.kind, change.id) != change.before:
        raise EditMismatch("This act does not fit the labels as they are now.", "Nothing was changed. Reopen the case.")
    labels.put(change.kind, change.id, change.after)


def _apply_voxels(group: LabelMap, change: VoxelChange) -> Box:
    if change.starts.size == 0:
        return slice(0, 0), slice(0, 0), slice(0, 0)
    values, authors = group.values.reshape(-1), group.authors.reshape(-1)
    if int(change.starts[0]) < 0 or int(change.starts[-1] + change.lengths[-1]) > values.size:
        raise EditMismatch("This act belongs to an image of another size.", "Nothing was changed.")
    index = change.indices()
    expected = np.repeat(change.before, change.lengths)
    expected_author = np.repeat(change.before_author, change.lengths)
    if not (np.array_equal(values[index], expected) and np.array_equal(authors[index], expected_author)):
        raise EditMismatch("This act does not fit the voxels as they are now.", "Nothing was changed. Reopen the case.")
    values[index] = np.repeat(change.after, change.lengths)
    authors[index] = np.repeat(change.after_author, change.lengths)
    group.counts -= np.bincount(change.before, weights=change.lengths, minlength=256).astype(np.int64)
    group.counts += np.bincount(change.after, weights=change.lengths, minlength=256).astype(np.int64)
    box = change.box(group.shape)
    group.grow_box(box)
    _mark_slices(group, change)
    return box


def _mark_slices(group: LabelMap, change: VoxelChange) -> None:
    """Note the slices that are others now; a run may go from one into the next."""
    size = group.shape[1] * group.shape[2]
    first, last = change.starts // size, (change.starts + change.lengths - 1) // size
    touched = np.zeros(group.shape[0] + 1, dtype=np.int64)
    np.add.at(touched, first, 1)
    np.add.at(touched, last + 1, -1)
    group.versions[np.cumsum(touched[:-1]) > 0] += 1


def voxel_change(group_name: str, group: LabelMap, index: Array, value: int | Array, author: int | Array) -> VoxelChange | None:
    """The change that gives voxels `value` and `author`.

    index: (n,) int64 flat indices, rising, unique. value, author: a number, or (n,) uint8.
    Voxels that already carry both are left out; None when nothing would change.
    """
    before = group.values.reshape(-1)[index]
    before_author = group.authors.reshape(-1)[index]
    after = np.broadcast_to(np.asarray(value, dtype=np.uint8), index.shape)
    after_author = np.broadcast_to(np.asarray(author, dtype=np.uint8), index.shape)
    changed = (before != after) | (before_author != after_author)
    if not changed.any():
        return None
    keep = [array[changed] for array in (index, before, after, before_author, after_author)]
    return runs_of(group_name, *keep)


def merge(labels: Labels, changes: Iterable[VoxelChange]) -> list[VoxelChange]:
    """One change per group equal to `changes` applied in order, the last of which the labels already hold."""
    by_group: dict[str, list[VoxelChange]] = {}
    for change in changes:
        by_group.setdefault(change.group, []).append(change)
    merged = []
    for name, parts in by_group.items():
        one = parts[0] if len(parts) == 1 else _merge_group(name, labels.group(name), parts)
        if one is not None:
            merged.append(one)
    return merged


def _merge_group(name: str, group: LabelMap, parts: list[VoxelChange]) -> VoxelChange | None:
    index = np.concatenate([part.indices() for part in parts])
    before = np.concatenate([np.repeat(part.before, part.lengths) for part in parts])
    author = np.concatenate([np.repeat(part.before_author, part.lengths) for part in parts])
    order = np.argsort(index, kind="stable")
    index, before, author = index[order], before[order], author[order]
    first = np.ones(index.size, dtype=bool)
    first[1:] = index[1:] != index[:-1]
    index, before, author = index[first], before[first], author[first]
    after, after_author = group.values.reshape(-1)[index], group.authors.reshape(-1)[index]
    changed = (before != after) | (author != after_author)
    if not changed.any():
        return None
    return runs_of(name, index[changed], before[changed], after[changed], author[changed], after_author[changed])


def runs_of(group: str, index: Array, before: Array, after: Array, before_author: Array, after_author: Array) -> VoxelChange:
    """The change of single voxels as runs. index: (n,) int64, rising and unique; the rest (n,) uint8."""
    new_run = np.ones(index.size, dtype=bool)
    new_run[1:] = ((np.diff(index) != 1) | (np.diff(before) != 0) | (np.diff(after) != 0)
                   | (np.diff(before_author) != 0) | (np.diff(after_author) != 0))
    at = np.flatnonzero(new_run)
    lengths = np.diff(np.append(at, index.size))
    return VoxelChange(group, index[at].astype(np.int64), lengths.astype(np.int64),
                       before[at], after[at], before_author[at], after_author[at])


def _spread(starts: Array, lengths: Array) -> Array:
    total = int(lengths.sum())
    offsets = np.cumsum(lengths) - lengths
    out: npt.NDArray[np.int64] = np.arange(total, dtype=np.int64) + np.repeat(starts - offsets, lengths)
    return out


def box_of(first: Array, last: Array, shape: tuple[int, int, int]) -> Box:
    """The box round runs given by the flat index of their first and last voxel."""
    _, rows, columns = shape
    k0, k1 = int(first.min()) // (rows * columns), int(last.max()) // (rows * columns)
    j = np.concatenate([first // columns % rows, last // columns % rows])
    i = np.concatenate([first % columns, last % columns])
    if bool((first // columns != last // columns).any()):
        i = np.array([0, columns - 1])
    if bool((first // (rows * columns) != last // (rows * columns)).any()):
        j = np.array([0, rows - 1])
    return slice(k0, k1 + 1), slice(int(j.min()), int(j.max()) + 1), slice(int(i.min()), int(i.max()) + 1)
