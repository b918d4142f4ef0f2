"""Row 2: choosing an indexed series of 400 slices (60 when compressed) → its middle slice decoded.

Beside it one file's bytes and, for a compressed series, one decode in memory; the goal is 100 ms for a raw series and 100 ms more
than one decode for a compressed one. pydicom, which reads every file before it knows the order, is the naive peer.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import imagecodecs
import pydicom
from pydicom.encaps import generate_frames
from pydicom.uid import JPEG2000Lossless

from benchmarks.dicom_folder import series_folder
from benchmarks.figure import Figure, timed
from benchmarks.open_series import _case
from graticule.domain.case import Case
from graticule.domain.errors import Cancelled
from graticule.domain.progress import Silent
from graticule.formats.door import open_case


def run() -> Iterator[Figure]:
    with series_folder(400) as paths:
        case = _case(paths)
        ours = timed(lambda _: _first_slice(case), 30)
        yield Figure("2", "raw CT 512×512×400 chosen → first slice", ours, "limit: reading one file's bytes",
                     timed(lambda _: paths[200].read_bytes(), 30))
        yield Figure("2", "the same", ours, "pydicom, every file, then the first slice", timed(lambda _: _naive(paths), 3, 1))
    with series_folder(60, syntax=JPEG2000Lossless) as paths:
        case = _case(paths)
        encoded = next(generate_frames(BytesIO(pydicom.dcmread(paths[30]).PixelData), number_of_frames=1))
        yield Figure("2", "JPEG 2000 CT 512×512×60 chosen → first slice", timed(lambda _: _first_slice(case), 15),
                     "limit: one decode in memory", timed(lambda _: imagecodecs.jpeg2k_decode(encoded), 15))


def _first_slice(case: Case) -> None:
    def stop(_slice: int) -> None:
        raise Cancelled

    try:
        open_case(case).fill(Silent(), stop)
    except Cancelled:
        return


def _naive(paths: list[Path]) -> None:
    datasets = [pydicom.dcmread(path) for path in paths]
    datasets.sort(key=lambda dataset: float(dataset.ImagePositionPatient[2]))
    assert datasets[200].pixel_array.shape == (512, 512)
