"""Who made each voxel, and what every act does to it. The numbers are those of `domain.labels` and are stored.

The rule, for voxels whose value changes (and, for the hand, those it covers again):

| act | voxel gained | voxel lost | covered again with the same value |
|---|---|---|---|
| HAND: brush, eraser, polygon, scissors | hand; corrected where a machine's | none; corrected where a machine's | as if gained |
| INTERPOLATED: fill between slices | interpolated | none; corrected where a machine's | as it was |
| GROWN: threshold, flood, click, seeds, smoothing, margin | grown | none; corrected where a machine's | as it was |
| DERIVED: logic, copy, split, merge | what the source voxel had | none; corrected where a machine's | as it was |
| MACHINE: an assistant's proposal | machine | none | as it was |

A voxel that a reader took away from a proposal keeps the mark "corrected" on background: that it was refused is evidence too.
"""

import numpy as np

from graticule.domain.geometry import Array
from graticule.domain.labels import (
    AUTHOR_GROWN,
    AUTHOR_HAND,
    AUTHOR_INTERPOLATED,
    AUTHOR_MACHINE,
    AUTHOR_MACHINE_CORRECTED,
    AUTHOR_NONE,
)

HAND, INTERPOLATED, GROWN, MACHINE = AUTHOR_HAND, AUTHOR_INTERPOLATED, AUTHOR_GROWN, AUTHOR_MACHINE
DERIVED = 255


def authors_after(act: int, before: Array, author: Array, after: Array, source: Array | None = None) -> Array:
    """(n,) uint8 authors of voxels after an act.

    before, author: (n,) value and author as they are; after: (n,) the values they get; source: (n,) authors that DERIVED hands on
    (where it is 0 or not given, what the hand combined counts as the hand's).
    """
    by_machine = (author == AUTHOR_MACHINE) | (author == AUTHOR_MACHINE_CORRECTED)
    changed, gained = before != after, after != 0
    made = np.full(author.shape, AUTHOR_HAND if act == DERIVED else act, dtype=np.uint8)
    if act == DERIVED and source is not None:
        made = np.where(source > 0, source, np.uint8(AUTHOR_HAND)).astype(np.uint8)
    if act == HAND:
        made[by_machine] = AUTHOR_MACHINE_CORRECTED
    lost = np.where(by_machine & (act != MACHINE), AUTHOR_MACHINE_CORRECTED, AUTHOR_NONE)
    touched = changed | (act == HAND)
    return np.where(touched, np.where(gained, made, np.where(changed, lost, author)), author).astype(np.uint8)


def shares(values: Array, authors: Array, value: int) -> dict[int, int]:
    """Voxels of a segment by author code: what the overlay's legend and the report say."""
    counts = np.bincount(authors[values == value].reshape(-1), minlength=AUTHOR_MACHINE_CORRECTED + 1)
    return {code: int(count) for code, count in enumerate(counts) if count}
