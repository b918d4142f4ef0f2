"""One viewport onto a volume: which slice, how large, what stands in its corners."""

from __future__ import annotations

import math
from dataclasses import replace
from operator import mul
from typing import TYPE_CHECKING, Protocol

import numpy as np

from graticule.domain.elements import Region
from graticule.domain.geometry import Floats, letters_for
from graticule.domain.viewing import Look
from graticule.domain.volume import Volume, Window
from graticule.editing.tools.tool import Outline, Plane, Pointer
from graticule.imaging.colour_maps import GREY
from graticule.imaging.lengths import to_stored
from graticule.imaging.orientation import Axes, is_oblique, leaning_deg, outer_corners, slices_along
from graticule.imaging.plane import ViewPlane
from graticule.imaging.slab import Slab, Through
from graticule.presenters.gap_marks import GapMark, gap_marks
from graticule.presenters.image_view import Corners, Keys, Ruler, fidelity_words, ruler_for, scale_note
from graticule.presenters.plane_look import axes_turned, guides_on, marks_on, on_slice, true_size_words
from graticule.presenters.sender_look import SenderLook
from graticule.presenters.slice_words import read_out, slice_text, slice_warnings
from graticule.presenters.truth import truth_of_volume
from graticule.presenters.turning import Turn
from graticule.presenters.windows import text_of

if TYPE_CHECKING:
    from graticule.presenters.instead import Instead
    from graticule.presenters.planes import LinkedPlanes

REACH_PX = 8.0
# A turned plane this close to the slices (about a quarter of a degree) shows them as they were acquired.
_IN_SLICES, _TURNED_IN_SLICES = 0.999, 0.99999
CLOSEST_MM_PER_PX = 0.005
OFF_THE_STACK = -1
FIT_MARGIN = 1.04
_TITLES = {"axial": "Axial", "coronal": "Coronal", "sagittal": "Sagittal"}


class Frame(Protocol):
    """What the views of one volume share."""

    volume: Volume
    cursor: Floats
    window: Window
    acquired_plane: str
    layout: str

    @property
    def planes(self) -> LinkedPlanes: ...

    def plane_changed(self, view: PlaneView) -> None: ...

    def move_cursor(self, at_mm: Floats) -> None: ...

    def drag_window(self, right_px: float, down_px: float) -> None: ...

    def headings(self) -> tuple[str, ...]: ...

    def regions(self) -> list[Region]: ...

    def named_regions(self) -> list[Region]: ...

    def name_at(self, at_mm: Floats) -> str: ...

    colour_map: str
    chosen_mark: str
    guides: tuple[Region, ...]

    def set_window(self, window: Window) -> None: ...

    def set_colour_map(self, name: str) -> None: ...

    def foreign_regions(self) -> list[Region]: ...

    def preset(self, number: int) -> Window | None: ...


class PlaneView:
    """axes: its directions, `home` those it opened with; `slices` the stack it scrolls through. slab: its thickness, None for a
    plane. Sizes in device-independent pixels.

    A turned plane passes exactly through the shared point; the others go from slice to slice.
    """

    def __init__(self, frame: Frame, axes: Axes) -> None:
        self._frame = frame
        self.home = axes
        self.axes, self.slices = axes, slices_along(frame.volume.grid, axes.onward)
        self.name = axes.name
        self._slab: Slab | None = None
        self.width, self.height, self.device_ratio = 400, 400, 1.0
        # Quarter turns and flips; millimetres of a screen pixel where somebody measured this screen, and the same in words.
        self.turn = Turn()
        self.screen_mm: float | None = None
        self.screen = ""
        # Another series whose values stand in this view for the moment; None for its own.
        self.instead: Instead | None = None
        self._centre = frame.volume.grid.centre_mm
        self._mm_per_pixel = 1.0
        self._fitted = True
        self._index: int | None = None
        self._plane: ViewPlane | None = None
        self._gaps: tuple[GapMark, ...] | None = None
        self._finest_mm = min(frame.volume.grid.spacing_mm)
        self._look_along(axes)
        self._fit()

    def _look_along(self, axes: Axes) -> None:
        self.axes, grid = axes, self._frame.volume.grid
        right, down = axes.right, axes.down
        self._letters = (letters_for(-right, grid.oriented), letters_for(-down, grid.oriented),
                         letters_for(right, grid.oriented), letters_for(down, grid.oriented))
        limit = _TURNED_IN_SLICES if self.turned else _IN_SLICES
        self._in_slices = abs(float(axes.onward @ grid.normal)) > limit
        self.slices = slices_along(grid, axes.onward)
        self._index = self._plane = self._gaps = None

    # --- how it lies and looks on the screen ------------------------------------------------------------------------

    @property
    def count(self) -> int:
        """How many slices there are along the normal."""
        return self.slices.count

    @property
    def colour_map(self) -> str:
        return self._frame.colour_map

    def set_colour_map(self, name: str) -> None:
        self._frame.set_colour_map(name)

    def set_window(self, window: Window) -> None:
        self._frame.set_window(window)

    def show_as_sent(self, look: SenderLook) -> None:
        """The greys the sender showed the series in. His turn and part belong to single slices, and stay aside."""
        self._frame.set_window(look.greys(self._frame.window))

    def invert(self) -> None:
        window = self._frame.window
        self._frame.set_window(replace(window, inverted=not window.inverted, name=""))

    def set_turn(self, turn: Turn) -> None:
        """Quarter turns and flips of the same cut; letters and all places follow from the directions."""
        home = axes_turned(self.home, self.turn, turn)
        axes = axes_turned(self.axes, self.turn, turn) if self.turned else home
        self.turn, self.home = turn, home
        self._look_along(axes)
        self.cursor_moved()
        if self._fitted:
            self._fit()
        self._changed()

    def reset(self) -> None:
        """As the series came: unturned, fitted, its own window, grey."""
        self.set_turn(Turn())
        self.set_colour_map(GREY)
        self._frame.preset(0)
        self.fit()

    def true_size(self) -> bool:
        """A millimetre of the patient on a millimetre of the screen; False where nobody measured the screen."""
        if self.screen_mm is None:
            return False
        self.zoom(self._mm_per_pixel / self.screen_mm, (self.width / 2, self.height / 2))
        return True

    # --- turning and thickening -------------------------------------------------------------------------------------

    @property
    def turned(self) -> bool:
        """By hand, away from the directions it opened with."""
        return self.axes is not self.home

    def set_axes(self, axes: Axes) -> None:
        """Look along other directions, through the shared point, at the same size; whoever calls tells the views
        (`LinkedPlanes.set_axes`)."""
        self._look_along(axes)
        self.cursor_moved()

    @property
    def slab(self) -> Slab | None:
        return self._slab

    @slab.setter
    def slab(self, slab: Slab | None) -> None:
        self._slab = slab

    def change_slab(self, steps: float) -> None:
        """Thicker or thinner by steps of the wheel; from nothing to 5 mm and back."""
        planes, slab = self._frame.planes, self._slab
        if slab is None:
            if steps > 0:
                planes.set_slab(self, Slab(Through.MAX, 5.0))
            return
        thinner = slab.resized(steps)
        planes.set_slab(self, None if steps < 0 and thinner.thickness_mm < 2.0 else thinner)

    def set_slab(self, slab: Slab | None) -> None:
        """Choose the slab of this plane, in every view of it."""
        self._frame.planes.set_slab(self, slab)

    def hold(self, on_screen: tuple[float, float], *, alone: bool) -> bool:
        """Take the handle of another plane's line; False when none is there. alone: turn that plane only."""
        return self._frame.planes.hold(self, *on_screen, alone=alone)

    def drag_held(self, on_screen: tuple[float, float]) -> None:
        self._frame.planes.drag(*on_screen)

    def let_go(self) -> None:
        self._frame.planes.let_go()

    def gap_marks(self) -> tuple[GapMark, ...]:
        """Strips of this view in which nothing was measured."""
        if self._gaps is None:
            self._gaps = gap_marks(self.plane, self._frame.volume.grid)
        return self._gaps

    @property
    def title(self) -> str:
        word = _TITLES[self.axes.name]
        if self.turned:
            word = f"{word}, oblique {leaning_deg(self.axes):.0f}°"
        elif self.axes.acquired and is_oblique(self.axes):
            word = f"{word}, as acquired"
        # In the title, which stays when a small view has no room for its other corners: a slab is not a slice.
        return f"{word}, {self._slab.words}" if self._slab else word

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
        if self.turned:
            return self._follow_cursor()
        before, self._index = self._index, None
        if before == self.index:
            return False
        self._plane = self._gaps = None
        return True

    def _follow_cursor(self) -> bool:
        """A turned plane goes exactly through the point, not to the nearest of its slices."""
        before = None if self._index is None else self.slices.position_mm(self._index)
        self.slices = slices_along(self._frame.volume.grid, self.axes.onward).through(self._frame.cursor)
        self._index = self.slices.nearest(self._frame.cursor)
        if before is not None and abs(self.slices.position_mm(self._index) - before) < 1e-6:
            return False
        self._plane = self._gaps = None
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
        (self.instead.series if self.instead is not None else self._frame).drag_window(right_px, down_px)

    @property
    def _window(self) -> Window:
        return self.instead.window if self.instead is not None else self._frame.window

    def look_at(self, at: tuple[float, ...]) -> None:
        self._frame.move_cursor(np.array(at))

    def scroll(self, steps: int) -> None:
        """So many slices onward in reading order; stops at the ends."""
        self._frame.move_cursor(self.slices.moved(self._frame.cursor, self.index + steps))

    def pointer(self, x: float, y: float, keys: Keys) -> Pointer:
        at = self.plane.to_patient(x, y)
        thickness = self._slab.thickness_mm if self._slab else 0.0
        plane = Plane(self.name, self.axes.right, self.axes.down, self.plane.normal, self._mm_per_pixel,
                      self._frame.volume.frame_of_reference, slab_mm=thickness)
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

    def cut_by(self, other: PlaneView) -> tuple[float, float] | None:
        """Unit vector (right, down) on the screen along the line in which another view cuts this one; None when parallel."""
        # By hand: of three numbers NumPy's own product takes fifty times as long, and this is asked at every paint.
        (a, b, c), (d, e, f) = self.axes.onward.tolist(), other.axes.onward.tolist()
        line = b * f - c * e, c * d - a * f, a * e - b * d
        size = math.hypot(*line)
        across, along = (sum(map(mul, line, way.tolist())) for way in (self.axes.right, self.axes.down))
        return None if size < 1e-6 else (across / size, along / size)

    def corners(self) -> Corners:
        volume = self._frame.volume
        size = true_size_words(self._mm_per_pixel, self.screen_mm)
        zoom = f"Zoom {self.image_pixel_on_screen() * 100:.0f} %{size}"
        truth = truth_of_volume(volume, mirrored=self.turn.mirrored)
        notes = (*truth.notes, scale_note(self.image_pixel_on_screen() * self.device_ratio))
        return Corners((self.title, *self._headings()), slice_text(self.slices, self.index, oriented=volume.grid.oriented),
                       (*self._lies(), zoom, text_of(self._window)),
                       (*truth.warnings, *self._warnings(), *self._doubts()), tuple(note for note in notes if note))

    def _lies(self) -> tuple[str, ...]:
        """How it is turned, and how thick it is."""
        words = (self.turn.words(), self._slab.words if self._slab else "")
        return tuple(text for text in words if text)

    def _warnings(self) -> tuple[str, ...]:
        gaps = tuple(dict.fromkeys(mark.words for mark in self.gap_marks()))
        return (*gaps, *slice_warnings(self._frame.volume, self.acquired_k()))

    def image_pixel_on_screen(self) -> float:
        """Screen pixels (device-independent) per pixel of the image."""
        return self._finest_mm / self._mm_per_pixel

    def fidelity(self) -> str:
        """What stands between the reader and the stored pixels, in words."""
        device = self.image_pixel_on_screen() * self.device_ratio
        if self.instead is not None:
            return f"{self.instead.words}, resampled into this plane"
        if self._slab is not None:
            return f"{self._slab.words}: many slices seen as one"
        between = self._frame.volume.thick or self._frame.volume.grid.levels is not None or self.turned
        if self.acquired_k() is None and between:
            return "Interpolated between slices"
        return fidelity_words(device, self._frame.volume.doubts)

    def letters(self) -> tuple[str, str, str, str]:
        return self._letters

    def ruler(self) -> Ruler | None:
        return ruler_for(self._mm_per_pixel, self.width)

    def regions(self) -> list[Region]:
        """Lines whose both ends lie in the shown slice (or slab)."""
        return [region for region in self._frame.regions() if on_slice(region, self.plane, self._near_mm)]

    def marks(self) -> tuple[Outline, ...]:
        frame = self._frame
        foreign = marks_on(frame.foreign_regions(), self.plane, self._near_mm, "", foreign=True)
        own = marks_on(frame.named_regions(), self.plane, self._near_mm, frame.chosen_mark)
        return (*foreign, *own, *guides_on(frame.guides, self.plane, self._near_mm))

    @property
    def _near_mm(self) -> float:
        """Within this of the plane, a mark belongs to what is shown."""
        return max(self.slices.step_mm, self._slab.thickness_mm if self._slab else 0.0) / 2 + 1e-3

    def read_out(self, pointer: Pointer) -> str:
        """The words for the status bar: place, voxel, value with unit, segment."""
        at = np.array(pointer.at)
        own = read_out(self._frame.volume, at, self._frame.name_at(at))
        return own if self.instead is None else f"{own}   {self.instead.read_out(at)}"

    def look(self) -> Look:
        """What stands on the screen now, for the viewing record (a turned plane shows none of the stack's slices)."""
        plane, window = self.plane, self._window
        region = to_stored([plane.corner_mm, plane.to_patient(plane.width, plane.height)])
        where = OFF_THE_STACK if self.turned else self.index
        return Look(self.name, where, (*region[0], *region[1]), round(self.image_pixel_on_screen() * 1000),
                    (f"{window.width:.4g}", f"{window.level:.4g}"), 0, self.screen)

    def state(self) -> dict[str, object]:
        kept: dict[str, object] = {} if self.turn.plain else {"quarter_turns": [list(row) for row in self.turn.matrix]}
        if not self._fitted:
            kept |= {"centre": [float(v) for v in self._centre], "mm_per_pixel": self._mm_per_pixel}
        if self.turned:
            kept["turned"] = [[float(v) for v in axis] for axis in (self.axes.right, self.axes.down, self.axes.onward)]
        if self._slab is not None:
            kept["slab"] = [str(self._slab.through), self._slab.thickness_mm]
        return kept

    def restore(self, state: dict[str, object]) -> None:
        self._restore_quarters(state.get("quarter_turns"))
        self._restore_turn(state.get("turned"), state.get("slab"))
        centre, scale = state.get("centre"), state.get("mm_per_pixel")
        if isinstance(centre, list) and len(centre) == 3 and isinstance(scale, float) and scale > 0:
            self._centre, self._mm_per_pixel, self._fitted = np.array(centre, dtype=np.float64), scale, False
            self._plane = self._gaps = None

    def _restore_quarters(self, kept: object) -> None:
        matrix = np.array(kept if isinstance(kept, list) else [])
        if matrix.shape == (2, 2) and np.array_equal(np.abs(matrix).sum(axis=0), (1, 1)) and abs(np.linalg.det(matrix)) == 1:
            self.set_turn(Turn(((int(matrix[0, 0]), int(matrix[0, 1])), (int(matrix[1, 0]), int(matrix[1, 1])))))

    def _restore_turn(self, turned: object, slab: object) -> None:
        axes = np.array(turned, dtype=np.float64) if isinstance(turned, list) else np.zeros(0)
        if axes.size == 9 and np.allclose(axes @ axes.T, np.eye(3), atol=1e-6):
            self.set_axes(Axes(self.axes.name, axes[0], axes[1], axes[2]))
        if isinstance(slab, list) and len(slab) == 2 and slab[0] in tuple(Through):
            self._slab = Slab(Through(slab[0])).of(float(slab[1]))

    def _changed(self) -> None:
        self._plane = self._gaps = None
        self._frame.plane_changed(self)

    @property
    def _speaks_for_all(self) -> bool:
        """What holds for the whole series is said once: in the plane of its slices, or in the one that fills the page."""
        return self.name in (self._frame.acquired_plane, self._frame.layout)

    def _headings(self) -> tuple[str, ...]:
        if self.instead is not None:
            return (self.instead.words,)
        return self._frame.headings() if self._speaks_for_all else ()

    def _doubts(self) -> tuple[str, ...]:
        return tuple(doubt.text for doubt in self._frame.volume.doubts) if self._speaks_for_all else ()

    def _fit(self) -> None:
        self._mm_per_pixel, self._plane, self._gaps = self._fit_scale(), None, None

    def _fit_scale(self) -> float:
        corners = outer_corners(self._frame.volume.grid)
        across, along = np.ptp(corners @ self.axes.right), np.ptp(corners @ self.axes.down)
        return float(max(across / self.width, along / self.height) * FIT_MARGIN)
