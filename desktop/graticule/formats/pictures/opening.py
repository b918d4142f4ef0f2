"""A photograph or radiograph being read."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from graticule.domain.case import Case
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.picture import Picture
from graticule.domain.progress import Progress
from graticule.formats.facts import doubts_of
from graticule.formats.pictures.fidelity import picture_signs
from graticule.formats.pictures.picture_file import PictureFile, read_picture_file, read_pixels


class PictureOpening:
    """`content` has its size at once, its pixels after `fill`; grey ones at once, since only pixels tell their depth."""

    def __init__(self, case: Case) -> None:
        self._path = Path(case.sources[0].path)
        if not self._path.is_file():
            raise GraticuleError("A file of this case is no longer where it was.", "Import the case again from its new place.")
        file = read_picture_file(self._path)
        facts = case.facts
        if (file.rows, file.columns, file.pages) != (facts.get("rows"), facts.get("columns"), facts.get("pages", 1)):
            raise GraticuleError("The file was changed since it was imported.", "Import it again: it is another case now.")
        first = None if file.colour else read_pixels(self._path)
        shape = (file.pages, file.rows, file.columns, *((3,) if file.colour else ()))
        frames = np.zeros(shape, np.uint8 if first is None else first.dtype if file.pages == 1 else _kind_of_pages(file))
        if first is not None:
            frames[0] = first
        self.content = Picture(frames[0], case.modality, "RGB" if file.colour else "MONOCHROME2",
                               orientation_applied=file.orientation, doubts=doubts_of(case.facts),
                               frames=frames if file.pages > 1 else None, arrived=np.zeros(file.pages, dtype=bool),
                               signs=picture_signs(file, case.modality))
        self._read_first = first is not None

    def fill(self, progress: Progress, on_slice: Callable[[int], None], first: int | None = None) -> None:
        """Decode page by page and call `on_slice(n)` after each."""
        wanted = [n for n in range(self.content.count) if not self.content.arrived[n]]
        for done, number in enumerate(wanted):
            progress.step(done, len(wanted), "images")
            if number > 0 or not self._read_first:
                self.content.frame(number)[...] = self._page(number)
            self.content.arrived[number] = True
            on_slice(number)
        progress.step(len(wanted), len(wanted), "images")

    def _page(self, number: int) -> Array:
        pixels = read_pixels(self._path, number)
        if pixels.shape != self.content.frame(number).shape:
            raise GraticuleError("A page of the file has another size than the others.", "Save the page you need by itself.")
        return pixels


def _kind_of_pages(file: PictureFile) -> type[np.generic]:
    """A type that holds whatever later pages have."""
    return np.int16 if file.bits <= 8 else np.float64 if file.model == "I" else np.float32
