"""Turn a segment into a shell along its surface."""

from dataclasses import dataclass, field
from typing import ClassVar

from graticule.domain.progress import Progress
from graticule.editing.operations.material import Material
from graticule.editing.operations.operation import SHAPE, each
from graticule.editing.proposal import Proposal
from graticule.imaging.authorship import GROWN
from graticule.imaging.margins import INNER, MIDDLE, OUTER, HollowParameters, hollow
from graticule.imaging.patch import Patch


@dataclass(frozen=True, slots=True)
class HollowOptions:
    wall: str = field(default=OUTER, metadata={"label": "The shell lies", "choices": {OUTER: "Inside", MIDDLE: "Both sides",
                                                                                      INNER: "Outside"}})
    thickness_mm: float = field(default=3.0, metadata={"label": "Thickness", "low": 0.5, "high": 30.0, "unit": "mm"})


class Hollow:
    name: ClassVar[str] = "hollow"
    title: ClassVar[str] = "Hollow"
    group: ClassVar[str] = SHAPE
    hint: ClassVar[str] = "Only a shell along the surface stays: the wall of a cyst, a vessel or a heart."
    many: ClassVar[bool] = True
    sliced: ClassVar[bool] = True
    pair: ClassVar[bool] = False

    def __init__(self) -> None:
        self.options = HollowOptions()

    def plan(self, material: Material, progress: Progress) -> Proposal:
        asked = HollowParameters(self.options.thickness_mm, self.options.wall)

        def shell(patch: Patch) -> Patch:
            return hollow(patch, material.grid, asked) if patch.voxels else patch

        return each(material, progress, shell, "Hollow", GROWN)
