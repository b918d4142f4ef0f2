"""CIELab as DICOM packs it (PS3.3 C.10.7.1.1) and "#rrggbb" (sRGB), with D50 white as the standard asks."""

from typing import Any

import numpy as np

_XYZ_TO_SRGB = np.array([[3.1338561, -1.6168667, -0.4906146], [-0.9787684, 1.9161415, 0.0334540],
                         [0.0719453, -0.2289914, 1.4052427]])
_WHITE = np.array([0.96422, 1.0, 0.82521])


def rgb_of(packed: Any) -> str:
    """ "#rrggbb" of three packed numbers; "" of anything else."""
    if packed is None or len(packed) != 3:
        return ""
    lightness, a, b = packed[0] * 100 / 65535, packed[1] * 255 / 65535 - 128, packed[2] * 255 / 65535 - 128
    fy = (lightness + 16) / 116
    xyz = np.array([_inverse(fy + a / 500), _inverse(fy), _inverse(fy - b / 200)]) * _WHITE
    linear = _XYZ_TO_SRGB @ xyz
    shown = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * np.clip(linear, 0, None) ** (1 / 2.4) - 0.055)
    red, green, blue = (round(255 * min(1.0, max(0.0, float(part)))) for part in shown)
    return f"#{red:02x}{green:02x}{blue:02x}"


def cielab_of(text: str) -> tuple[int, int, int] | None:
    """Packed numbers of "#rrggbb"; None when it is no colour."""
    digits = text.removeprefix("#")
    try:
        shown = np.array([int(digits[n:n + 2], 16) for n in (0, 2, 4)]) / 255
    except ValueError:
        return None
    linear = np.where(shown <= 0.04045, shown / 12.92, ((shown + 0.055) / 1.055) ** 2.4)
    x, y, z = (_forward(float(part)) for part in np.linalg.solve(_XYZ_TO_SRGB, linear) / _WHITE)
    lab = np.array([(116 * y - 16) / 100, (500 * (x - y) + 128) / 255, (200 * (y - z) + 128) / 255])
    lightness, a, b = (int(part) for part in np.clip(np.rint(lab * 65535), 0, 65535))
    return lightness, a, b


def _forward(t: float) -> float:
    return float(t ** (1 / 3)) if t > (6 / 29) ** 3 else t / (3 * (6 / 29) ** 2) + 4 / 29


def _inverse(t: float) -> float:
    return float(t ** 3 if t > 6 / 29 else 3 * (6 / 29) ** 2 * (t - 4 / 29))
