"""A photograph or radiograph being read."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from graticule.domain.case import Case
from graticule.domain.errors import GraticuleError
from graticule.domain.picture import Picture
from graticule.domain.progress import Progress
from graticule.formats.facts import doubts_of
from graticule.formats.pictures.picture_file import read_picture_file, read_pixels


class PictureOpening:
    """`content` has its size at once, its pixels after `fill`; grey ones at once, since only pixels tell their depth."""

    def __init__(self, case: Case) -> None:
        self._path = Path(case.sources[0].path)
        if not self._path.is_file():
            raise GraticuleError("A file of this case is no longer where it was.", "Import the case again from its new place.")
        file = read_picture_file(self._path)
        if [file.rows, file.columns] != [case.facts.get("rows"), case.facts.get("columns")]:
            raise GraticuleError("The file was changed since it was imported.", "Import it again: it is another case now.")
        pixels = np.zeros((file.rows, file.columns, 3), np.uint8) if file.colour else read_pixels(self._path)
        self.content = Picture(pixels, case.modality, "RGB" if file.colour else "MONOCHROME2",
                               orientation_applied=file.orientation,
                               doubts=doubts_of(case.facts))
        self._arrived = not file.colour

    def fill(self, progress: Progress, on_slice: Callable[[int], None], first: int | None = None) -> None:
        """Decode the picture in one step and call `on_slice(0)`."""
        progress.step(0, 1, "images")
        if not self._arrived:
            self.content.pixels[:] = read_pixels(self._path)
            self._arrived = True
        on_slice(0)
        progress.step(1, 1, "images")
