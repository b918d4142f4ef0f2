"""Small pictures of the images beside the case: one slice each, read in the background and kept as greys."""

from collections.abc import Callable

import numpy as np

from graticule.domain.case import Case
from graticule.domain.errors import Cancelled, GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.picture import Picture
from graticule.domain.progress import Progress
from graticule.domain.volume import Volume
from graticule.imaging.orientation import acquisition_axes
from graticule.jobs import Runner
from graticule.presenters.open_case import Opening
from graticule.presenters.ports import Opener
from graticule.presenters.windows import displayed, opening_window, presets_for

LANE = "thumbnails"
SIDE_PX = 88


class Thumbnails:
    """told: called on the main thread with a case's id and its (row, column) or (row, column, 3) uint8 picture."""

    def __init__(self, opener: Opener, runner: Runner, told: Callable[[str, Array], None]) -> None:
        self._opener, self._runner, self._told = opener, runner, told
        self._asked: set[str] = set()

    def ask(self, case: Case) -> None:
        """Read one in the background, once."""
        if case.id not in self._asked:
            self._asked.add(case.id)
            self._runner.start(lambda progress: thumbnail(self._opener(case), progress), failed=_left_out, lane=LANE,
                               done=lambda picture: self._told(case.id, picture))


def thumbnail(opening: Opening, progress: Progress) -> Array:
    """The middle slice, or the picture, in its opening window and radiological orientation; about SIDE_PX pixels wide."""
    content = opening.content
    if not isinstance(content, Volume | Picture):
        raise GraticuleError("This case has no picture.")
    _decode_one(opening, progress)
    return _of_volume(content) if isinstance(content, Volume) else _of_picture(content)


def _decode_one(opening: Opening, progress: Progress) -> None:
    """The first slice that comes is enough: decoding then stops as it does when a reader cancels."""
    one = _UntilFirst(progress)
    try:
        opening.fill(one, one.came)
    except Cancelled:
        progress.step(0, 0)


class _UntilFirst:
    """Progress that stops the work once a slice has come."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._came = False

    def came(self, k: int) -> None:
        self._came = True

    def step(self, done: int, total: int, text: str = "") -> None:
        self._progress.step(done, total, text)
        if self._came:
            raise Cancelled


def _of_volume(volume: Volume) -> Array:
    arrived = np.flatnonzero(volume.arrived)
    if arrived.size == 0:
        raise GraticuleError("No slice of this series can be read.")
    k = int(arrived[np.abs(arrived - volume.grid.shape[0] // 2).argmin()])
    plane, axes = volume.voxels[k], acquisition_axes(volume.grid)
    columns, rows = volume.grid.direction[:, 0], volume.grid.direction[:, 1]
    if abs(float(columns @ axes.right)) < abs(float(rows @ axes.right)):
        plane, columns, rows = plane.T, rows, columns
    plane = plane[:: 1 if float(rows @ axes.down) >= 0 else -1, :: 1 if float(columns @ axes.right) >= 0 else -1]
    presets = presets_for(volume.modality, volume.unit, volume.windows, plane, volume.blank)
    window = opening_window(volume.modality, volume.unit, volume.windows, presets)
    shown = displayed(window, volume.facts.get("inverted") == "yes")
    return _grey(_reduced(plane), shown.width, shown.level, inverted=shown.inverted)


def _of_picture(picture: Picture) -> Array:
    small = _reduced(picture.frame(picture.count // 2))
    if picture.colour:
        return np.ascontiguousarray(small)
    presets = presets_for(picture.modality, picture.unit, picture.windows, small, picture.blank)
    shown = displayed(opening_window(picture.modality, picture.unit, picture.windows, presets), picture.inverted)
    return _grey(small, shown.width, shown.level, inverted=shown.inverted)


def _reduced(plane: Array) -> Array:
    step = max(1, min(plane.shape[:2]) // SIDE_PX)
    return plane[::step, ::step]


def _grey(plane: Array, width: float, level: float, *, inverted: bool) -> Array:
    share = np.clip((plane.astype(np.float32) - (level - width / 2)) / max(width, 1e-6), 0.0, 1.0)
    return np.ascontiguousarray(np.rint((1.0 - share if inverted else share) * 255).astype(np.uint8))


def _left_out(error: GraticuleError) -> None:
    """Its card keeps the sign of its kind; opening the image says why it cannot be read."""
