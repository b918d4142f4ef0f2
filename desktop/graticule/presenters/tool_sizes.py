"""Sizes of tools on pictures: in millimetres where there are any, else in pixels, which need other numbers."""

from dataclasses import dataclass, fields, replace
from typing import Any

from graticule.domain.picture import Picture
from graticule.editing.canvas import pixel_of

MILLIMETRES = "mm"
# So many pixels along its longer side make a picture on which a millimetre's number suits a pixel.
_USUAL_PX = 600


@dataclass(frozen=True, slots=True)
class Lengths:
    """unit: in which a tool's lengths count here. stretch: how many times as large they may be, and begin.

    flat: there is only one plane, so that choices of depth ("volume_only" in an option's metadata) mean nothing.
    """

    unit: str = MILLIMETRES
    stretch: float = 1.0
    flat: bool = False


def lengths_of(content: Any) -> Lengths:
    """Of a picture without millimetres pixels, the more of them the finer it is; of everything else millimetres."""
    if not isinstance(content, Picture):
        return Lengths()
    if pixel_of(content)[0] == MILLIMETRES:
        return Lengths(flat=True)
    return Lengths("px", max(1.0, max(content.rows, content.columns) / _USUAL_PX), flat=True)


def stretched(options: Any, lengths: Lengths) -> Any:
    """A tool's options with every length as large as suits the picture; the options of a volume as they are."""
    if lengths.stretch == 1.0:
        return options
    lengthy = {item.name: _round(getattr(options, item.name) * lengths.stretch)
               for item in fields(options) if item.metadata.get("unit") == MILLIMETRES}
    return replace(options, **lengthy) if lengthy else options


def _round(length: float) -> float:
    return float(round(length, 1) if length < 5 else round(length * 2) / 2)
