"""Brush: paint the selected segment in millimetres. Ctrl erases for one stroke."""

from dataclasses import dataclass, field
from typing import ClassVar

from graticule.domain.case import Kind
from graticule.editing.tools.strokes import StrokeOptions, StrokeTool


@dataclass(frozen=True, slots=True)
class BrushOptions(StrokeOptions):
    """edge_aware: paint stops at edges of the image."""

    edge_aware: bool = field(default=False, metadata={"label": "Stop at edges (Shift+B)"})


class BrushTool(StrokeTool):
    name: ClassVar[str] = "brush"
    title: ClassVar[str] = "Brush"
    key: ClassVar[str] = "B"
    group: ClassVar[str] = "mark"
    family: ClassVar[str] = "paint"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.VOLUME, Kind.IMAGE)
    hint: ClassVar[str] = "Drag to paint; Ctrl erases; Shift+wheel or [ ] size; Q W segment; hold G to peek"

    def __init__(self) -> None:
        super().__init__()
        self.options = BrushOptions()
