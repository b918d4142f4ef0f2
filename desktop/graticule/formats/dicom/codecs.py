"""The decoders that let other threads run meanwhile; the rest go through pydicom (gdcm, pyjpegls, Pillow) one at a time."""

from typing import Any

import imagecodecs

from graticule.domain.errors import GraticuleError

# Transfer syntax → (decoder, codec of imagecodecs). Twelve-bit JPEG needs libjpeg-turbo 3: gdcm and Pillow stop at eight.
_JPEG = "1.2.840.10008.1.2.4."
_CODECS = {
    _JPEG + "50": ("jpeg8_decode", "JPEG8"), _JPEG + "51": ("jpeg8_decode", "JPEG8"),
    _JPEG + "57": ("jpegsof3_decode", "JPEGSOF3"), _JPEG + "70": ("jpegsof3_decode", "JPEGSOF3"),
    _JPEG + "80": ("jpegls_decode", "JPEGLS"), _JPEG + "81": ("jpegls_decode", "JPEGLS"),
    _JPEG + "90": ("jpeg2k_decode", "JPEG2K"), _JPEG + "91": ("jpeg2k_decode", "JPEG2K"),
    _JPEG + "201": ("jpeg2k_decode", "JPEG2K"), _JPEG + "202": ("jpeg2k_decode", "JPEG2K"),
    _JPEG + "203": ("jpeg2k_decode", "JPEG2K"),
}


def decoder_for(syntax: str) -> Any:
    """A function from an encoded frame to an array, or None when pydicom has to do it."""
    return getattr(imagecodecs, _CODECS[syntax][0]) if syntax in _CODECS else None


def available() -> list[str]:
    """The names of the compressions that this installation decodes; GraticuleError when one of them is missing."""
    names = sorted({codec for _, codec in _CODECS.values()})
    missing = [name for name in names if not getattr(imagecodecs, name).available]
    if missing:
        raise GraticuleError(f"The installation lacks the decoders {', '.join(missing)}.", "Install Graticule again.")
    return [*names, "RLE", "deflate", "uncompressed"]
