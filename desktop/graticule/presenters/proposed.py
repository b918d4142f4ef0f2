"""How a proposal looks: for each segment what it would gain and lose, in its colour; and a range that is still being chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from graticule.domain.elements import Segment
from graticule.domain.geometry import Array
from graticule.domain.labels import Box, LabelMap, Labels
from graticule.editing.proposal import BECOMES, LOSES, Proposal, Proposed, Sketch
from graticule.imaging.patch import Patch, joined, relative
from graticule.imaging.threshold import Range

LOST = (229, 96, 77)  # the look's "bad": what would be taken away
RGB = tuple[int, int, int]


@dataclass(frozen=True, eq=False)
class PreviewPart:
    """One segment's part, as `render.proposed_layer.ShownPart` wants it: nothing is computed before a plane is drawn."""

    patch: Patch
    own: Array
    value: int
    extent: Box
    way: str
    colour: RGB

    @property
    def mask(self) -> Array:
        return self.patch.mask

    @property
    def box(self) -> Box:
        return self.patch.box

    @property
    def gains(self) -> bool:
        return self.way != LOSES

    @property
    def loses(self) -> str:
        return {LOSES: "masked", BECOMES: "rest"}.get(self.way, "none")


@dataclass(frozen=True, eq=False)
class Preview:
    """parts: in the order they are drawn. The rest is the same as one small label map, made when it is first asked for.

    values: (k, j, i) uint8 of the box of the grid at `corner`. colours: RGB of each value; values of `lost` are taken away.
    """

    parts: tuple[PreviewPart, ...]

    @cached_property
    def corner(self) -> Box:
        whole = self.parts[0].extent
        for part in self.parts[1:]:
            whole = joined(whole, part.extent)
        return whole

    @cached_property
    def values(self) -> Array:
        out = np.zeros([side.stop - side.start for side in self.corner], dtype=np.uint8)
        for number, part in enumerate(self.parts):
            gain, loss = 2 * number + 1, 2 * number + 2
            inner = out[relative(part.extent, self.corner)]
            wanted, held = part.patch.on(part.extent), part.own[part.extent] == part.value
            if part.gains:
                inner[wanted & ~held] = gain
            if part.loses == "masked":
                inner[wanted & held] = loss
            elif part.loses == "rest":
                inner[held & ~wanted] = loss
        return out

    @property
    def colours(self) -> dict[int, RGB]:
        return {2 * n + more: part.colour if more == 1 else LOST for n, part in enumerate(self.parts) for more in (1, 2)}

    @property
    def lost(self) -> frozenset[int]:
        return frozenset(2 * n + 2 for n in range(len(self.parts)))

    @property
    def box(self) -> Box | None:
        """Of its own array: everything in it may be labelled."""
        k, j, i = (slice(0, side.stop - side.start) for side in self.corner)
        return k, j, i


@dataclass(frozen=True, slots=True)
class SketchLook:
    """A range in the colour of the segment it is chosen for."""

    range: Range
    box: Box | None
    colour: RGB


def preview_of(labels: Labels, proposal: Proposal) -> Preview | None:
    """None when the proposal holds no voxel."""
    parts = [_part(labels, part, segment) for part in proposal.parts
             if (segment := proposal.segment(labels, part.segment)) is not None]
    full = tuple(part for part in parts if all(side.stop > side.start for side in part.extent))
    return Preview(full) if full else None


def sketch_of(labels: Labels, sketch: Sketch) -> SketchLook | None:
    """None when its segment is gone."""
    segment = labels.get(Segment, sketch.segment)
    return None if segment is None else SketchLook(sketch.range, sketch.box, _rgb(segment.colour))


def words_of(proposal: Proposal) -> Sequence[str]:
    """What stands beside it: how much it is, then what to look out for."""
    return [text for text in (proposal.note, proposal.warning) if text]


def _part(labels: Labels, part: Proposed, segment: Segment) -> PreviewPart:
    group = labels.group(segment.group)
    return PreviewPart(part.patch, group.values, segment.value, _extent(group, part, segment), part.way, _rgb(segment.colour))


def _extent(group: LabelMap, part: Proposed, segment: Segment) -> Box:
    if part.way != BECOMES or group.box is None or not group.counts[segment.value]:
        return part.patch.box
    return joined(part.patch.box, group.box) if part.patch.voxels else group.box


def _rgb(colour: str) -> RGB:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
