"""All of a file's header, when one image is opened: tables, palettes, overlays and regions, which a listing does not read."""

from functools import lru_cache
from pathlib import Path

import pydicom

from graticule.domain.errors import GraticuleError
from graticule.formats.dicom.damage import DICOM_DAMAGE
from graticule.formats.dicom.patience import patiently


def whole_header(path: Path) -> pydicom.Dataset:
    """The data set up to its pixels; GraticuleError when the file is gone or damaged."""
    try:
        return _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError as error:
        raise GraticuleError("A file of this case is no longer where it was.",
                             "Import the case again from its new place.") from error
    except DICOM_DAMAGE as error:
        raise GraticuleError("The file is damaged: its header cannot be read.", "Copy it again from its source.") from error


@lru_cache(maxsize=4)
def _read(path: Path, changed_ns: int) -> pydicom.Dataset:
    with patiently(path) as (file, _):
        return pydicom.dcmread(file, stop_before_pixels=True, force=True)
