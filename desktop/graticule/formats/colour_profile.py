"""ICC profiles: colours in a file's own profile become sRGB."""

from functools import lru_cache
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image, ImageCms

from graticule.domain.geometry import Array

_KNOWN = (("srgb", "sRGB"), ("display p3", "Display P3"), ("adobe rgb", "Adobe RGB"), ("prophoto", "ProPhoto RGB"))
_BROKEN: tuple[type[Exception], ...] = (ImageCms.PyCMSError, OSError, TypeError, ValueError)


class Profile:
    """An ICC profile out of a file, for pixels of `model` ("RGB" or "CMYK").

    usable: whether it can be read and is for that model. name: a common one's, else a description.
    """

    def __init__(self, data: bytes, model: str = "RGB") -> None:
        self._data, self._model = data, model
        self.usable = _transform(data, model) is not None
        self.name = _name(data) if self.usable else "unreadable"

    def to_srgb(self, pixels: Array) -> Array:
        """(rows, columns, 3) uint8 sRGB of (rows, columns, 3 or 4) uint8 in this profile; unchanged when it cannot be used."""
        transform = _transform(self._data, self._model)
        if transform is None:
            return pixels
        image = Image.fromarray(np.ascontiguousarray(pixels), self._model)
        return np.array(ImageCms.applyTransform(image, transform), dtype=np.uint8)


@lru_cache(maxsize=8)
def _transform(data: bytes, model: str) -> Any:
    try:
        return ImageCms.buildTransform(ImageCms.ImageCmsProfile(BytesIO(data)), ImageCms.createProfile("sRGB"), model, "RGB")
    except _BROKEN:
        return None


def _name(data: bytes) -> str:
    """The name is somebody's text: only common ones are repeated."""
    try:
        words = str(ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(BytesIO(data)))).lower()
    except _BROKEN:
        words = ""
    return next((name for part, name in _KNOWN if part in words), "a profile of its own")
