"""Memory kept between frames: asking the system for megabytes at every frame costs more than the arithmetic on them."""

from typing import Any

import numpy as np

from graticule.domain.geometry import Array


class Scratch:
    """Named arrays that are overwritten at the next request of the same name."""

    def __init__(self) -> None:
        self._kept: dict[str, Array] = {}

    def array(self, name: str, shape: tuple[int, int], dtype: Any = np.float32) -> Array:
        """An array of this shape with arbitrary content."""
        size, wanted = shape[0] * shape[1], np.dtype(dtype)
        kept = self._kept.get(name)
        if kept is None or kept.size < size or kept.dtype != wanted:
            kept = self._kept[name] = np.empty(size, dtype=wanted)
        return kept[:size].reshape(shape)
