"""A segment becomes several: by its connected parts, or by the plane that is shown."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Grid
from graticule.domain.progress import Progress
from graticule.editing.operations.material import Material, Sheet
from graticule.editing.operations.operation import PARTS
from graticule.editing.proposal import Proposal
from graticule.imaging.authorship import DERIVED
from graticule.imaging.islands import split
from graticule.imaging.patch import Patch

BY_PARTS, BY_PLANE = "parts", "plane"
# Of a preview each part has two colours, of 255 that a label map can carry.
MOST_PARTS = 100


@dataclass(frozen=True, slots=True)
class SplitOptions:
    by: str = field(default=BY_PARTS, metadata={"label": "Split", "kind": "list", "choices": {BY_PARTS: "By connected parts",
                                                                              BY_PLANE: "At the plane shown"}})
    below_ml: float = field(default=0.01, metadata={"label": "Leave parts below", "limits": "sizes_ml",
                                                    "only_with": ("by", (BY_PARTS,))})


class Split:
    name: ClassVar[str] = "split"
    title: ClassVar[str] = "Split"
    group: ClassVar[str] = PARTS
    hint: ClassVar[str] = ("The largest part keeps the segment; each other becomes a segment of its own. To split along a line, "
                           "take the tool Divide.")
    many: ClassVar[bool] = False
    sliced: ClassVar[bool] = False
    pair: ClassVar[bool] = False

    sizes_ml: ClassVar[tuple[float, float, str]] = (0.001, 10.0, "mL")

    def __init__(self) -> None:
        self.options = SplitOptions()

    def plan(self, material: Material, progress: Progress) -> Proposal:
        segment = material.chosen[0]
        patch = material.patch(segment)
        if self.options.by == BY_PLANE:
            if material.plane is None:
                raise GraticuleError("No plane is shown.", "Click into a slice view first.")
            return divided(material, segment, patch, material.plane)
        below = 0.0 if material.image else self.options.below_ml
        if not patch.voxels:
            return parted(material, segment, [], "It is empty.")
        tall, grid = material.measured(patch)
        numbers = split(tall.mask, grid, below_ml=below, most=MOST_PARTS)
        pieces = [Patch(tall.box, numbers == n).trimmed() for n in range(2, int(numbers.max()) + 1)]
        return parted(material, segment, pieces, "It is in one part.")


def divided(material: Material, segment: Segment, patch: Patch, plane: Sheet) -> Proposal:
    """The smaller side of a plane becomes a segment of its own."""
    beyond = Patch(patch.box, patch.mask & _beyond(material.grid, patch, plane))
    rest = Patch(patch.box, patch.mask & ~beyond.mask)
    away = beyond if beyond.voxels <= rest.voxels else rest
    return parted(material, segment, [away.trimmed()] if away.voxels else [], "It lies on one side only.")


def parted(material: Material, segment: Segment, pieces: list[Patch], nothing: str) -> Proposal:
    """Each piece, voxels of the segment, as a new segment of the same kind. nothing: what to say when there are none."""
    title = f"Split {material.names[segment.id]}"
    if not pieces:
        return Proposal(title, (), DERIVED, nothing)
    made = material.kin(segment, len(pieces))
    parts = tuple(part for new, piece in zip(made, pieces, strict=True) for part in
                  material.gains(new, piece, material.authors_on(segment.group, piece.box)))
    amounts = ", ".join(material.amount(piece) for piece in pieces[:3]) + (" …" if len(pieces) > 3 else "")
    return Proposal(title, parts, DERIVED, f"{len(pieces)} new: {amounts}", makes=made, bound=False)


def _beyond(grid: Grid, patch: Patch, plane: Sheet) -> np.ndarray:
    """(k, j, i) bool of the patch's box: centres on the far side of the plane."""
    k, j, i = (np.arange(part.start, part.stop, dtype=np.float64) for part in patch.box)
    step = grid.affine[:3, :3].T @ plane.normal
    start = float((grid.affine[:3, 3] - plane.point) @ plane.normal)
    return np.asarray(start + (grid.level_of(k) * step[2])[:, None, None] + (j * step[1])[None, :, None] + i * step[0] > 0)
