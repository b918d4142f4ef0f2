"""Outside masks become segments and label maps."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from graticule.domain.codes import Code
from graticule.domain.elements import BY_HAND, MACHINE, MACHINE_CORRECTED, Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.labels import AUTHOR_HAND, AUTHOR_MACHINE, AUTHOR_MACHINE_CORRECTED, Labels

# Okabe and Ito: told apart by the colour-blind too. For masks that bring no colour of their own.
COLOURS = ("#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7", "#999999")
# What a mask without codes is: SNOMED CT "Tissue", as 3D Slicer writes it too.
TISSUE = Code("SCT", "85756007", "")
# In `Segment.extra`: which reader of files brought the segment in.
IMPORTED_FROM = "imported_from"
_AUTHORS = {BY_HAND: AUTHOR_HAND, MACHINE: AUTHOR_MACHINE, MACHINE_CORRECTED: AUTHOR_MACHINE_CORRECTED}


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an outside file says of one segment. `stated` False: it does not say who drew it.

    notice: what bringing it onto the image's grid changed, in a sentence; it stays with the segment.
    """

    name: str
    category: Code = TISSUE
    type: Code = TISSUE
    colour: str = ""
    provenance: str = BY_HAND
    stated: bool = False
    number: int = 1
    notice: str = ""
    modifier: Code | None = None
    region: Code | None = None


class Builder:
    """Collects segments into the fewest groups in which none overlap."""

    def __init__(self, shape: tuple[int, int, int], new_id: Callable[[], str]) -> None:
        self.labels = Labels(shape)
        self._new_id = new_id

    def add_mask(self, meaning: Meaning, mask: Array) -> Segment:
        """One segment from a (k, j, i) bool array, in the first group where its voxels are free."""
        box = box_of(mask)
        part = mask[box] if box is not None else None
        group = self._free_group(box, part)
        segment = self._segment(meaning, group, self.labels.free_value(group))
        if box is not None and part is not None:
            self._paint(segment, box, part)
        return segment

    def add_possible(self, sure: Segment, mask: Array) -> None:
        """The possible boundary round a segment, a (k, j, i) bool array that holds its voxels; it has a group of its own."""
        box = box_of(mask)
        if box is None:
            return
        segment = replace(sure, id=self._new_id(), group=self._new_group(), value=1, possible_of=sure.id, extra={})
        self.labels.put("segment", segment.id, segment)
        self._paint(segment, box, mask[box])

    def add_label_map(self, values: Array, meanings: dict[int, Meaning]) -> None:
        """Segments from a (k, j, i) array of non-overlapping labels; `meanings` by label value, others by their number."""
        found = [int(value) for value in np.unique(values) if value != 0]
        for start in range(0, len(found), 255):
            self._add_values(values, found[start:start + 255], meanings)

    def _add_values(self, values: Array, found: list[int], meanings: dict[int, Meaning]) -> None:
        """At most 255 labels into a group of their own, keeping their numbers where these fit."""
        group = self._new_group()
        for value in found:
            meaning = meanings.get(value) or Meaning(f"Label {value}")
            kept = value if max(found) <= 255 else self.labels.free_value(group)
            mask = values == value
            box = box_of(mask)
            segment = self._segment(meaning, group, kept)
            if box is not None:
                self._paint(segment, box, mask[box])

    def _new_group(self) -> str:
        name = str(len(self.labels.groups) + 1)
        self.labels.group(name)
        return name

    def _free_group(self, box: tuple[slice, slice, slice] | None, part: Array | None) -> str:
        for name, group in self.labels.groups.items():
            if self.labels.is_possible(name) or sum(segment.group == name for segment in self.labels.of(Segment)) >= 255:
                continue
            if box is None or part is None or not group.values[box][part].any():
                return name
        return self._new_group()

    def _segment(self, meaning: Meaning, group: str, value: int) -> Segment:
        count = len(self.labels.of(Segment))
        segment = Segment(
            id=self._new_id(), group=group, value=value, colour=meaning.colour or COLOURS[count % len(COLOURS)],
            category=meaning.category, type=meaning.type, number=meaning.number, name=meaning.name, provenance=meaning.provenance,
            modifier=meaning.modifier, region=meaning.region,
            extra=({} if meaning.stated else {"maker": "not stated"}) | ({"notice": meaning.notice} if meaning.notice else {}))
        self.labels.put("segment", segment.id, segment)
        return segment

    def _paint(self, segment: Segment, box: tuple[slice, slice, slice], part: Array) -> None:
        group = self.labels.group(segment.group)
        group.values[box][part] = segment.value
        group.authors[box][part] = _AUTHORS[segment.provenance]
        painted = int(part.sum())
        group.counts[segment.value] += painted
        group.counts[0] -= painted
        group.grow_box(box)


def box_of(mask: Array) -> tuple[slice, slice, slice] | None:
    """The smallest box that holds every True voxel of a (k, j, i) array; None when there is none."""
    axes = [np.flatnonzero(mask.any(axis=others)) for others in ((1, 2), (0, 2), (0, 1))]
    if any(axis.size == 0 for axis in axes):
        return None
    k, j, i = (slice(int(axis[0]), int(axis[-1]) + 1) for axis in axes)
    return k, j, i


class OtherGrid(GraticuleError):
    """Labels lie on other voxels than the image's; what knows that both share a frame of reference may resample them."""


def refuse_other_grid() -> OtherGrid:
    return OtherGrid("These labels lie on another voxel grid than the image.",
                          "They would have to be resampled, which changes them; export them on the image's own grid.")


def landed(labels: Labels) -> str:
    """What of a file's masks lies on the image now, and whether on the very voxels they were drawn on; "" for other labels."""
    segments = labels.of(Segment)
    if not segments:
        return ""
    voxels = sum(labels.voxels_of(segment) for segment in segments if not segment.possible_of)
    count = sum(not segment.possible_of for segment in segments)
    moved = any(segment.extra.get("notice") for segment in segments)
    what = f"{count} segment{'' if count == 1 else 's'}, {voxels:,} voxels"
    return f"{what}." if moved else f"{what}, on the image's own grid."


def notices_of(labels: Labels) -> list[str]:
    """What bringing outside labels onto the grid changed, one sentence or more a segment, by its name."""
    return [f"{segment.name}: {segment.extra['notice']}" for segment in labels.of(Segment) if segment.extra.get("notice")]
