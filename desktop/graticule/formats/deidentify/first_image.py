"""The first image of a DICOM file as the reader decodes it, for the look for writing."""

from pathlib import Path

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.formats.dicom import objects
from graticule.formats.dicom.frames import frames_of
from graticule.formats.dicom.header import read_header
from graticule.formats.dicom.listing import picture_case, planes_of
from graticule.formats.dicom.pixels import stored_values


def first_image(path: Path) -> Array | None:
    """(rows, columns[, 3]); None for what holds no image. GraticuleError when it cannot be decoded."""
    header = read_header(path)
    kind = objects.read_as(header.sop_class, header.data)
    if kind not in (objects.VOLUME, objects.PICTURE) or not header.has_pixels:
        return None
    frame = frames_of(header, first_only=True)[0]
    try:
        return stored_values(planes_of(picture_case(frame))[0])
    except (IndexError, KeyError) as error:
        raise GraticuleError("The first image of the file cannot be found.") from error
