"""Remove the parts of a segment below a size."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from graticule.domain.progress import Progress
from graticule.editing.operations.material import Material
from graticule.editing.operations.operation import ISLANDS, each
from graticule.editing.proposal import Proposal
from graticule.imaging.authorship import GROWN
from graticule.imaging.islands import islands
from graticule.imaging.patch import Patch

ML, VOXELS = "ml", "voxels"


@dataclass(frozen=True, slots=True)
class RemoveSmallOptions:
    by: str = field(default=ML, metadata={"label": "Size", "choices": {ML: "Millilitres", VOXELS: "Voxels"}})
    below_ml: float = field(default=0.1, metadata={"label": "Smaller than", "limits": "sizes_ml", "only_with": ("by", (ML,))})
    below_voxels: int = field(default=20, metadata={"label": "Smaller than", "low": 1, "high": 10000, "unit": "voxels",
                                                    "only_with": ("by", (VOXELS,))})


class RemoveSmall:
    name: ClassVar[str] = "remove-small"
    title: ClassVar[str] = "Remove small"
    group: ClassVar[str] = ISLANDS
    hint: ClassVar[str] = "Connected parts below a size go."
    many: ClassVar[bool] = True
    sliced: ClassVar[bool] = True
    pair: ClassVar[bool] = False

    sizes_ml: ClassVar[tuple[float, float, str]] = (0.001, 100.0, "mL")

    def __init__(self) -> None:
        self.options = RemoveSmallOptions()

    def plan(self, material: Material, progress: Progress) -> Proposal:
        return each(material, progress, lambda patch: self._kept(material, patch), "Remove small parts of", GROWN)

    def _kept(self, material: Material, patch: Patch) -> Patch:
        if not patch.voxels:
            return patch
        patch, grid = material.measured(patch)
        found = islands(patch.mask, grid)
        # A picture's pixels have no volume: there its voxels are counted whatever is asked.
        small = found.ml < self.options.below_ml if self.options.by == ML and not material.image else \
            found.voxels < self.options.below_voxels
        return patch if not small.any() else Patch(patch.box, found.drawn(np.asarray(~small))).trimmed()
