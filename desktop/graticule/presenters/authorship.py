"""Who made the voxels, in words and colours: the key of the authorship overlay."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from graticule.domain.geometry import Array, Floats
from graticule.domain.labels import (
    AUTHOR_GROWN,
    AUTHOR_HAND,
    AUTHOR_INTERPOLATED,
    AUTHOR_MACHINE,
    AUTHOR_MACHINE_CORRECTED,
    AUTHOR_NONE,
)

# Okabe–Ito, so that they stay apart for every common kind of colour vision; none is the colour of the first segment.
AUTHOR_COLOURS = {AUTHOR_NONE: (153, 153, 153), AUTHOR_HAND: (86, 180, 233), AUTHOR_INTERPOLATED: (240, 228, 66),
                  AUTHOR_GROWN: (0, 158, 115), AUTHOR_MACHINE: (213, 94, 0), AUTHOR_MACHINE_CORRECTED: (204, 121, 167)}
AUTHOR_WORDS = {AUTHOR_NONE: "Not known", AUTHOR_HAND: "By hand", AUTHOR_INTERPOLATED: "Interpolated",
                AUTHOR_GROWN: "Grown", AUTHOR_MACHINE: "Proposed", AUTHOR_MACHINE_CORRECTED: "Corrected"}
AUTHORS = (AUTHOR_HAND, AUTHOR_INTERPOLATED, AUTHOR_GROWN, AUTHOR_MACHINE, AUTHOR_MACHINE_CORRECTED, AUTHOR_NONE)


@dataclass(frozen=True, slots=True)
class Share:
    """What one author made of a segment. percent: of its volume."""

    author: int
    voxels: int
    ml: float
    percent: float


def shares_of(mask: Array, authors: Array, slice_ml: Floats) -> tuple[Share, ...]:
    """mask: (k, j, i) bool; authors: uint8 of the same shape; slice_ml: (k,) millilitres of a voxel of each slice."""
    found = np.zeros((mask.shape[0], max(AUTHORS) + 1), dtype=np.int64)
    for k in range(mask.shape[0]):
        found[k] = np.bincount(authors[k][mask[k]], minlength=found.shape[1])[:found.shape[1]]
    return _shares(found.sum(axis=0), found.T @ slice_ml)


def together(parts: Iterable[tuple[Share, ...]]) -> tuple[Share, ...]:
    """The shares of several segments as one."""
    voxels, ml = np.zeros(max(AUTHORS) + 1, np.int64), np.zeros(max(AUTHORS) + 1)
    for share in (share for shares in parts for share in shares):
        voxels[share.author] += share.voxels
        ml[share.author] += share.ml
    return _shares(voxels, ml)


def _shares(voxels: Array, ml: Array) -> tuple[Share, ...]:
    whole = float(ml.sum())
    return tuple(Share(author, int(voxels[author]), float(ml[author]), 100 * float(ml[author]) / whole if whole else 0.0)
                 for author in AUTHORS if voxels[author])
