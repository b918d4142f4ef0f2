"""How a proposal looks: one small label map of what would be gained and what would be lost, and its colours."""

from dataclasses import dataclass

import numpy as np

from graticule.domain.elements import Segment
from graticule.domain.geometry import Array
from graticule.domain.labels import Box, Labels
from graticule.editing.proposal import BECOMES, LOSES, Proposal, Proposed
from graticule.imaging.patch import joined, relative

LOST = (229, 96, 77)  # the look's "bad": what would be taken away


@dataclass(frozen=True, eq=False)
class Preview:
    """values: (k, j, i) uint8 of the box of the grid at `corner`. colours: RGB of each value; values of `lost` are taken away."""

    values: Array
    corner: Box
    colours: dict[int, tuple[int, int, int]]
    lost: frozenset[int]

    @property
    def box(self) -> Box | None:
        """Of its own array: everything in it may be labelled."""
        k, j, i = (slice(0, size) for size in self.values.shape)
        return k, j, i


def preview_of(labels: Labels, proposal: Proposal) -> Preview | None:
    """None when the proposal holds no voxel."""
    shown = [(part, segment, _extent(labels, part, segment)) for part in proposal.parts
             if (segment := labels.get(Segment, part.segment)) is not None]
    boxes = [box for _, _, box in shown if all(side.stop > side.start for side in box)]
    if not boxes:
        return None
    whole = boxes[0]
    for box in boxes[1:]:
        whole = joined(whole, box)
    values = np.zeros([side.stop - side.start for side in whole], dtype=np.uint8)
    colours, lost = {}, set()
    for number, (part, segment, box) in enumerate(shown):
        if any(side.stop <= side.start for side in box):
            continue
        gain, loss = 2 * number + 1, 2 * number + 2
        inner = values[relative(box, whole)]
        wanted = part.patch.on(box)
        own = labels.group(segment.group).values[box] == segment.value
        if part.way == LOSES:
            inner[wanted & own] = loss
        else:
            inner[wanted if part.way == BECOMES else wanted & ~own] = gain
            if part.way == BECOMES:
                inner[own & ~wanted] = loss
        colours[gain], colours[loss] = _rgb(segment.colour), LOST
        lost.add(loss)
    return Preview(values, whole, colours, frozenset(lost))


def _extent(labels: Labels, part: Proposed, segment: Segment) -> Box:
    group = labels.group(segment.group)
    if part.way != BECOMES or group.box is None or not group.counts[segment.value]:
        return part.patch.box
    return joined(part.patch.box, group.box) if part.patch.voxels else group.box


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
