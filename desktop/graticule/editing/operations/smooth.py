"""Smooth segments, each by itself or all against each other."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from graticule.domain.elements import Segment
from graticule.domain.progress import Progress
from graticule.editing.operations.material import Material
from graticule.editing.operations.operation import SHAPE, each, named, stopped
from graticule.editing.proposal import Proposal, Proposed
from graticule.imaging.authorship import GROWN
from graticule.imaging.logic import Rules
from graticule.imaging.patch import Patch, grid_of, grown, joined
from graticule.imaging.smoothing import CLOSE, GAUSSIAN, MEDIAN, OPEN, SmoothParameters, smooth, smooth_together

TOGETHER = "together"


@dataclass(frozen=True, slots=True)
class SmoothOptions:
    method: str = field(default=MEDIAN, metadata={"label": "Method", "kind": "list", "choices": {
        MEDIAN: "Median", OPEN: "Open", CLOSE: "Close", GAUSSIAN: "Gaussian", TOGETHER: "With its neighbours"}})
    size_mm: float = field(default=2.0, metadata={"label": "Size", "low": 0.5, "high": 20.0, "unit": "mm"})


class Smooth:
    name: ClassVar[str] = "smooth"
    title: ClassVar[str] = "Smooth"
    group: ClassVar[str] = SHAPE
    hint: ClassVar[str] = ("Open takes away spikes and bridges, Close fills cracks; with its neighbours no gap opens between "
                           "them.")
    many: ClassVar[bool] = True
    sliced: ClassVar[bool] = True
    pair: ClassVar[bool] = False

    def __init__(self) -> None:
        self.options = SmoothOptions()

    def plan(self, material: Material, progress: Progress) -> Proposal:
        if self.options.method == TOGETHER:
            return _together(material, progress, self.options.size_mm)
        asked = SmoothParameters(self.options.method, self.options.size_mm)
        return each(material, progress, lambda patch: smooth(patch, material.grid, asked), "Smooth", GROWN)


def _together(material: Material, progress: Progress, sigma_mm: float) -> Proposal:
    """The chosen segments, and in their groups whatever is not protected, against each other."""
    parts: list[Proposed] = []
    held = 0
    groups = list(dict.fromkeys(segment.group for segment in material.chosen))
    for number, group in enumerate(groups):
        progress.step(number, len(groups))
        own = [segment for segment in material.chosen if segment.group == group]
        more, kept = _group(material, group, own, sigma_mm)
        parts += more
        held += kept
    note = "Voxels change hands, none is left between." if parts else "Nothing would change."
    return Proposal(named("Smooth together", material), tuple(parts), GROWN, note, stopped(held))


def _group(material: Material, group: str, chosen: list[Segment], sigma_mm: float) -> tuple[list[Proposed], int]:
    patches = [patch for segment in chosen if (patch := material.patch(segment)).voxels]
    if not patches:
        return [], 0
    box = patches[0].box
    for patch in patches[1:]:
        box = joined(box, patch.box)
    # Outside the box of what is smoothed the background always wins; only what else lies there can have a say inside.
    near = grown(box, material.grid, 0)
    old = material.values_on(group, near)
    if _rim(old).any():
        near = grown(box, material.grid, 3 * sigma_mm)
        old = material.values_on(group, near)
    box = near
    free = _exchangeable(material, group, chosen, old)
    new = smooth_together(old, grid_of(material.grid, box), sigma_mm, tuple(free.values()))
    changed, among = new != old, frozenset(free)
    parts, held = [], 0
    for segment in material.everyone:
        if segment.id in free:
            wanted = Patch(box, changed & (new == segment.value)).trimmed()
            allowed = material.allowed(segment, wanted, among)
            held += wanted.voxels - allowed.voxels
            lost = Patch(box, changed & (old == segment.value) & (new == 0)).trimmed()
            parts += [*material.loses(segment, lost), *material.gains(segment, allowed, among=among)]
    return parts, held


def _rim(values: np.ndarray) -> np.ndarray:
    """The outermost layers of a box."""
    return np.concatenate([side.reshape(-1) for axis in range(3) for side in (values.take(0, axis), values.take(-1, axis))])


def _exchangeable(material: Material, group: str, chosen: list[Segment], old: np.ndarray) -> dict[str, int]:
    """id → value of the segments that may change: the chosen, and with one alone its unprotected neighbours."""
    rules = material.rules.get(group) or Rules()
    open_to = [segment for segment in material.everyone if segment.group == group and not segment.locked
               and (segment in chosen or (len(chosen) == 1 and (rules.over is None or segment.value in rules.over)))]
    return {segment.id: segment.value for segment in open_to if bool((old == segment.value).any())}
