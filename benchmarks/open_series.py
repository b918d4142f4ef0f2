"""Rows 1 and 1b: a raw CT series of 512×512×400 to a volume with geometry, beside reading its bytes and beside other readers.

"indexed" is what the desk does when a case is chosen; "from its folder" also reads every header, groups and measures geometry.
Cold: the files are put out of the page cache one by one (POSIX_FADV_DONTNEED); without that call the row is left out.
"""

import os
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pydicom
import SimpleITK

from benchmarks.dicom_folder import series_folder
from benchmarks.figure import Figure, side_by_side, timed
from benchmarks.peers import dicomsdl
from graticule.domain.case import Case
from graticule.domain.progress import Silent
from graticule.domain.volume import Volume
from graticule.formats.door import open_case, scan

COUNT, RUNS = 400, 11
INDEXED, FOLDER = "raw CT 512×512×400, indexed → volume", "raw CT 512×512×400, from its folder → volume"
LIMIT = "limit: reading the bytes into one buffer"


def run() -> Iterator[Figure]:
    with series_folder(COUNT) as paths:
        case = _case(paths)
        _refuse_other_values(case, paths)
        indexed, folder = partial(_open, case), lambda: _open(_case(paths))
        pairs = (
            (INDEXED, indexed, LIMIT, partial(_read, paths), RUNS),
            (INDEXED, indexed, "SimpleITK, given the sorted names", partial(_itk, paths), 5),
            (FOLDER, folder, LIMIT, partial(_read, paths), RUNS),
            (FOLDER, folder, "SimpleITK, given the folder", partial(_itk_folder, paths), 5),
            (FOLDER, folder, "pydicom, sorted and stacked", partial(_pydicom, paths), 5))
        for promise, ours, name, rival, runs in pairs:
            mine, other = side_by_side(ours, rival, runs, 1)
            yield Figure("1", promise, mine, name, other)
        sdl = dicomsdl("volume", paths, RUNS)
        if sdl is not None:  # it reads headers, too: only the whole road from the folder is the same work
            yield Figure("1", FOLDER, timed(lambda _: folder(), RUNS, 1), "dicomsdl, sorted and stacked", sdl)
        if hasattr(os, "posix_fadvise"):
            cold = timed(lambda _: _open(case), RUNS, 1, before=lambda: _put_out(paths))
            cat = timed(lambda _: _cat(paths), RUNS, 1, before=lambda: _put_out(paths))
            yield Figure("1b", "raw CT 512×512×400, indexed, cold", cold, "limit: cat of the files, cold", cat)


def _case(paths: list[Path]) -> Case:
    return next(outcome.case for outcome in scan([paths[0].parent], Silent()) if outcome.case is not None)


def _open(case: Case) -> Volume:
    opening = open_case(case)
    opening.fill(Silent(), lambda k: None)
    assert isinstance(opening.content, Volume)
    return opening.content


def _read(paths: list[Path]) -> None:
    buffer = bytearray(1 << 20)
    for path in paths:
        with open(path, "rb", buffering=0) as file:
            file.readinto(buffer)


def _cat(paths: list[Path]) -> None:
    subprocess.run(["cat", *map(str, paths)], stdout=subprocess.DEVNULL, check=True)


def _put_out(paths: list[Path]) -> None:
    for path in paths:
        file = os.open(path, os.O_RDONLY)
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(file)


def _itk(paths: list[Path]) -> None:
    reader = SimpleITK.ImageSeriesReader()
    reader.SetFileNames([str(path) for path in paths])
    reader.Execute()


def _itk_folder(paths: list[Path]) -> None:
    _itk([Path(name) for name in SimpleITK.ImageSeriesReader.GetGDCMSeriesFileNames(str(paths[0].parent))])


def _pydicom(paths: list[Path]) -> np.ndarray:
    slices = sorted((pydicom.dcmread(path) for path in paths), key=lambda data: float(data.ImagePositionPatient[2]))
    return np.stack([data.pixel_array for data in slices])


def _refuse_other_values(case: Case, paths: list[Path]) -> None:
    """A fast reader that reads something else would be no reader."""
    intercept = int(pydicom.dcmread(paths[0], stop_before_pixels=True).RescaleIntercept)
    assert np.array_equal(_open(case).voxels, _pydicom(paths) + np.int16(intercept))
