"""What stands in tiles: the frames of a picture, or the slices of a plane through a volume."""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QTransform

from graticule.imaging.colour_maps import GREY
from graticule.imaging.orientation import outer_corners
from graticule.imaging.plane import ViewPlane
from graticule.presenters.picture import PicturePresenter
from graticule.presenters.plane_view import PlaneView
from graticule.presenters.slice_words import position_text
from graticule.presenters.volume import VolumePresenter
from graticule.render.grey import to_grey
from graticule.render.reslice import SliceRenderer
from graticule.ui.colour_table import mapped_image
from graticule.ui.words import tr


class FrameTiles:
    """The frames of a loop."""

    def __init__(self, view: PicturePresenter) -> None:
        self._view = view

    @property
    def index(self) -> int:
        return self._view.index

    @property
    def count(self) -> int:
        return self._view.count

    def scroll(self, steps: int) -> None:
        self._view.scroll(steps)

    def image(self, number: int, width: int, height: int, ratio: float) -> QImage:
        view = self._view
        pixels = np.ascontiguousarray(view.picture.frame(number))
        if pixels.ndim == 3:
            rows, columns = pixels.shape[:2]
            whole = QImage(pixels.data, columns, rows, columns * 3, QImage.Format.Format_RGB888)
        else:
            grey = to_grey(pixels, view.display_window)
            whole = mapped_image(grey, view.colour_map)
        (a, b), (c, d) = view.turn.array
        shaped = whole.transformed(QTransform(a, c, b, d, 0, 0) if view.place.aspect == 1 else
                                   QTransform(a, c, b * view.place.aspect, d * view.place.aspect, 0, 0))
        made = shaped.scaled(round(width * ratio), round(height * ratio), Qt.AspectRatioMode.KeepAspectRatio,
                             Qt.TransformationMode.SmoothTransformation)
        made.setDevicePixelRatio(ratio)
        return made

    def caption(self, number: int) -> str:
        return tr("Frame {n}", n=number + 1)

    def letters(self) -> tuple[str, str, str, str]:
        return self._view.letters()


class SliceTiles:
    """The slices of one plane of a volume, each fitted whole."""

    def __init__(self, volume: VolumePresenter, view: PlaneView) -> None:
        self._volume, self._view = volume, view
        self._renderer = SliceRenderer(volume.volume.voxels, volume.volume.grid)

    @property
    def index(self) -> int:
        return self._view.index

    @property
    def count(self) -> int:
        return self._view.slices.count

    def scroll(self, steps: int) -> None:
        self._view.scroll(steps)

    def image(self, number: int, width: int, height: int, ratio: float) -> QImage:
        plane = self._plane(number, round(width * ratio), round(height * ratio))
        grey = to_grey(self._renderer.slice(plane), self._volume.display_window, self._renderer.outside)
        image = mapped_image(np.ascontiguousarray(grey), getattr(self._volume, "colour_map", GREY)).copy()
        image.setDevicePixelRatio(ratio)
        return image

    def caption(self, number: int) -> str:
        slices, oriented = self._view.slices, self._volume.volume.grid.oriented
        return f"{number + 1} / {slices.count}   {position_text(slices, number, oriented=oriented)}"

    def letters(self) -> tuple[str, str, str, str]:
        return self._view.letters()

    def _plane(self, number: int, width: int, height: int) -> ViewPlane:
        grid, axes = self._volume.volume.grid, self._view.axes
        corners = outer_corners(grid)
        scale = float(max(np.ptp(corners @ axes.right) / width, np.ptp(corners @ axes.down) / height))
        centre = self._view.slices.moved(grid.centre_mm, number)
        corner = centre - (axes.right * width + axes.down * height) * (scale / 2)
        return replace(self._view.plane, corner_mm=corner, mm_per_pixel=scale, width=width, height=height)
