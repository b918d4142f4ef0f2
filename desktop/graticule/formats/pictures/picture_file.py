"""A JPEG, PNG or TIFF file: what it is before decoding, and its pixels in display orientation as sRGB or grey."""

import io
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.formats.damage import DAMAGE

logging.getLogger("PIL").setLevel(logging.CRITICAL)

# Pillow says SyntaxError of a broken PNG.
_UNREADABLE: tuple[type[Exception], ...] = (UnidentifiedImageError, Image.DecompressionBombError, SyntaxError, *DAMAGE)
_EXIF_ORIENTATION = 0x0112
_IMAGE_DESCRIPTION = 270
MAX_PIXELS = 400_000_000
_GREY_MODES = ("1", "L", "LA", "I", "I;16", "I;16B", "I;16L", "F")


@dataclass(frozen=True, slots=True)
class PictureFile:
    """rows, columns: in display orientation. orientation: the EXIF value that was applied (1: none)."""

    path: Path
    rows: int
    columns: int
    colour: bool
    orientation: int
    lossy: bool

    def two_tone(self) -> bool:
        """Whether at most two grey values occur."""
        return not self.colour and np.unique(read_pixels(self.path)).size <= 2


def read_picture_file(path: Path) -> PictureFile:
    """Size, colour and orientation without decoding; GraticuleError for what is damaged, moving, tiled or too large."""
    try:
        with Image.open(path) as image:
            _refuse_others(image)
            orientation = _orientation(image)
            columns, rows = image.size if orientation < 5 else image.size[::-1]
            return PictureFile(path, rows, columns, _colour(image), orientation, image.format in ("JPEG", "MPO"))
    except _UNREADABLE as error:
        raise GraticuleError("The picture is damaged or of a kind Graticule does not read.",
                             "Save it again in another program.") from error


def read_pixels(path: Path) -> Array:
    """(rows, columns) int16 or float32 grey, or (rows, columns, 3) uint8 sRGB; EXIF orientation applied once."""
    try:
        with Image.open(path) as image:
            _refuse_others(image)
            colour = _colour(image)
            upright = ImageOps.exif_transpose(image)
            return _srgb(upright) if colour else _grey(upright)
    except _UNREADABLE as error:
        raise GraticuleError("The picture is damaged or cut off.", "Copy it again from its source.") from error


def _refuse_others(image: Any) -> None:
    if image.width * image.height > MAX_PIXELS or _is_slide(image):
        raise GraticuleError("A whole-slide image: this version of Graticule does not read slides yet.")
    frames = getattr(image, "n_frames", 1)
    if frames > 1 and image.format != "MPO":
        raise GraticuleError(f"A picture file of {frames} pages: Graticule reads single pictures.",
                             "Save the page you need by itself.")


def _is_slide(image: Any) -> bool:
    description = getattr(image, "tag_v2", {}).get(_IMAGE_DESCRIPTION, "")
    return str(description).startswith("Aperio")


def _colour(image: Any) -> bool:
    """A palette or an RGB container that holds only greys in its header still counts as colour: pixels are not looked at here."""
    return image.mode not in _GREY_MODES


def _orientation(image: Any) -> int:
    value = image.getexif().get(_EXIF_ORIENTATION, 1)
    return value if value in range(1, 9) else 1


def _grey(image: Any) -> Array:
    if image.mode == "LA":
        image = image.getchannel("L")
    values = np.asarray(image.convert("L") if image.mode == "1" else image)
    if values.dtype.kind == "f":
        return values.astype(np.float32)
    return values.astype(np.int16) if int(values.max(initial=0)) <= 32767 else values.astype(np.float32)


def _srgb(image: Any) -> Array:
    """Colours in the file's own profile become sRGB; a broken profile is left alone."""
    profile = image.info.get("icc_profile")
    flat = image if image.mode in ("RGB", "CMYK", "YCbCr", "LAB") else image.convert("RGBA").convert("RGB")
    if profile and flat.mode in ("RGB", "CMYK"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            flat = ImageCms.profileToProfile(flat, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            pass
    return np.array(flat.convert("RGB"), dtype=np.uint8)
