"""A single image on the screen: a radiograph in a grey window, or a photograph in colour."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from graticule.domain.elements import Region
from graticule.domain.geometry import Array
from graticule.domain.picture import Picture
from graticule.domain.viewing import Look
from graticule.domain.volume import Window
from graticule.editing.tools.length import IMAGE
from graticule.editing.tools.tool import Outline, Pointer
from graticule.presenters.image_view import Corners, Keys, Ruler, fidelity_words, outline_of, ruler_for
from graticule.presenters.open_case import OpenCase
from graticule.presenters.plane_view import REACH_PX
from graticule.presenters.windows import displayed, dragged, opening_window, presets_for, text_of

VIEW = "picture"
LARGEST, FIT_MARGIN = 64.0, 1.02


@dataclass(frozen=True, slots=True)
class PictureChanged:
    """The picture looks different now; `window` when its greys do."""

    case_id: str
    window: bool = False


class PicturePresenter:
    """Scale is screen pixels (device-independent) per image pixel; positions are (column, row), (0, 0) the outer corner."""

    def __init__(self, opened: OpenCase, picture: Picture) -> None:
        self._opened = opened
        self.picture = picture
        self.name = VIEW
        self.width, self.height, self.device_ratio = 400, 400, 1.0
        self.presets: tuple[Window, ...] = ()
        self.window = Window(255, 127.5)
        self._fitted, self._window_chosen = True, False
        self._measure()
        self._centre = np.array([picture.columns / 2, picture.rows / 2])
        self.scale = self._fit_scale()

    def samples_changed(self) -> None:
        """The pixels have arrived: measured windows can be taken."""
        self._measure()
        self._tell(window=True)

    # --- gestures ---------------------------------------------------------------------------------------------------

    def resize(self, width: int, height: int) -> None:
        if (width, height) != (self.width, self.height) and width > 0 and height > 0:
            self.width, self.height = width, height
            self.scale = self._fit_scale() if self._fitted else self.scale
            self._tell()

    def fit(self) -> None:
        self._fitted, self.scale = True, self._fit_scale()
        self._centre = np.array([self.picture.columns / 2, self.picture.rows / 2])
        self._tell()

    def actual_size(self) -> None:
        """One image pixel on one screen pixel."""
        self.zoom(1.0 / (self.scale * self.device_ratio), (self.width / 2, self.height / 2))

    def pan(self, right_px: float, down_px: float) -> None:
        self._fitted = False
        self._centre = self._centre - np.array([right_px, down_px]) / self.scale
        self._tell()

    def zoom(self, factor: float, at_px: tuple[float, float]) -> None:
        scale = float(np.clip(self.scale * factor, min(self._fit_scale() / 8, 1 / self.device_ratio), LARGEST))
        away = np.array([at_px[0] - self.width / 2, at_px[1] - self.height / 2])
        self._centre = self._centre + away / self.scale - away / scale
        self.scale, self._fitted = scale, False
        self._tell()

    def change_window(self, right_px: float, down_px: float) -> None:
        if not self.picture.colour:
            self._set_window(dragged(self.window, right_px, down_px))

    def preset(self, number: int) -> Window | None:
        if self.picture.colour or number > len(self.presets):
            return None
        opening = opening_window(self.picture.modality, self.picture.unit, self.picture.windows, self.presets)
        self._set_window(opening if number == 0 else self.presets[number - 1])
        return self.window

    def look_at(self, at: tuple[float, ...]) -> None:
        self._centre, self._fitted = np.array(at[:2], dtype=np.float64), False
        self._tell()

    def scroll(self, steps: int) -> None:
        """A single picture has nothing to scroll: the wheel zooms instead (the page decides)."""

    # --- asked ------------------------------------------------------------------------------------------------------

    @property
    def display_window(self) -> Window:
        """The window with MONOCHROME1 taken into account: there the highest value is black."""
        return displayed(self.window, self.picture.inverted)

    def pointer(self, x: float, y: float, keys: Keys) -> Pointer:
        column, row = self._centre + np.array([x - self.width / 2, y - self.height / 2]) / self.scale
        reach = REACH_PX / self.scale
        return Pointer((float(column), float(row)), control=keys.control, shift=keys.shift, alt=keys.alt, pressure=keys.pressure,
                       reach=(reach, reach), on_screen=(x, y))

    def on_screen(self, at: tuple[float, ...]) -> tuple[float, float]:
        x, y = (np.array(at[:2]) - self._centre) * self.scale + (self.width / 2, self.height / 2)
        return float(x), float(y)

    def pixels_per_unit(self) -> float:
        return self.scale

    def corners(self) -> Corners:
        picture, protocol = self.picture, self._opened.protocol
        heading = (self._opened.case.title, f"{protocol.project} · protocol {protocol.version}")
        size = f"{picture.columns} × {picture.rows} pixels"
        bottom = (f"Zoom {self.scale * 100:.0f} %", *(() if picture.colour else (text_of(self.window),)))
        return Corners(heading, (size,), bottom, (*self._own_warnings(), *(doubt.text for doubt in picture.doubts)))

    def letters(self) -> tuple[str, str, str, str]:
        """As the file says; empty for photographs, which have no patient axes."""
        letters = self.picture.edge_letters
        return ("", "", "", "") if self.picture.colour and set(letters) == {"?"} else letters

    def ruler(self) -> Ruler | None:
        if self.picture.pixel_mm is None:
            return None
        return ruler_for(self.picture.pixel_mm[1] / self.scale, self.width)

    def marks(self) -> tuple[Outline, ...]:
        return tuple(outline_of(region) for region in self.regions())

    def regions(self) -> list[Region]:
        return [r for r in self._opened.workspace.labels.of(Region) if r.space == IMAGE]

    def fidelity(self) -> str:
        return fidelity_words(self.scale * self.device_ratio, self.picture.doubts)

    def read_out(self, pointer: Pointer) -> str:
        column, row = (int(np.floor(v)) for v in pointer.at[:2])
        if not (0 <= column < self.picture.columns and 0 <= row < self.picture.rows):
            return ""
        value = self.picture.pixels[row, column]
        if self.picture.colour:
            amount = "  ".join(f"{name} {int(v)}" for name, v in zip("RGB", value, strict=True))
        else:
            amount = f"{float(value):g} {self.picture.unit or ''}".strip()
        return f"column {column}   row {row}   {amount}"

    def look(self) -> Look:
        corner, end = (self.pointer(x, y, Keys()).at for x, y in ((0, 0), (self.width, self.height)))
        region = tuple(round(v * 1000) for v in (*corner, *end))
        window = () if self.picture.colour else (f"{self.window.width:.4g}", f"{self.window.level:.4g}")
        return Look(VIEW, 0, region, round(self.scale * 1000), window, 0)

    # --- leaving and coming back ------------------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        view = None if self._fitted else [float(self._centre[0]), float(self._centre[1]), self.scale]
        window = [self.window.width, self.window.level, self.window.name, self.window.inverted] if self._window_chosen else None
        return {"view": view, "window": window}

    def restore(self, state: dict[str, Any]) -> None:
        if state.get("view"):
            column, row, scale = state["view"]
            self._centre, self.scale, self._fitted = np.array([column, row], dtype=np.float64), float(scale), False
        if state.get("window") and not self.picture.colour:
            self.window, self._window_chosen = Window(*state["window"]), True

    def _measure(self) -> None:
        picture = self.picture
        if not picture.colour:
            self.presets = presets_for(picture.modality, picture.unit, picture.windows, picture.pixels)
            if not self._window_chosen:
                self.window = opening_window(picture.modality, picture.unit, picture.windows, self.presets)

    def _own_warnings(self) -> tuple[str, ...]:
        if self.picture.colour or {doubt.what for doubt in self.picture.doubts} & {"no-scale", "detector-scale"}:
            return ()
        if self.picture.pixel_mm is None:
            return ("No pixel size in the file: lengths are in pixels",)
        return (f"Lengths by {self.picture.pixel_mm_source}",) if self.picture.pixel_mm_source else ()

    def _set_window(self, window: Window) -> None:
        self.window, self._window_chosen = window, True
        self._tell(window=True)

    def _fit_scale(self) -> float:
        return min(self.width / self.picture.columns, self.height / self.picture.rows) / FIT_MARGIN

    def _tell(self, *, window: bool = False) -> None:
        self._opened.bus.publish(PictureChanged(self._opened.case.id, window))


def halved(pixels: Array) -> Array:
    """(rows // 2, columns // 2[, 3]) means of 2 × 2 pixels, same type: what is drawn when the picture is reduced on screen."""
    rows, columns = pixels.shape[0] // 2 * 2, pixels.shape[1] // 2 * 2
    part = pixels[:rows, :columns].astype(np.float32)
    mean = (part[::2, ::2] + part[1::2, ::2] + part[::2, 1::2] + part[1::2, 1::2]) / 4
    return np.ascontiguousarray(mean if pixels.dtype.kind == "f" else np.rint(mean).astype(pixels.dtype))
