"""Row 2: choosing a series → its first slice decoded, beside reading the same file's bytes and naive pydicom."""

from collections.abc import Iterator

import pydicom

from benchmarks.figure import Figure, timed
from graticule.domain.errors import Cancelled
from graticule.domain.progress import Silent
from graticule.formats.door import open_case, scan
from graticule.resources import resource


def run() -> Iterator[Figure]:
    folder = resource("samples", "liver_ct")
    case = next(outcome.case for outcome in scan([folder], Silent()) if outcome.case is not None)
    files = sorted(folder.glob("*.dcm"))
    ours = timed(lambda _: _first_slice(case), 30)
    one_file = timed(lambda _: files[9].read_bytes(), 30)
    yield Figure("2", "series chosen → first slice (raw CT, 19 × 512²)", ours, "limit: reading one file's bytes", one_file)
    yield Figure("2", "the same", ours, "pydicom, every file, then the first slice", timed(lambda _: _naive(files), 10))


def _first_slice(case) -> None:  # type: ignore[no-untyped-def]
    def stop(_slice: int) -> None:
        raise Cancelled

    try:
        open_case(case).fill(Silent(), stop)
    except Cancelled:
        return


def _naive(files) -> None:  # type: ignore[no-untyped-def]
    datasets = [pydicom.dcmread(path) for path in files]
    datasets.sort(key=lambda dataset: float(dataset.ImagePositionPatient[2]))
    assert datasets[9].pixel_array.shape == (512, 512)
