"""Scans that reach into each other at other heights, and blocks of slices far apart."""

from dataclasses import replace

import numpy as np

from graticule.domain.volume import Doubt
from graticule.formats.dicom.by_contrast import intertwined
from graticule.formats.dicom.by_repeats import telling_keys
from graticule.formats.dicom.pile import Pile, along_normal, alongs, by_value_of, parted
from graticule.formats.titles import plural
from graticule.imaging.slice_spacing import blocks_of, regular, usual_step

# Scans of one region may differ by so many acquisitions before it is no longer worth telling.
_MOST_SCANS = 10


def by_scan(pile: Pile) -> list[Pile]:
    """Scans of the same region at other heights: together uneven, each by itself regular. Told by acquisition or time."""
    along = along_normal(pile.frames)
    if len(along) < 4:
        return [pile]
    for key in telling_keys(pile.frames):
        groups = list(by_value_of(pile.frames, key).values())
        if not 1 < len(groups) <= min(_MOST_SCANS, len(pile.frames) // 2) or not intertwined(groups):
            continue
        name = key.split("/")[0]
        sizes = " and ".join(str(len(group)) for group in groups[:4])
        if not regular(along) and all(regular(one) for one in alongs(groups)):
            as_one = f"one item of {plural(len(pile.frames), 'slice')}, unevenly spaced"
            return parted(pile, name, groups, (), (as_one,))
        if name == "acquisition":
            return [replace(pile, alternatives=(*pile.alternatives, f"{len(groups)} items by {name}, of {sizes} slices"))]
    return [pile]


def by_block(pile: Pile) -> list[Pile]:
    """Blocks of slices with much room between them are items of their own; a few missing slices leave one item whole."""
    along = along_normal(pile.frames)
    if len(along) < 3:
        return [pile]
    usual = usual_step(np.diff(along), pile.frames[0].between)
    blocks = blocks_of(along, usual)
    if len(blocks) < 2:
        return [pile]
    rooms = ", ".join(f"{along[first] - along[first - 1]:.1f} mm" for first, _ in blocks[1:4])
    doubt = Doubt("blocks", f"The series holds {len(blocks)} blocks of slices with {rooms} between them, where {usual:.2f} mm is "
                            "usual: each is an item of its own.")
    as_one = f"one item of {plural(len(along), 'slice')} with {len(blocks) - 1} large gaps" if len(blocks) > 2 \
        else f"one item of {plural(len(along), 'slice')} with one large gap"
    return parted(pile, "block", [pile.frames[first:last] for first, last in blocks], (doubt,), (as_one,))
