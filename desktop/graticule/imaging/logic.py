"""Segments combined with each other, and which voxels an act may touch: locks, and what may be painted over."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from graticule.domain.edits import VoxelChange, voxel_change
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.labels import Box, LabelMap
from graticule.imaging.authorship import authors_after
from graticule.imaging.patch import Patch, inside_box, joined, relative

ADD, SUBTRACT, INTERSECT, INVERT, COPY = "add", "subtract", "intersect", "invert", "copy"


@dataclass(frozen=True, slots=True)
class Rules:
    """locked: values nobody may change. over: other values that may be overwritten, None for all that are not locked.

    inside: only voxels of these values may be touched at all (0 is the background), None for all.
    """

    locked: frozenset[int] = frozenset()
    over: frozenset[int] | None = None
    inside: frozenset[int] | None = None

    def may_take(self, own: int) -> Array:
        """(256,) bool: the values whose voxels segment `own` may take."""
        table = np.ones(256, dtype=bool)
        if self.over is not None:
            table[1:] = False
            table[list(self.over)] = True
        if self.inside is not None:
            table &= np.isin(np.arange(256), list(self.inside))
        table[list(self.locked)] = False
        table[own] = own not in self.locked and (self.inside is None or own in self.inside)
        return table


def combined(operation: str, one: Patch, two: Patch) -> Patch:
    """`one` after the operation with `two`: ADD, SUBTRACT, INTERSECT or COPY (becomes `two`)."""
    if operation == COPY:
        return two
    if operation == SUBTRACT:
        return Patch(one.box, one.mask & ~two.on(one.box)).trimmed()
    if operation == INTERSECT:
        return Patch(one.box, one.mask & two.on(one.box)).trimmed()
    if operation == ADD:
        box = joined(one.box, two.box) if one.voxels and two.voxels else (one.box if one.voxels else two.box)
        return Patch(box, one.on(box) | two.on(box))
    raise GraticuleError(f"There is no operation called {operation} between two segments.")


def inverted(patch: Patch, box: Box) -> Patch:
    """All of a box that the mask does not hold (the whole grid, or the region of interest)."""
    return Patch(box, ~patch.on(box))


def mask_of(group: LabelMap, value: int) -> Patch:
    """A segment's voxels in the smallest box."""
    box = group.box
    return Patch(box, group.values[box] == value).trimmed() if box is not None else Patch.nothing()


def segment_becomes(name: str, group: LabelMap, value: int, patch: Patch, act: int, rules: Rules | None = None,
                    source: Array | None = None) -> VoxelChange | None:
    """The change after which segment `value` holds exactly the patch, as far as the rules allow; None when nothing changes.

    act: who makes it (`authorship`). source: uint8 of the patch's box, authors to inherit when the act is DERIVED.
    """
    before = mask_of(group, value)
    box = joined(before.box, patch.box) if before.voxels and patch.voxels else (before.box if before.voxels else patch.box)
    old, wanted = group.values[box], patch.on(box)
    new = np.where(wanted, np.uint8(value), np.where(old == value, np.uint8(0), old))
    return values_become(name, group, box, new, act, rules, value, _spread_out(source, patch.box, box))


def segment_gains(name: str, group: LabelMap, value: int, patch: Patch, act: int,
                  rules: Rules | None = None, source: Array | None = None) -> VoxelChange | None:
    """The change that adds the patch to segment `value` (0: erases it), as far as the rules allow.

    source: uint8 of the patch's box, authors to inherit when the act is DERIVED.
    """
    new = np.where(patch.mask, np.uint8(value), group.values[patch.box])
    return values_become(name, group, patch.box, new, act, rules, value, source)


def values_become(name: str, group: LabelMap, box: Box, new: Array, act: int, rules: Rules | None = None, own: int = 0,
                  source: Array | None = None) -> VoxelChange | None:
    """The change that gives a box these uint8 values; voxels that the rules protect keep theirs, and so do authors elsewhere."""
    old, authors = group.values[box], group.authors[box]
    allowed = (rules or Rules()).may_take(own)[old]
    if rules is not None and own == 0:
        allowed &= ~np.isin(new, list(rules.locked))
    changed = (new != old) & allowed
    if not changed.any():
        return None
    inherited = None if source is None else source[changed]
    index = Patch(box, changed).flat(group.shape)
    author = authors_after(act, old[changed], authors[changed], new[changed], inherited)
    return voxel_change(name, group, index, new[changed], author)


def _spread_out(source: Array | None, box: Box, wide: Box) -> Array | None:
    if source is None:
        return None
    out = np.zeros([part.stop - part.start for part in wide], dtype=np.uint8)
    out[relative(box, wide)] = source
    return out


def merged(patches: Iterable[Patch]) -> Patch:
    """Everything any of them holds."""
    together = Patch.nothing()
    for patch in patches:
        together = combined(ADD, together, patch)
    return together


def sub_patch(patch: Patch, mask: Array) -> Patch:
    """A part of a patch given in its own box."""
    return Patch(inside_box(patch.box, (slice(0, mask.shape[0]), slice(0, mask.shape[1]), slice(0, mask.shape[2]))), mask)
