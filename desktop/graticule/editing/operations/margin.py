"""Grow or shrink a segment by millimetres."""

from dataclasses import dataclass, field
from typing import ClassVar

from graticule.domain.progress import Progress
from graticule.editing.operations.material import Material
from graticule.editing.operations.operation import SHAPE, each
from graticule.editing.proposal import Proposal
from graticule.imaging.authorship import GROWN
from graticule.imaging.margins import with_margin

GROW, SHRINK = "grow", "shrink"


@dataclass(frozen=True, slots=True)
class MarginOptions:
    way: str = field(default=GROW, metadata={"label": "Margin", "choices": {GROW: "Grow", SHRINK: "Shrink"}})
    margin_mm: float = field(default=5.0, metadata={"label": "By", "low": 0.2, "high": 50.0, "unit": "mm"})


class Margin:
    name: ClassVar[str] = "margin"
    title: ClassVar[str] = "Margin"
    group: ClassVar[str] = SHAPE
    hint: ClassVar[str] = "Larger or smaller by the same millimetres in every direction."
    many: ClassVar[bool] = True
    sliced: ClassVar[bool] = True
    pair: ClassVar[bool] = False

    def __init__(self) -> None:
        self.options = MarginOptions()

    def plan(self, material: Material, progress: Progress) -> Proposal:
        sign = 1 if self.options.way == GROW else -1
        title = "Grow" if sign > 0 else "Shrink"
        margin_mm = sign * self.options.margin_mm
        return each(material, progress, lambda patch: with_margin(patch, material.grid, margin_mm), title, GROWN)
