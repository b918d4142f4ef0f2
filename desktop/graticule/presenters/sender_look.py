"""How the sender of an image showed it: greys, turn, part and shutter of a presentation state, as kept beside its labels."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from graticule.domain.labels import Labels
from graticule.domain.volume import Window
from graticule.presenters.turning import Turn

SENDER_LOOKS = "sender_looks"


@dataclass(frozen=True, slots=True)
class SenderLook:
    """area, shutter: (left, top, right, bottom) in image pixels; None for the whole image.

    window: None when the sender named none; `inverted` stands with or without it.
    """

    title: str
    turn: Turn = field(default_factory=Turn)
    window: Window | None = None
    area: tuple[float, float, float, float] | None = None
    shutter: tuple[float, float, float, float] | None = None
    inverted: bool = False

    def greys(self, now: Window) -> Window:
        """The sender's window, or the present one inverted as he had it."""
        return self.window or replace(now, inverted=self.inverted)


def sender_looks(beside: Iterable[Labels]) -> list[SenderLook]:
    """Every look that came with an image; what cannot be read is left out."""
    return [look for labels in beside for item in labels.extra.get(SENDER_LOOKS, ()) if (look := _look(item)) is not None]


def _look(item: Mapping[str, Any]) -> SenderLook | None:
    try:
        turn = Turn().turned(int(item.get("rotation", 0)) // 90)
        # DICOM PS3.3 C.10.6: turned first, then flipped.
        turn = turn.flipped(left_right=True) if item.get("flip") else turn
        window = item.get("window")
        made = None if window is None else Window(float(window[0]), float(window[1]), "As sent", bool(item.get("inverted")))
        return SenderLook(str(item.get("title", "")), turn, made, _box(item.get("area")), _box(item.get("shutter")),
                          bool(item.get("inverted")))
    except (TypeError, ValueError, IndexError):
        return None


def _box(values: Any) -> tuple[float, float, float, float] | None:
    if values is None:
        return None
    left, top, right, bottom = (float(value) for value in values)
    return left, top, right, bottom
