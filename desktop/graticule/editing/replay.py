"""How labels came about, act by act, on labels of its own: what is replayed never touches what stands.

Going from one act to the next applies the journal's own edits, so every moment is exactly what it was. Over long stretches the
net effect of blocks of acts is used, which `prepare` computes beside the hand.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from graticule.domain.beats import BeatChange, merge_beats
from graticule.domain.edits import Change, Edit, ElementChange, Touched, VoxelChange, apply_changes, runs_of
from graticule.domain.geometry import Array
from graticule.domain.labels import Labels
from graticule.domain.progress import Progress

BLOCK = 64
# A block of acts on more voxels than this is gone through act by act: its net would hold too much memory.
MOST_VOXELS = 3_000_000


class Replay:
    """labels: a copy, as they are after `acts` acts; edit: the edit of act 1 … `acts` (`EditJournal.edit`)."""

    def __init__(self, labels: Labels, acts: int, edit: Callable[[int], Edit]) -> None:
        self.labels = labels
        self.acts = acts
        self.at = acts
        self._edit = edit
        self._nets: dict[tuple[int, int], tuple[Change, ...]] = {}

    def step_towards(self, target: int) -> Touched:
        """One stride, as long as it may be without passing `target`; what it changed. Nothing when it is there."""
        target = min(max(target, 0), self.acts)
        if target == self.at:
            return Touched()
        if target > self.at:
            stride = self._longest(self.at, target)
            self.at = stride[1]
            return apply_changes(self.labels, self._changes(stride))
        stride = self._longest(target, self.at, from_the_end=True)
        self.at = stride[0]
        return apply_changes(self.labels, inverse_of(self._changes(stride)))

    def go(self, target: int) -> Touched:
        """All the way; what changed on it."""
        touched = Touched()
        while self.at != min(max(target, 0), self.acts):
            touched = touched.joined(self.step_towards(target))
        return touched

    def prepare(self, progress: Progress) -> None:
        """Compute the nets of all blocks, and of blocks of blocks; may run in a job while steps are taken."""
        size = BLOCK
        while size <= self.acts:
            for start in range(0, self.acts - size + 1, size):
                progress.step(start, self.acts, "Preparing the history")
                if (start, start + size) not in self._nets:
                    made = net(self._parts(start, start + size, size))
                    if made is not None:
                        self._nets[start, start + size] = made
            size *= BLOCK

    def _parts(self, start: int, end: int, size: int) -> Iterator[Iterable[Change]]:
        if size == BLOCK:
            return (self._edit(seq).changes for seq in range(start + 1, end + 1))
        inner = size // BLOCK
        return (self._net_or_edits(at, at + inner) for at in range(start, end, inner))

    def _net_or_edits(self, start: int, end: int) -> Iterable[Change]:
        made = self._nets.get((start, end))
        return made if made is not None else (change for seq in range(start + 1, end + 1) for change in self._edit(seq).changes)

    def _longest(self, low: int, high: int, *, from_the_end: bool = False) -> tuple[int, int]:
        """The longest prepared stretch that begins at `low` (or ends at `high`) and stays between them; else one act."""
        best = (high - 1, high) if from_the_end else (low, low + 1)
        size = BLOCK
        while size <= high - low:
            stretch = (high - size, high) if from_the_end else (low, low + size)
            if stretch in self._nets:
                best = stretch
            size *= BLOCK
        return best

    def _changes(self, stretch: tuple[int, int]) -> Sequence[Change]:
        made = self._nets.get(stretch)
        return made if made is not None else self._edit(stretch[1]).changes


def inverse_of(changes: Sequence[Change]) -> list[Change]:
    return [change.inverse() for change in reversed(changes)]


def net(parts: Iterable[Iterable[Change]]) -> tuple[Change, ...] | None:
    """What changes one after another come to together; None when they concern more than MOST_VOXELS voxels."""
    elements: dict[tuple[str, str], ElementChange] = {}
    voxels: dict[str, list[VoxelChange]] = {}
    beats: list[BeatChange] = []
    total = 0
    for change in (change for part in parts for change in part):
        if isinstance(change, ElementChange):
            first = elements.get((change.kind, change.id), change)
            elements[change.kind, change.id] = ElementChange(change.kind, change.id, first.before, change.after)
        elif isinstance(change, BeatChange):
            total += change.ticks.size
            beats.append(change)
        else:
            total += change.voxels
            if total > MOST_VOXELS:
                return None
            voxels.setdefault(change.group, []).append(change)
    merged = (_merged(group, changes) for group, changes in voxels.items())
    kept = [change for change in elements.values() if change.before != change.after]
    return (*kept, *merge_beats(beats), *(change for change in merged if change is not None))


def _merged(group: str, changes: list[VoxelChange]) -> VoxelChange | None:
    """Each voxel from what it was before the first change to what it is after the last."""
    index = np.concatenate([change.indices() for change in changes])
    order = np.argsort(index, kind="stable")
    index = index[order]
    new = np.flatnonzero(np.diff(index, prepend=-1))
    first, last = order[new], order[np.append(new[1:], index.size) - 1]
    index = index[new]
    before, before_author = (_spread(changes, name)[first] for name in ("before", "before_author"))
    after, after_author = (_spread(changes, name)[last] for name in ("after", "after_author"))
    moved = (before != after) | (before_author != after_author)
    if not moved.any():
        return None
    return runs_of(group, *(array[moved] for array in (index, before, after, before_author, after_author)))


def _spread(changes: list[VoxelChange], name: str) -> Array:
    return np.concatenate([np.repeat(getattr(change, name), change.lengths) for change in changes])
