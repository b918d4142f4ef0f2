"""A picture file: what it is before decoding, and its pixels in display orientation as sRGB or grey."""

import logging
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.formats.damage import DAMAGE
from graticule.formats.guard.client import guarded
from graticule.formats.guard.limits import refuse_too_large
from graticule.formats.pictures.colours import grey_values, is_colour, profile_of, srgb_of

logging.getLogger("PIL").setLevel(logging.CRITICAL)
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)

MAX_PIXELS = 400_000_000
Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2  # Pillow refuses at twice this
# Pillow says SyntaxError of a broken PNG.
_UNREADABLE: tuple[type[Exception], ...] = (UnidentifiedImageError, SyntaxError, *DAMAGE)
_REFUSED: tuple[type[Exception], ...] = (Image.DecompressionBombError, *_UNREADABLE)
_ORIENTATION, _DESCRIPTION, _BITS_PER_SAMPLE, _TAKEN, _EXIF = 0x0112, 270, 258, 0x9003, 0x8769
_LOSSY = {"JPEG": "JPEG", "MPO": "JPEG"}
MOST_BYTES = 2 << 30


@dataclass(frozen=True, slots=True)
class PictureFile:
    """rows, columns: in display orientation. orientation: the EXIF value that was applied (1: none).

    lossy: "" or how the picture lost information. pages: of a TIFF; 1 for all others. bits: per sample, in the file.
    model: the colour model in the file ("RGB", "CMYK", "L", …). profile: the ICC profile's name, "" without one.
    taken: ISO date and time by the camera's clock, "" when it does not say.
    """

    path: Path
    rows: int
    columns: int
    colour: bool
    orientation: int
    lossy: str
    pages: int = 1
    bits: int = 8
    model: str = "RGB"
    profile: str = ""
    taken: str = ""

    def two_tone(self) -> bool:
        """Whether at most two grey values occur."""
        return not self.colour and self.pages == 1 and np.unique(read_pixels(self.path)).size <= 2


def read_picture_file(path: Path) -> PictureFile:
    """What the file is, without decoding; GraticuleError for what is damaged, moving, tiled or too large."""
    try:
        with Image.open(path) as image:
            _refuse_others(image)
            orientation = _orientation(image)
            # Pillow turns a TIFF by itself when it loads it, and swaps its sides at once; of the others it gives them as stored.
            turned = orientation >= 5 and image.format != "TIFF"
            columns, rows = image.size[::-1] if turned else image.size
            profile = profile_of(image)
            return PictureFile(path, rows, columns, is_colour(image), orientation, _lossy(image, path), _pages(image),
                               _bits(image), image.mode, profile.name if profile else "", _taken(image))
    except Image.DecompressionBombError as error:
        raise GraticuleError("The picture is larger than Graticule reads (400 million pixels).",
                             "Save the part you need by itself.") from error
    except _UNREADABLE as error:
        raise GraticuleError("The picture is damaged or of a kind Graticule does not read.",
                             "Save it again in another program.") from error


def read_pixels(path: Path, page: int = 0) -> Array:
    """What `decode_pixels` gives, run in a worker: a hostile picture costs no more than that."""
    return guarded("graticule.formats.pictures.picture_file:decode_pixels", path, page, largest=_bytes_of(path, page),
                   name="picture")


def _bytes_of(path: Path, page: int) -> int:
    """The most that the pixels of a page can take: four or eight bytes of grey, three of colour."""
    try:
        with Image.open(path) as image:
            if page:
                image.seek(page)
            size = image.width * image.height * (8 if image.mode == "I" else 4)
    except _REFUSED as error:
        raise GraticuleError("The picture is damaged or cut off.", "Copy it again from its source.") from error
    refuse_too_large(2 * size, "picture")
    return size


def decode_pixels(path: Path, page: int = 0) -> Array:
    """(rows, columns) int16 or float grey, or (rows, columns, 3) uint8 sRGB; EXIF orientation applied once."""
    try:
        with Image.open(path) as image:
            if page:
                image.seek(page)
            image.load()
            upright = image if image.format == "TIFF" else ImageOps.exif_transpose(image)
            return srgb_of(upright, profile_of(image)) if is_colour(image) else grey_values(upright)
    except _REFUSED as error:
        raise GraticuleError("The picture is damaged or cut off.", "Copy it again from its source.") from error


def _refuse_others(image: Any) -> None:
    if _is_slide(image):
        raise GraticuleError("A whole-slide image: this version of Graticule does not read slides yet.")
    frames = getattr(image, "n_frames", 1)
    if frames == 1 or image.format == "MPO":  # an MPO's other pictures are previews or the other eye of a stereo camera
        return
    if image.format != "TIFF":
        raise GraticuleError(f"A moving picture of {frames} frames: Graticule reads pictures that stand still.",
                             "Save the frame you need by itself.")
    if frames * image.width * image.height * len(image.getbands()) > MOST_BYTES:
        raise GraticuleError(f"A picture file of {frames} pages, too large to be held in memory.", "Save the pages you need.")
    _refuse_mixed(image, frames)


def _refuse_mixed(image: Any, frames: int) -> None:
    """Pages of one size and kind are frames; others are reduced copies, masks or a document."""
    first = image.size, image.mode
    for page in range(1, frames):
        image.seek(page)
        if (image.size, image.mode) != first:
            raise GraticuleError(f"A picture file of {frames} pages of different sizes: Graticule reads single pictures.",
                                 "Save the page you need by itself.")
    image.seek(0)


def _is_slide(image: Any) -> bool:
    description = getattr(image, "tag_v2", {}).get(_DESCRIPTION, "")
    return str(description).startswith("Aperio")


def _pages(image: Any) -> int:
    return getattr(image, "n_frames", 1) if image.format == "TIFF" else 1


def _orientation(image: Any) -> int:
    value = image.getexif().get(_ORIENTATION, 1)
    return value if value in range(1, 9) else 1


def _taken(image: Any) -> str:
    """The time of the shutter. Nothing else of EXIF is read: it may hold places, owners and serial numbers."""
    said = str(image.getexif().get_ifd(_EXIF).get(_TAKEN) or "")
    day, _, time = said.partition(" ")
    digits = day.replace(":", "") + time.replace(":", "")
    if len(digits) != 14 or not digits.isdigit() or digits.startswith("0000"):
        return ""
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}T{digits[8:10]}:{digits[10:12]}:{digits[12:]}"


def _lossy(image: Any, path: Path) -> str:
    method = _LOSSY.get(image.format, "")
    if image.format == "TIFF" and "jpeg" in str(image.info.get("compression", "")):
        method = "JPEG in TIFF"
    if image.format == "WEBP":
        with path.open("rb") as file:
            method = "" if b"VP8L" in file.read(256) else "WebP"
    if not method:
        return ""
    ratio = image.width * image.height * len(image.getbands()) / max(1, path.stat().st_size)
    return f"{method}, about {ratio:.2g} : 1"


def _bits(image: Any) -> int:
    if image.format == "TIFF":
        depths = image.tag_v2.get(_BITS_PER_SAMPLE, (1,))
        return int(max(depths) if isinstance(depths, tuple) else depths)
    if image.format == "PNG":
        return 16 if any("16" in str(tile.args) for tile in image.tile) or image.mode.startswith("I") else 8
    return 1 if image.mode == "1" else 8
