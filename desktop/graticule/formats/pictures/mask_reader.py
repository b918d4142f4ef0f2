"""PNG masks beside their picture: number for number on its own pixels, never resampled."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from graticule.domain.case import Case
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.labels import Labels
from graticule.domain.picture import Picture
from graticule.formats.family import Content
from graticule.formats.label_maps import Builder, Meaning, refuse_other_grid
from graticule.formats.pictures.mask_file import read_numbers, read_words

PICTURE_MASK = "picture-mask"


class PictureMaskReader:
    reading = PICTURE_MASK

    def read(self, path: Path, case: Case, content: Content, new_id: Callable[[], str]) -> Labels:
        """The file's labels on the frame it names; GraticuleError when the picture has another size."""
        if not isinstance(content, Picture):
            raise GraticuleError("This mask is a picture, and the case is none.")
        numbers, words = read_numbers(path), read_words(path)
        if numbers.shape != (content.rows, content.columns) or not 0 <= words.frame < content.count:
            raise refuse_other_grid()
        known = dict(words.meanings)
        values: Array = np.zeros(content.labels_shape, np.uint8)
        values[words.frame] = numbers if known else _plain(numbers)
        builder = Builder(content.labels_shape, new_id)
        builder.add_label_map(values, known or {1: Meaning("Mask")} if int(values.max()) <= 1 else known)
        return builder.labels


def _plain(numbers: Array) -> Array:
    """White on black is one label; other numbers stay as they are."""
    found = np.unique(numbers)
    return np.asarray(numbers != 0, np.uint8) if found.size <= 2 and found[-1] == 255 else numbers


READER = PictureMaskReader()
