"""Row 2b: compressed series to a volume, beside the codec alone on all cores over the same encoded slices in memory."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from io import BytesIO
from pathlib import Path

import imagecodecs
import pydicom
from pydicom.encaps import generate_frames
from pydicom.uid import JPEG2000Lossless, JPEGLSLossless, RLELossless

from benchmarks.dicom_folder import series_folder
from benchmarks.figure import Figure, side_by_side
from benchmarks.open_series import _case, _open

COUNT, RUNS = 60, 9
CODECS = (
    ("JPEG 2000", JPEG2000Lossless, imagecodecs.jpeg2k_decode, {"numthreads": 1}),
    ("JPEG-LS", JPEGLSLossless, imagecodecs.jpegls_decode, {}), ("RLE", RLELossless, None, {}))


def run() -> Iterator[Figure]:
    for name, syntax, decode, one_thread in CODECS:
        with series_folder(COUNT, syntax=syntax) as paths:
            case = _case(paths)
            if decode is None:
                alone = partial(_by_pydicom, paths)
            else:
                encoded = [next(generate_frames(BytesIO(pydicom.dcmread(path).PixelData), number_of_frames=1)) for path in paths]
                alone = partial(_codec_alone, encoded, partial(decode, **one_thread))
            ours, other = side_by_side(partial(_open, case), alone, RUNS)
            beside = f"limit: the codec alone, {os.cpu_count()} threads" if decode else "pydicom pixel_array, one by one"
            yield Figure("2b", f"{name} CT 512×512×{COUNT}, indexed → volume", ours, beside, other)


def _codec_alone(encoded: list[bytes], decode) -> None:  # type: ignore[no-untyped-def]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(decode, encoded))


def _by_pydicom(paths: list[Path]) -> None:
    for path in paths:
        assert pydicom.dcmread(path).pixel_array.shape == (512, 512)
