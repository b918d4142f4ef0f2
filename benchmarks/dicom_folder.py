"""Folders of DICOM files for the benchmarks: made once from a real header, many by patching its bytes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import imagecodecs
import numpy as np
import pydicom
from pydicom.encaps import encapsulate
from pydicom.uid import JPEG2000Lossless, JPEGLSLossless, generate_uid

from graticule.resources import resource

UID_ROOT = "1.2.826.0.1.3680043.8.498."


def slices_of(count: int, size: int, syntax: str = "") -> Iterator[pydicom.Dataset]:
    """`count` slices of one series, 1 mm apart, size × size, with the real header of a scanner (sequences, private elements)."""
    data = pydicom.dcmread(sorted(resource("samples", "liver_ct").glob("*.dcm"))[9])
    pixels = data.pixel_array[:size, :size]
    data.Rows = data.Columns = size
    for k in range(count):
        data.SOPInstanceUID = data.file_meta.MediaStorageSOPInstanceUID = generate_uid()
        data.InstanceNumber, data.SliceThickness = k + 1, 1.0
        data.ImagePositionPatient = [-200, -200, k - 400]
        data.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
        data.PixelData = np.roll(pixels, k, 0).astype("<i2").tobytes()
        data["PixelData"].VR = "OW"
        if syntax:
            _compress(data, syntax, np.roll(pixels, k, 0))
        yield data


def _compress(data: pydicom.Dataset, syntax: str, pixels: np.ndarray) -> None:
    if syntax not in (JPEG2000Lossless, JPEGLSLossless):
        data.compress(syntax, generate_instance_uid=False)
        return
    values = np.ascontiguousarray(pixels, "<i2")
    encoded = imagecodecs.jpeg2k_encode(values, reversible=True, codecformat="j2k", level=0) if syntax == JPEG2000Lossless \
        else imagecodecs.jpegls_encode(values.view("<u2"))
    data.file_meta.TransferSyntaxUID = syntax
    data.PixelData = encapsulate([encoded])
    data["PixelData"].VR, data["PixelData"].is_undefined_length = "OB", True


@contextmanager
def series_folder(count: int, size: int = 512, syntax: str = "") -> Iterator[list[Path]]:
    """The paths of a series that lies on disk as long as the context is open."""
    with TemporaryDirectory(prefix="graticule-bench-") as folder:
        paths = []
        for k, data in enumerate(slices_of(count, size, syntax)):
            paths.append(Path(folder, f"im{k:05d}.dcm"))
            data.save_as(paths[-1], enforce_file_format=True)
        os.sync() if hasattr(os, "sync") else None
        yield paths


@contextmanager
def many_files(count: int, per_series: int = 200) -> Iterator[tuple[Path, list[Path]]]:
    """(folder, paths) of `count` tiny slices in series of `per_series`, each series in a folder of its own."""
    data = next(slices_of(1, 8))
    uid, series = UID_ROOT + "1" * 20, UID_ROOT + "2" * 20
    data.SOPInstanceUID = data.file_meta.MediaStorageSOPInstanceUID = uid
    data.SeriesInstanceUID, data.ImagePositionPatient, data.InstanceNumber = series, ["-200", "-200", "-4000.0"], 10000
    with TemporaryDirectory(prefix="graticule-bench-") as folder:
        template = Path(folder, "template.dcm")
        data.save_as(template, enforce_file_format=True)
        raw = template.read_bytes()
        template.unlink()
        paths = []
        for number in range(count):
            if number % per_series == 0:
                Path(folder, f"s{number // per_series:05d}").mkdir()
            path = Path(folder, f"s{number // per_series:05d}", f"im{number:06d}")
            path.write_bytes(_patched(raw, uid, series, number, number // per_series))
            paths.append(path)
        yield Path(folder), paths


def _patched(raw: bytes, uid: str, series: str, number: int, group: int) -> bytes:
    own, shared = UID_ROOT + f"1{number:019d}", UID_ROOT + f"2{group:019d}"
    at = f"{number % 1000 - 4000:.1f}"
    return raw.replace(uid.encode(), own.encode()).replace(series.encode(), shared.encode()).replace(b"-4000.0", at.encode())
