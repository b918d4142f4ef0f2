"""Two segments become one: voxels and entry of the list in one act."""

from dataclasses import dataclass, field
from typing import ClassVar

from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Progress
from graticule.editing.operations.material import Material
from graticule.editing.operations.operation import PARTS
from graticule.editing.proposal import Proposal
from graticule.imaging.authorship import DERIVED


@dataclass(frozen=True, slots=True)
class MergeOptions:
    """other: id of the segment that goes into the selected one."""

    other: str = field(default="", metadata={"label": "Takes in", "kind": "segments", "one": True})


class Merge:
    name: ClassVar[str] = "merge"
    title: ClassVar[str] = "Merge"
    group: ClassVar[str] = PARTS
    hint: ClassVar[str] = "The other segment goes into the selected one and leaves the list; one undo brings it back."
    many: ClassVar[bool] = False
    sliced: ClassVar[bool] = False
    pair: ClassVar[bool] = True

    def __init__(self) -> None:
        self.options = MergeOptions()

    def plan(self, material: Material, progress: Progress) -> Proposal:
        segment, other = material.chosen[0], material.segment(self.options.other)
        if other.locked:
            raise GraticuleError(f"{material.names[other.id]} is locked.", "Unlock it in the Segments list to merge it.")
        mine, theirs = material.patch(segment), material.patch(other)
        taken = material.allowed(segment, theirs, frozenset({other.id}), bound=False) if segment.group == other.group else \
            material.allowed(segment, theirs)
        gained = material.gains(segment, taken, material.authors_on(other.group, taken.box))
        # In one group every voxel that is gained is lost by the other; what lies in another group has to go there by itself.
        parts = gained if segment.group == other.group else (*material.loses(other, theirs), *gained)
        note = f"{material.amount(mine)} + {material.amount(theirs)}"
        return Proposal(f"Merge {material.names[other.id]} into {material.names[segment.id]}", parts, DERIVED, note,
                        _warning(material, other.id, theirs.voxels - taken.voxels), removes=(other.id,), bound=False)


def _warning(material: Material, other: str, left: int) -> str:
    if left:
        return f"{left:,} voxels are left out: further segments hold them here."
    if any(segment.possible_of == other for segment in material.everyone):
        return f"The possible boundary of {material.names[other]} goes with it."
    return ""
