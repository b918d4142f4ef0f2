"""How bright a colour is: one number a pixel, for tools that work by values."""

import numpy as np

from graticule.domain.geometry import Array

# Rec. 709 weights of red, green and blue in 256ths; they add up to 256, so that white stays 255.
RED, GREEN, BLUE = 54, 183, 19


def luminance(colours: Array) -> Array:
    """(…, 3) uint8 sRGB → (…) uint8 luma: the weighted mean of the values as stored, rounded.

    Rec. ITU-R BT.709 weights on gamma-coded values, which is what the eye compares; no linear light is computed.
    """
    from graticule.imaging.kernels.luminance import mix

    out = np.empty(colours.shape[:-1], dtype=np.uint8)
    mix(np.ascontiguousarray(colours).reshape(-1, 3), RED, GREEN, BLUE, out.reshape(-1))
    return out
