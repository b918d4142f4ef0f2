"""Fill what a segment encloses."""

from dataclasses import dataclass, field
from typing import ClassVar

from graticule.domain.progress import Progress
from graticule.editing.operations.material import Material
from graticule.editing.operations.operation import ISLANDS, each
from graticule.editing.proposal import Proposal
from graticule.imaging.authorship import GROWN
from graticule.imaging.islands import fill_holes
from graticule.imaging.patch import Patch

CLOSED, SLICES = "closed", "slices"


@dataclass(frozen=True, slots=True)
class FillHolesOptions:
    where: str = field(default=CLOSED, metadata={"label": "Holes", "kind": "list", "choices": {
        CLOSED: "Closed all round", SLICES: "In each slice"}})


class FillHoles:
    name: ClassVar[str] = "fill-holes"
    title: ClassVar[str] = "Fill holes"
    group: ClassVar[str] = ISLANDS
    hint: ClassVar[str] = "What the segment encloses becomes part of it."
    many: ClassVar[bool] = True
    sliced: ClassVar[bool] = True
    pair: ClassVar[bool] = False

    def __init__(self) -> None:
        self.options = FillHolesOptions()

    def plan(self, material: Material, progress: Progress) -> Proposal:
        return each(material, progress, lambda patch: self._filled(material, patch), "Fill holes of", GROWN)

    def _filled(self, material: Material, patch: Patch) -> Patch:
        # One layer of voxels is open to both sides: its holes are those of the slice. Frames of a loop are moments.
        flat = material.cut is not None or material.image or self.options.where == SLICES
        axis = 0 if material.cut is None else material.cut.axis
        return Patch(patch.box, fill_holes(patch.mask, each_slice=flat, axis=axis))
