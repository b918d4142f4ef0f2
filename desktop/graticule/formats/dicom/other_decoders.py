"""A second opinion on an encoded frame: whichever decoder pydicom has for it (gdcm, Pillow, pylibjpeg, pyjpegls).

Slow to import, so it is only imported where the usual decoder has given up.
"""

import numpy as np
import pydicom
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate

from graticule.domain.geometry import Array
from graticule.formats.dicom.frame import Coding


def decoded_otherwise(data: bytes, coding: Coding, rows: int, columns: int) -> Array:
    """(rows, columns) numbers or (rows, columns, 3) RGB; raises one of `damage.DAMAGE` when these cannot read it either."""
    image = pydicom.Dataset()
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = coding.syntax
    image.Rows, image.Columns = rows, columns
    image.SamplesPerPixel, image.PhotometricInterpretation = coding.samples, coding.photometric
    image.BitsAllocated, image.BitsStored, image.HighBit = coding.bits_allocated, coding.bits_stored, coding.bits_stored - 1
    image.PixelRepresentation = int(coding.signed)
    if coding.samples > 1:
        image.PlanarConfiguration = 0
    image.PixelData = encapsulate([data])
    image["PixelData"].is_undefined_length = True
    return np.asarray(image.pixel_array)
