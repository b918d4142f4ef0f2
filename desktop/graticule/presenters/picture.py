"""A picture on the screen: a radiograph in a grey window, a photograph in colour, or the frames of a loop."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from graticule.domain.elements import Region
from graticule.domain.geometry import Array
from graticule.domain.picture import Calibrated, Picture
from graticule.domain.viewing import Look
from graticule.domain.volume import Window
from graticule.editing.tools.marks import IMAGE
from graticule.editing.tools.tool import Outline, Pointer
from graticule.imaging.colour_maps import GREY, NAMES
from graticule.imaging.lengths import from_stored
from graticule.imaging.measure import frame_of
from graticule.presenters.finding_names import FindingNames
from graticule.presenters.image_view import Corners, Keys, Ruler, fidelity_words, ruler_for, scale_note
from graticule.presenters.marks_view import CHOSEN, FOREIGN, MARK, outlines_of
from graticule.presenters.open_case import OpenCase
from graticule.presenters.picture_labels import PictureLabels
from graticule.presenters.picture_place import PicturePlace
from graticule.presenters.plane_view import REACH_PX
from graticule.presenters.sender_look import SenderLook
from graticule.presenters.truth import truth_of_picture
from graticule.presenters.turning import Turn
from graticule.presenters.windows import displayed, dragged, opening_window, presets_for, text_of, window_from, window_state

VIEW = "picture"
TRUE_SIZE_WITHIN = 0.005


@dataclass(frozen=True, slots=True)
class PictureChanged:
    """The picture looks different now; `window` when its greys do, or another frame is shown; `labels` when only they do."""

    case_id: str
    window: bool = False
    labels: bool = False


class PicturePresenter:
    """Scale is screen pixels (device-independent) per column; positions are (column, row), (0, 0) the outer corner.

    screen_mm: millimetres of a screen pixel, where this screen was calibrated.
    """

    def __init__(self, opened: OpenCase, picture: Picture) -> None:
        self._opened = opened
        self.picture = picture
        self.name = VIEW
        self.device_ratio = 1.0
        self.index = 0
        self.screen_mm: float | None = None
        self.screen = ""
        self.colour_map = GREY
        self.chosen_mark = ""
        self.findings = FindingNames(opened)
        self.show_overlay, self.show_regions = True, False
        self.shutter: tuple[float, float, float, float] | None = None
        self.presets: tuple[Window, ...] = ()
        self.window = Window(255, 127.5)
        self._window_chosen = False
        self._measure()
        self.place = PicturePlace(picture.columns, picture.rows, _aspect(picture))
        self.labels = PictureLabels(opened, picture, self.place, lambda: self.index, self.go,
                                    lambda: opened.bus.publish(PictureChanged(opened.case.id, labels=True)))

    def samples_changed(self) -> None:
        """The pixels have arrived: measured windows can be taken."""
        self._measure()
        self._tell(window=True)

    # --- gestures ---------------------------------------------------------------------------------------------------

    def resize(self, width: int, height: int) -> None:
        if (width, height) != (self.width, self.height) and width > 0 and height > 0:
            self.place.resize(width, height)
            self._tell()

    def fit(self) -> None:
        self.place.fit()
        self._tell()

    def actual_size(self) -> None:
        """One image pixel on one screen pixel."""
        self.zoom(1.0 / (self.scale * self.device_ratio), (self.width / 2, self.height / 2))

    def true_size(self) -> bool:
        """A millimetre of the image on a millimetre of the screen; False when either is not known."""
        wanted = self._true_scale()
        if wanted is None:
            return False
        self.zoom(wanted / self.scale, (self.width / 2, self.height / 2))
        return True

    def pan(self, right_px: float, down_px: float) -> None:
        self.place.pan(right_px, down_px)
        self._tell()

    def zoom(self, factor: float, at_px: tuple[float, float]) -> None:
        self.place.zoom(factor, at_px, 1 / self.device_ratio)
        self._tell()

    def change_window(self, right_px: float, down_px: float) -> None:
        if not self.picture.colour:
            self.set_window(dragged(self.window, right_px, down_px))

    def set_window(self, window: Window) -> None:
        if not self.picture.colour:
            self.window, self._window_chosen = window, True
            self._tell(window=True)

    def invert(self) -> None:
        self.set_window(replace(self.window, inverted=not self.window.inverted, name=""))

    def preset(self, number: int) -> Window | None:
        if self.picture.colour or number > len(self.presets):
            return None
        opening = opening_window(self.picture.modality, self.picture.unit, self.picture.windows, self.presets)
        self.set_window(opening if number == 0 else self.presets[number - 1])
        return self.window

    def set_colour_map(self, name: str) -> None:
        if name in NAMES and not self.picture.colour:
            self.colour_map = name
            self._tell(window=True)

    def set_turn(self, turn: Turn) -> None:
        self.place.set_turn(turn)
        self._tell()

    def reset(self) -> None:
        """As the image came: unturned, fitted, its own window, grey."""
        self.place.turn, self.shutter, self.colour_map = Turn(), None, GREY
        self.place.fit()
        self.preset(0)
        self._tell(window=True)

    def show_as_sent(self, look: SenderLook) -> None:
        """As the sender showed it: turn, greys, part and shutter."""
        self.place.set_turn(look.turn)
        self.shutter = look.shutter
        if look.window is not None:
            self.set_window(look.window)
        if look.area is not None:
            left, top, right, bottom = look.area
            across, along = np.abs(self.place.turn.array @ np.array([right - left, (bottom - top) * self.place.aspect]))
            self.place.look_at(((left + right) / 2, (top + bottom) / 2))
            self.place.scale = min(self.width / max(across, 1e-6), self.height / max(along, 1e-6))
        self._tell(window=True)

    def toggle(self, what: str) -> None:
        """ "overlay" (graphics of the file) or "regions" (parts with a scale of their own): shown or hidden."""
        name = f"show_{what}"
        setattr(self, name, not getattr(self, name))
        self._tell()

    def look_at(self, at: tuple[float, ...]) -> None:
        self.place.look_at(at[:2])
        self._tell()

    def go(self, at: Array) -> None:
        """To a mark: its frame, and its place when that is out of sight."""
        self.show_frame(round(float(at[2])) if len(at) > 2 else 0)
        x, y = self.on_screen(tuple(at))
        if not (0 <= x < self.width and 0 <= y < self.height):
            self.look_at(tuple(float(v) for v in at))

    def scroll(self, steps: int) -> None:
        """So many frames onward; stops at the ends."""
        self.show_frame(self.index + steps)

    def show_frame(self, number: int) -> None:
        number = max(0, min(self.count - 1, number))
        if number != self.index:
            self.index = number
            self._tell(window=True)

    def choose_mark(self, mark: str) -> None:
        if mark != self.chosen_mark:
            self.chosen_mark = mark
            self._tell()

    # --- asked ------------------------------------------------------------------------------------------------------

    @property
    def count(self) -> int:
        return self.picture.count

    @property
    def width(self) -> int:
        return self.place.width

    @property
    def height(self) -> int:
        return self.place.height

    @property
    def scale(self) -> float:
        return self.place.scale

    @property
    def turn(self) -> Turn:
        return self.place.turn

    @property
    def display_window(self) -> Window:
        """The window with MONOCHROME1 taken into account: there the highest value is black."""
        return displayed(self.window, self.picture.inverted, self.picture.blank)

    def pointer(self, x: float, y: float, keys: Keys) -> Pointer:
        column, row = (float(v) for v in self.place.to_image((x, y)))
        reach = REACH_PX / self.scale
        at = (column, row) if self.index == 0 else (column, row, float(self.index))
        return Pointer(at, control=keys.control, shift=keys.shift, alt=keys.alt, pressure=keys.pressure, reach=(reach, reach),
                       on_screen=(x, y))

    def on_screen(self, at: tuple[float, ...]) -> tuple[float, float]:
        x, y = self.place.to_screen(at[:2])
        return float(x), float(y)

    def pixels_per_unit(self) -> float:
        return self.scale

    def corners(self) -> Corners:
        picture, protocol = self.picture, self._opened.protocol
        truth = truth_of_picture(picture, self.index, mirrored=self.turn.mirrored, marked_regions=self.show_regions)
        heading = (self._opened.case.title, f"{protocol.project} · protocol {protocol.version}")
        size = f"{picture.columns} × {picture.rows} pixels"
        frame = (f"Frame {self.index + 1} / {self.count}",) if self.count > 1 else ()
        bottom = (self.turn.words(), f"Zoom {self.scale * 100:.0f} %{self._size_words()}",
                  *(() if picture.colour else (text_of(self.window),)))
        notes = (*truth.notes, scale_note(self.scale * self.device_ratio))
        return Corners(heading, (size, *frame), tuple(text for text in bottom if text), truth.warnings,
                       tuple(note for note in notes if note))

    def letters(self) -> tuple[str, str, str, str]:
        """As the file says, turned with the image; empty for photographs, which have no patient axes."""
        letters = self.picture.edge_letters
        return ("", "", "", "") if self.picture.colour and set(letters) == {"?"} else self.turn.edges(letters)

    def ruler(self) -> Ruler | None:
        mm = self.picture.pixel_mm_at(*self.place.centre)
        return None if mm is None else ruler_for(mm[1] / self.scale, self.width)

    def marks(self) -> tuple[Outline, ...]:
        own = [outline for region in self.own_regions()
               for outline in outlines_of(self.findings.named(region), CHOSEN if region.id == self.chosen_mark else MARK)]
        foreign = [outline for region in self.foreign_regions() for outline in outlines_of(region, FOREIGN)]
        return (*self._calibrated_parts(), *foreign, *own)

    def regions(self) -> list[Region]:
        return self.own_regions()

    def own_regions(self) -> list[Region]:
        return [r for r in self._opened.workspace.labels.of(Region) if self._here(r)]

    def foreign_regions(self) -> list[Region]:
        """What came drawn in files with the image."""
        return [r for labels in self._opened.beside for r in labels.of(Region) if self._here(r)]

    def fidelity(self) -> str:
        return fidelity_words(self.scale * self.device_ratio, self.picture.doubts)

    def read_out(self, pointer: Pointer) -> str:
        column, row = (int(np.floor(v)) for v in pointer.at[:2])
        if not (0 <= column < self.picture.columns and 0 <= row < self.picture.rows):
            return ""
        value = self.picture.frame(self.index)[row, column]
        if self.picture.colour:
            amount = "  ".join(f"{name} {int(v)}" for name, v in zip("RGB", value, strict=True))
        else:
            amount = f"{float(value):g} {self.picture.unit or ''}".strip()
        frame = f"frame {self.index + 1}   " if self.count > 1 else ""
        name = self.labels.name_at(column, row)
        return f"{frame}column {column}   row {row}   {amount}" + (f"   {name}" if name else "")

    def look(self) -> Look:
        corner, end = (self.place.to_image(at) for at in ((0, 0), (self.width, self.height)))
        region = tuple(round(float(v) * 1000) for v in (*corner, *end))
        window = () if self.picture.colour else (f"{self.window.width:.4g}", f"{self.window.level:.4g}")
        return Look(VIEW, self.index, region, round(self.scale * 1000), window, 0, self.screen)

    # --- leaving and coming back ------------------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        place = self.place
        view = None if place.fitted else [float(place.centre[0]), float(place.centre[1]), place.scale]
        window = window_state(self.window) if self._window_chosen else None
        return {"view": view, "window": window, "turn": [list(row) for row in self.turn.matrix], "frame": self.index,
                "colour_map": self.colour_map, **self.labels.state()}

    def restore(self, state: dict[str, Any]) -> None:
        if state.get("turn"):
            (a, b), (c, d) = state["turn"]
            self.place.set_turn(Turn(((int(a), int(b)), (int(c), int(d)))))
        if state.get("view"):
            column, row, scale = state["view"]
            self.place.look_at((column, row))
            self.place.scale = float(scale)
        kept = window_from(state["window"], self.presets) if state.get("window") and not self.picture.colour else None
        if kept is not None:
            self.window, self._window_chosen = kept, True
        self.index = max(0, min(self.count - 1, int(state.get("frame", 0))))
        self.colour_map = state.get("colour_map", GREY) if state.get("colour_map") in NAMES else GREY
        self.labels.restore(state)

    # --- inside -----------------------------------------------------------------------------------------------------

    def _here(self, region: Region) -> bool:
        return region.space == IMAGE and bool(region.points) and frame_of(from_stored(region.points)) == self.index

    def _calibrated_parts(self) -> tuple[Outline, ...]:
        if not self.show_regions:
            return ()
        return tuple(_part_outline(part) for part in self.picture.calibrated)

    def _true_scale(self) -> float | None:
        mm = self.picture.pixel_mm_at(*self.place.centre)
        return None if mm is None or self.screen_mm is None else mm[1] / self.screen_mm

    def _size_words(self) -> str:
        wanted = self._true_scale()
        if wanted is None or abs(self.scale / wanted - 1) > TRUE_SIZE_WITHIN:
            return ""
        return "  True size at the detector" if "detector" in self.picture.pixel_mm_source else "  True size"

    def _measure(self) -> None:
        picture = self.picture
        if not picture.colour:
            self.presets = presets_for(picture.modality, picture.unit, picture.windows, picture.pixels, picture.blank)
            if not self._window_chosen:
                self.window = opening_window(picture.modality, picture.unit, picture.windows, self.presets)

    def _tell(self, *, window: bool = False) -> None:
        self._opened.bus.publish(PictureChanged(self._opened.case.id, window))


def _aspect(picture: Picture) -> float:
    """Height of a pixel by its width: by the millimetres of the file, else as it says."""
    if picture.pixel_mm is not None:
        return picture.pixel_mm[0] / picture.pixel_mm[1]
    return picture.pixel_aspect if picture.pixel_aspect > 0 else 1.0


def _part_outline(part: Calibrated) -> Outline:
    corners = ((part.left, part.top), (part.right, part.top), (part.right, part.bottom), (part.left, part.bottom))
    mm = part.pixel_mm
    scale = f"{part.axes[1]} across, {part.axes[0]} down" if mm is None else f"{mm[1]:.4g} × {mm[0]:.4g} mm a pixel"
    return Outline(corners, closed=True, label=f"{part.kind}: {scale}", style="guide")


def halved(pixels: Array) -> Array:
    """(rows // 2, columns // 2[, 3]) means of 2 × 2 pixels, same type: what is drawn when the picture is reduced on screen."""
    rows, columns = pixels.shape[0] // 2 * 2, pixels.shape[1] // 2 * 2
    part = pixels[:rows, :columns].astype(np.float32)
    mean = (part[::2, ::2] + part[1::2, ::2] + part[::2, 1::2] + part[1::2, 1::2]) / 4
    return np.ascontiguousarray(mean if pixels.dtype.kind == "f" else np.rint(mean).astype(pixels.dtype))
