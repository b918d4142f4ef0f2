"""One viewport onto a volume: which slice, how large, what stands in its corners."""

from typing import Protocol

import numpy as np

from graticule.domain.elements import Region
from graticule.domain.geometry import Floats, letters_for
from graticule.domain.viewing import Look
from graticule.domain.volume import Volume, Window
from graticule.editing.tools.tool import Outline, Plane, Pointer
from graticule.imaging.lengths import from_stored, to_stored
from graticule.imaging.orientation import Axes, Slices, is_oblique, outer_corners, slices_along
from graticule.imaging.plane import ViewPlane
from graticule.presenters.image_view import Corners, Keys, Ruler, fidelity_words, outline_of, ruler_for
from graticule.presenters.slice_words import read_out, slice_text, slice_warnings
from graticule.presenters.windows import text_of

REACH_PX = 8.0
CLOSEST_MM_PER_PX = 0.005
FIT_MARGIN = 1.04
_TITLES = {"axial": "Axial", "coronal": "Coronal", "sagittal": "Sagittal"}


class Frame(Protocol):
    """What the views of one volume share."""

    volume: Volume
    cursor: Floats
    window: Window
    acquired_plane: str
    layout: str

    def plane_changed(self, view: "PlaneView") -> None: ...

    def move_cursor(self, at_mm: Floats) -> None: ...

    def drag_window(self, right_px: float, down_px: float) -> None: ...

    def headings(self) -> tuple[str, ...]: ...

    def regions(self) -> list[Region]: ...

    def name_at(self, at_mm: Floats) -> str: ...


class PlaneView:
    """axes: its directions; `slices` the stack it scrolls through. Sizes in device-independent pixels."""

    def __init__(self, frame: Frame, axes: Axes) -> None:
        self._frame = frame
        self.axes = axes
        self.name = axes.name
        self.slices: Slices = slices_along(frame.volume.grid, axes.onward)
        self.width, self.height, self.device_ratio = 400, 400, 1.0
        self._centre = frame.volume.grid.centre_mm
        self._mm_per_pixel = 1.0
        self._fitted = True
        self._index: int | None = None
        self._plane: ViewPlane | None = None
        grid, (right, down) = frame.volume.grid, (axes.right, axes.down)
        self._letters = (letters_for(-right, grid.oriented), letters_for(-down, grid.oriented),
                         letters_for(right, grid.oriented), letters_for(down, grid.oriented))
        self._in_slices = abs(float(axes.onward @ grid.normal)) > 0.999
        self._finest_mm = min(grid.spacing_mm)
        self._directions: dict[str, tuple[float, float] | None] = {}
        self._fit()

    @property
    def title(self) -> str:
        word = _TITLES[self.name]
        return f"{word}, as acquired" if self.axes.acquired and is_oblique(self.axes) else word

    @property
    def index(self) -> int:
        """The slice shown, in reading order (0 = nearest the head, the front or the right)."""
        if self._index is None:
            self._index = self.slices.nearest(self._frame.cursor)
        return self._index

    @property
    def plane(self) -> ViewPlane:
        if self._plane is None:
            self._plane = self._make_plane()
        return self._plane

    @property
    def device_plane(self) -> ViewPlane:
        """The same plane in the screen's own pixels."""
        return self.plane if self.device_ratio == 1.0 else self.plane.in_pixels_of(self.device_ratio)

    def cursor_moved(self) -> bool:
        """The shared point is elsewhere; True when that is another slice."""
        before, self._index = self._index, None
        if before == self.index:
            return False
        self._plane = None
        return True

    def _make_plane(self) -> ViewPlane:
        centre = self.slices.moved(self._centre, self.index)
        corner = centre - (self.axes.right * self.width + self.axes.down * self.height) * (self._mm_per_pixel / 2)
        return ViewPlane(self.axes.right, self.axes.down, corner, self._mm_per_pixel, self.width, self.height)

    def acquired_k(self) -> int | None:
        """The series' own slice number, when the view lies in the plane of the slices."""
        if not self._in_slices:
            return None
        grid = self._frame.volume.grid
        k = round(float(grid.to_index(self.slices.moved(grid.centre_mm, self.index))[2]))
        return min(max(k, 0), grid.shape[0] - 1)

    def resize(self, width: int, height: int) -> None:
        if (width, height) == (self.width, self.height) or width < 1 or height < 1:
            return
        self.width, self.height = width, height
        if self._fitted:
            self._fit()
        self._changed()

    def fit(self) -> None:
        self._fitted = True
        self._centre = self._frame.volume.grid.centre_mm
        self._fit()
        self._changed()

    def pan(self, right_px: float, down_px: float) -> None:
        self._fitted = False
        self._centre = self._centre - (self.axes.right * right_px + self.axes.down * down_px) * self._mm_per_pixel
        self._changed()

    def zoom(self, factor: float, at_px: tuple[float, float]) -> None:
        widest = self._fit_scale() * 8
        scale = float(np.clip(self._mm_per_pixel / factor, CLOSEST_MM_PER_PX, widest))
        away = self.axes.right * (at_px[0] - self.width / 2) + self.axes.down * (at_px[1] - self.height / 2)
        self._centre = self._centre + away * (self._mm_per_pixel - scale)
        self._mm_per_pixel, self._fitted = scale, False
        self._changed()

    def change_window(self, right_px: float, down_px: float) -> None:
        self._frame.drag_window(right_px, down_px)

    def look_at(self, at: tuple[float, ...]) -> None:
        self._frame.move_cursor(np.array(at))

    def scroll(self, steps: int) -> None:
        """So many slices onward in reading order; stops at the ends."""
        self._frame.move_cursor(self.slices.moved(self._frame.cursor, self.index + steps))

    def pointer(self, x: float, y: float, keys: Keys) -> Pointer:
        at = self.plane.to_patient(x, y)
        plane = Plane(self.name, self.axes.right, self.axes.down, self.plane.normal, self._mm_per_pixel)
        reach = REACH_PX * self._mm_per_pixel
        return Pointer(tuple(float(v) for v in at), plane, control=keys.control, shift=keys.shift, alt=keys.alt,
                       pressure=keys.pressure, reach=(reach, reach), on_screen=(x, y))

    def on_screen(self, at: tuple[float, ...]) -> tuple[float, float]:
        x, y = self.plane.to_screen(np.array(at))
        return float(x), float(y)

    def pixels_per_unit(self) -> float:
        return 1.0 / self._mm_per_pixel

    def crosshair(self) -> tuple[float, float]:
        return self.on_screen(tuple(self._frame.cursor))

    def cut_by(self, other: "PlaneView") -> tuple[float, float] | None:
        """Unit vector (right, down) on the screen along the line in which another view cuts this one; None when parallel."""
        if other.name not in self._directions:
            line = np.cross(self.axes.onward, other.axes.onward)
            size = float(np.linalg.norm(line))
            along = None if size < 1e-6 else (float(line @ self.axes.right) / size, float(line @ self.axes.down) / size)
            self._directions[other.name] = along
        return self._directions[other.name]

    def corners(self) -> Corners:
        volume = self._frame.volume
        zoom = f"Zoom {self.image_pixel_on_screen() * 100:.0f} %"
        return Corners((self.title, *self._headings()), slice_text(self.slices, self.index, oriented=volume.grid.oriented),
                       (zoom, text_of(self._frame.window)), (*slice_warnings(volume, self.acquired_k()), *self._doubts()))

    def image_pixel_on_screen(self) -> float:
        """Screen pixels (device-independent) per pixel of the image."""
        return self._finest_mm / self._mm_per_pixel

    def fidelity(self) -> str:
        """What stands between the reader and the stored pixels, in words."""
        device = self.image_pixel_on_screen() * self.device_ratio
        if self.acquired_k() is None and self._frame.volume.thick:
            return "Interpolated between slices"
        return fidelity_words(device, self._frame.volume.doubts)

    def letters(self) -> tuple[str, str, str, str]:
        return self._letters

    def ruler(self) -> Ruler | None:
        return ruler_for(self._mm_per_pixel, self.width)

    def regions(self) -> list[Region]:
        """Lines whose both ends lie in the shown slice."""
        plane, near = self.plane, self.slices.step_mm / 2 + 1e-3
        return [region for region in self._frame.regions()
                if bool((np.abs(plane.distance_mm(from_stored(region.points))) <= near).all())]

    def marks(self) -> tuple[Outline, ...]:
        return tuple(outline_of(region) for region in self.regions())

    def read_out(self, pointer: Pointer) -> str:
        """The words for the status bar: place, voxel, value with unit, segment."""
        at = np.array(pointer.at)
        return read_out(self._frame.volume, at, self._frame.name_at(at))

    def look(self) -> Look:
        """What stands on the screen now, for the viewing record."""
        plane, window = self.plane, self._frame.window
        region = to_stored([plane.corner_mm, plane.to_patient(plane.width, plane.height)])
        return Look(self.name, self.index, (*region[0], *region[1]), round(self.image_pixel_on_screen() * 1000),
                    (f"{window.width:.4g}", f"{window.level:.4g}"), 0)

    def state(self) -> dict[str, object]:
        return {} if self._fitted else {"centre": [float(v) for v in self._centre], "mm_per_pixel": self._mm_per_pixel}

    def restore(self, state: dict[str, object]) -> None:
        centre, scale = state.get("centre"), state.get("mm_per_pixel")
        if isinstance(centre, list) and len(centre) == 3 and isinstance(scale, float) and scale > 0:
            self._centre, self._mm_per_pixel, self._fitted = np.array(centre, dtype=np.float64), scale, False
            self._plane = None

    def _changed(self) -> None:
        self._plane = None
        self._frame.plane_changed(self)

    @property
    def _speaks_for_all(self) -> bool:
        """What holds for the whole series is said once: in the plane of its slices, or in the one that fills the page."""
        return self.name in (self._frame.acquired_plane, self._frame.layout)

    def _headings(self) -> tuple[str, ...]:
        return self._frame.headings() if self._speaks_for_all else ()

    def _doubts(self) -> tuple[str, ...]:
        return tuple(doubt.text for doubt in self._frame.volume.doubts) if self._speaks_for_all else ()

    def _fit(self) -> None:
        self._mm_per_pixel, self._plane = self._fit_scale(), None

    def _fit_scale(self) -> float:
        corners = outer_corners(self._frame.volume.grid)
        across, along = np.ptp(corners @ self.axes.right), np.ptp(corners @ self.axes.down)
        return float(max(across / self.width, along / self.height) * FIT_MARGIN)
