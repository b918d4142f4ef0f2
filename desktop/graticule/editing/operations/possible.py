"""A possible boundary round the sure one: a first guess by a margin, then painted like any segment."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import AUTHOR_GROWN
from graticule.domain.progress import Progress
from graticule.editing.kin import possible_round
from graticule.editing.operations.material import Material
from graticule.editing.operations.operation import SHAPE, same
from graticule.editing.proposal import Proposal
from graticule.imaging.authorship import DERIVED
from graticule.imaging.logic import ADD, combined
from graticule.imaging.soft import SurePossible


@dataclass(frozen=True, slots=True)
class PossibleOptions:
    doubt_mm: float = field(default=2.0, metadata={"label": "Possible as far as", "low": 0.5, "high": 30.0, "unit": "mm"})


class Possible:
    name: ClassVar[str] = "possible"
    title: ClassVar[str] = "Possible boundary"
    group: ClassVar[str] = SHAPE
    hint: ClassVar[str] = ("An outer boundary that the structure may reach, beside the one you are sure of. Correct it with any "
                           "tool: sure always stays inside possible.")
    many: ClassVar[bool] = False
    sliced: ClassVar[bool] = False
    pair: ClassVar[bool] = False

    def __init__(self) -> None:
        self.options = PossibleOptions()

    def plan(self, material: Material, progress: Progress) -> Proposal:
        sure = material.chosen[0]
        if sure.possible_of:
            raise GraticuleError("This is a possible boundary already.", "Choose the sure segment.")
        inner = material.patch(sure)
        if not inner.voxels:
            raise GraticuleError("The segment is empty.", "Paint what is sure first.")
        there = next((other for other in material.everyone if other.possible_of == sure.id), None)
        pair = SurePossible.around(inner, material.grid, self.options.doubt_mm)
        outer = pair.possible if there is None else combined(ADD, pair.possible, material.patch(there))
        return _proposal(material, sure, there, SurePossible(inner, outer))


def _proposal(material: Material, sure: Segment, there: Segment | None, pair: SurePossible) -> Proposal:
    possible, words = there, material.names[sure.id]
    makes: tuple[Segment, ...] = ()
    if possible is None and not material.further:
        raise GraticuleError("This image is too large for a further layer of labels.",
                             "Remove a possible boundary or a group that is not needed.")
    if possible is None:
        possible = possible_round(sure, material.further, material.new_id, f"{words}, possible")
        makes = (possible,)
    elif same(material.patch(possible), pair.possible):
        return Proposal(f"Possible boundary of {words}", (), DERIVED, "Nothing would change.")
    # What is sure keeps its makers; the rim was grown.
    box = pair.possible.box
    source = np.where(pair.sure.on(box), material.authors_on(sure.group, box), np.uint8(AUTHOR_GROWN)).astype(np.uint8)
    note = f"{material.amount(pair.sure)} (possible {material.amount(pair.possible)})"
    parts = material.becomes(possible, pair.possible, source)
    return Proposal(f"Possible boundary of {words}", parts, DERIVED, note, makes=makes, bound=False)
