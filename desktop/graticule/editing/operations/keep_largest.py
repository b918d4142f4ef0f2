"""Keep the largest parts of a segment; the others go."""

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


@dataclass(frozen=True, slots=True)
class KeepLargestOptions:
    howmany: int = field(default=1, metadata={"label": "Parts to keep", "low": 1, "high": 50, "unit": ""})


class KeepLargest:
    name: ClassVar[str] = "keep-largest"
    title: ClassVar[str] = "Keep largest"
    group: ClassVar[str] = ISLANDS
    hint: ClassVar[str] = "Only the largest connected parts stay."
    many: ClassVar[bool] = True
    sliced: ClassVar[bool] = True
    pair: ClassVar[bool] = False

    def __init__(self) -> None:
        self.options = KeepLargestOptions()

    def plan(self, material: Material, progress: Progress) -> Proposal:
        return each(material, progress, lambda patch: largest(patch, round(self.options.howmany)), "Keep largest of", GROWN)


def largest(patch: Patch, howmany: int) -> Patch:
    """The `howmany` largest parts by voxels, touching by faces, edges or corners; the first of equal ones."""
    found = islands(patch.mask)
    if len(found) <= howmany:
        return patch
    kept = np.zeros(len(found), dtype=bool)
    kept[np.argsort(-found.voxels, kind="stable")[:howmany]] = True
    return Patch(patch.box, found.drawn(kept)).trimmed()
