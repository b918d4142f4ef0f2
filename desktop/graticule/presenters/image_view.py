"""What a viewport asks of the presenter behind it, whatever kind of image it shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from graticule.domain.elements import Region
from graticule.domain.geometry import Floats
from graticule.domain.viewing import Look
from graticule.domain.volume import Doubt, Window
from graticule.editing.tools.measuring import as_places
from graticule.editing.tools.tool import Outline, Pointer
from graticule.imaging.lengths import from_stored
from graticule.imaging.shapes import outlines
from graticule.presenters.mark_words import label_of


@dataclass(frozen=True, slots=True)
class Corners:
    """The four corner texts, line by line; `warnings` stand above the bottom left, in words, `notes` (less grave) above them."""

    top_left: tuple[str, ...] = ()
    top_right: tuple[str, ...] = ()
    bottom_right: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ruler:
    """A length of `pixels` on the screen and its words ("5 cm")."""

    pixels: float
    text: str


@dataclass(frozen=True, slots=True)
class Keys:
    """Modifier keys and pen pressure of a pointer event."""

    control: bool = False
    shift: bool = False
    alt: bool = False
    pressure: float = 1.0


class ImageView(Protocol):
    """One viewport's presenter. Positions and sizes in device-independent pixels; it is also a tool's `View`."""

    name: str
    width: int
    height: int
    device_ratio: float

    def resize(self, width: int, height: int) -> None: ...

    def pan(self, right_px: float, down_px: float) -> None: ...

    def zoom(self, factor: float, at_px: tuple[float, float]) -> None: ...

    def change_window(self, right_px: float, down_px: float) -> None: ...

    def look_at(self, at: tuple[float, ...]) -> None: ...

    def set_window(self, window: Window) -> None: ...

    def fit(self) -> None: ...

    def scroll(self, steps: int) -> None: ...

    def pointer(self, x: float, y: float, keys: Keys) -> Pointer: ...

    def on_screen(self, at: tuple[float, ...]) -> tuple[float, float]: ...

    def pixels_per_unit(self) -> float:
        """Screen pixels per unit of `Pointer.at` (mm, or image pixels): what an Outline's radius is multiplied by."""
        ...

    def corners(self) -> Corners: ...

    def letters(self) -> tuple[str, str, str, str]:
        """Orientation at the left, top, right and bottom edge, of the final direction on screen."""
        ...

    def ruler(self) -> Ruler | None: ...

    def regions(self) -> list[Region]:
        """Measurements that are seen here."""
        ...

    def marks(self) -> tuple[Outline, ...]: ...

    def look(self) -> Look: ...

    def fidelity(self) -> str: ...

    def read_out(self, pointer: Pointer) -> str: ...


_NICE_MM = tuple(step * 10.0**power for power in range(-2, 4) for step in (1, 2, 5))


def ruler_for(mm_per_pixel: float, width: int) -> Ruler:
    """The longest round length that takes at most a quarter of the width."""
    fits = [mm for mm in _NICE_MM if mm / mm_per_pixel <= width / 4]
    mm = fits[-1] if fits else _NICE_MM[0]
    text = f"{mm / 10:g} cm" if mm >= 10 else f"{mm:g} mm"
    return Ruler(mm / mm_per_pixel, text)


def fidelity_words(device_pixels: float, doubts: Iterable[Doubt]) -> str:
    """What stands between the reader and the stored pixels. device_pixels: screen pixels per image pixel."""
    lossy = "Lossy source. " if any(doubt.what == "lossy" for doubt in doubts) else ""
    if device_pixels < 0.999:
        return f"{lossy}Reduced: {_reduction(1 / device_pixels)} image pixels per screen pixel"
    magnified = "" if device_pixels < 1.001 else f", magnified {device_pixels:.1f}×"
    return f"{lossy}Every pixel shown{magnified}"


def _reduction(times: float) -> str:
    """Never "1.00": whoever reads that it is reduced must see that it is."""
    return f"{times:.{1 if times >= 1.1 else 2 if times >= 1.01 else 3}f}"


def scale_note(device_pixels: float) -> str:
    """The same for the corner of the image, in few words; "" at one to one."""
    if device_pixels < 0.999:
        return f"Reduced {_reduction(1 / device_pixels)} : 1"
    return "" if device_pixels < 1.001 else f"Magnified {device_pixels:.1f} ×, smoothed"


def outline_of(region: Region) -> Outline:
    """How a mark is drawn: its first stroke, with its words beside it (`marks_view.outlines_of` gives all strokes)."""
    points, closed = outlines(region.shape, from_stored(region.points))[0]
    return Outline(as_places(points), closed, label=label_of(region))


def region_near(view: ImageView, x: float, y: float, reach_px: float = 7.0) -> Region | None:
    """The mark whose line passes within `reach_px` of a screen position, the nearest first."""
    found = [(distance, region) for region in view.regions() if (distance := _distance_px(view, region, x, y)) <= reach_px]
    return min(found, key=lambda pair: pair[0])[1] if found else None


def _distance_px(view: ImageView, region: Region, x: float, y: float) -> float:
    return min((_to_stroke([np.array(view.on_screen(tuple(point))) for point in stroke], closed, np.array([x, y]))
                for stroke, closed in outlines(region.shape, from_stored(region.points)) if len(stroke)), default=float("inf"))


def _to_stroke(stroke: list[Floats], closed: bool, at: Floats) -> float:
    ends = [*stroke[1:], stroke[0]] if closed else stroke[1:] or stroke
    return min(_to_line(one, two, at) for one, two in zip(stroke, ends, strict=False))


def _to_line(one: Floats, two: Floats, at: Floats) -> float:
    way, away = two - one, at - one
    share = float(np.clip(away @ way / max(float(way @ way), 1e-9), 0.0, 1.0))
    return float(np.linalg.norm(away - share * way))
