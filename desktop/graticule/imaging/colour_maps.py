"""Colour maps as tables of 256 sRGB colours, dark to bright. Grey by default; colour only where it is chosen."""

from functools import cache

import numpy as np
import numpy.typing as npt

from graticule.domain.errors import GraticuleError

GREY, INVERTED, HOT_IRON, PET, PERCEPTUAL = "grey", "inverted", "hot iron", "pet", "perceptual"
NAMES = (GREY, INVERTED, HOT_IRON, PET, PERCEPTUAL)
TITLES = {GREY: "Grey", INVERTED: "Inverted grey", HOT_IRON: "Hot iron", PET: "PET", PERCEPTUAL: "Perceptual"}

Table = npt.NDArray[np.uint8]

# (index, red, green, blue) where the ramps bend. Hot iron and PET as DICOM PS3.6 B.1 shows them (Well-known Colour Palettes);
# the perceptual one rises evenly in lightness (samples of viridis, CC0).
_BENDS: dict[str, tuple[tuple[int, int, int, int], ...]] = {
    GREY: ((0, 0, 0, 0), (255, 255, 255, 255)),
    INVERTED: ((0, 255, 255, 255), (255, 0, 0, 0)),
    HOT_IRON: ((0, 0, 0, 0), (128, 255, 0, 0), (192, 255, 128, 0), (255, 255, 255, 255)),
    PET: ((0, 0, 0, 0), (64, 0, 128, 126), (128, 128, 0, 255), (192, 255, 128, 0), (255, 255, 255, 255)),
    PERCEPTUAL: ((0, 68, 1, 84), (32, 71, 44, 122), (64, 59, 81, 139), (96, 44, 113, 142), (128, 33, 144, 141),
                 (160, 39, 173, 129), (192, 92, 200, 99), (224, 170, 220, 50), (255, 253, 231, 37)),
}


@cache
def table(name: str) -> Table:
    """(256, 3) uint8 sRGB of a map, by the grey 0…255 that a window gives; GraticuleError for a name nobody drew."""
    if name not in _BENDS:
        raise GraticuleError(f"There is no colour map “{name}”.")
    bends = np.array(_BENDS[name], dtype=np.float64)
    at = np.arange(256)
    made = np.stack([np.interp(at, bends[:, 0], bends[:, channel]) for channel in (1, 2, 3)], axis=1)
    colours = np.rint(made).astype(np.uint8)
    colours.flags.writeable = False
    return colours
