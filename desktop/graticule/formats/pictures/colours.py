"""The colours of a picture file as sRGB, and greys as deep as the file has them."""

from typing import Any

import numpy as np
from PIL import Image, ImageCms

from graticule.domain.geometry import Array
from graticule.formats.colour_profile import Profile

_GREY_MODES = ("1", "L", "LA", "I", "I;16", "I;16B", "I;16L", "F")
_WHOLE_IN_FLOAT32 = 1 << 24


def is_colour(image: Any) -> bool:
    """A palette or an RGB container that holds only greys in its header still counts as colour: pixels are not looked at here."""
    return image.mode not in _GREY_MODES


def profile_of(image: Any) -> Profile | None:
    """The ICC profile of a colour picture; None when it has none."""
    data = image.info.get("icc_profile")
    return Profile(bytes(data), "CMYK" if image.mode == "CMYK" else "RGB") if data and is_colour(image) else None


def grey_values(image: Any) -> Array:
    """(rows, columns) int16 where the values fit, else float32, or float64 for whole numbers that float32 would round."""
    if image.mode == "LA":
        image = on_black(image, "L")
    values = np.asarray(image.convert("L") if image.mode == "1" else image)
    if values.dtype.kind == "f":
        return values.astype(np.float32)
    low, high = int(values.min(initial=0)), int(values.max(initial=0))
    if low >= -32768 and high <= 32767:
        return values.astype(np.int16)
    return values.astype(np.float32 if max(-low, high) <= _WHOLE_IN_FLOAT32 else np.float64)


def srgb_of(image: Any, profile: Profile | None) -> Array:
    """(rows, columns, 3) uint8 sRGB: transparency on black, a profile undone; a broken profile is left alone."""
    if image.mode == "LAB":
        lab = ImageCms.createProfile("LAB")
        image = ImageCms.profileToProfile(image, lab, ImageCms.createProfile("sRGB"), outputMode="RGB")
    elif image.mode == "CMYK" and profile is not None and profile.usable:
        return profile.to_srgb(np.asarray(image))
    elif image.mode in ("P", "PA", "RGBA", "RGBa", "La") or "transparency" in image.info:
        image = on_black(image, "RGB")
    pixels = np.array(image.convert("RGB"), dtype=np.uint8)
    return pixels if profile is None or image.mode == "CMYK" else profile.to_srgb(pixels)


def on_black(image: Any, mode: str) -> Any:
    """What is transparent becomes as black as what lies around the picture on the screen."""
    whole = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", whole.size, (0, 0, 0, 255)), whole).convert(mode)
