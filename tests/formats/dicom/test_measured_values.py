"""Statistics of real files against SimpleITK's own reading of them: rescale, slope per frame, MONOCHROME1."""

from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

from fakes.dicom_series import Series
from graticule.domain.progress import Silent
from graticule.domain.volume import Volume
from graticule.formats.door import open_case, scan
from graticule.formats.family import CASE
from graticule.imaging.lengths import to_stored
from graticule.imaging.measure import measure
from graticule.imaging.shapes import BOX
from real_data import DATA, needs_data


def volume_of(path: Path) -> Volume:
    case = next(outcome.case for outcome in scan([path]) if outcome.outcome == CASE)
    opening = open_case(case)
    opening.fill(Silent(), lambda k: None)
    assert isinstance(opening.content, Volume)
    return opening.content


def box_on(volume: Volume, k: int) -> tuple[tuple[int, ...], ...]:
    return to_stored(volume.grid.to_patient([[9.6, 5.6, k], [20.4, 5.6, k], [20.4, 17.4, k], [9.6, 17.4, k]]))


def agrees(volume: Volume, image: sitk.Image) -> None:
    """Every slice's box, placed in the patient by SimpleITK's own geometry, gives the same figures."""
    values = sitk.GetArrayFromImage(image)
    for k in range(volume.grid.shape[0]):
        figures = measure(BOX, box_on(volume, k), volume).figures
        at = image.TransformPhysicalPointToIndex(volume.grid.to_patient([10, 6, k]).tolist())
        part = values[at[2], at[1]:at[1] + 12, at[0]:at[0] + 11]
        mask = np.zeros(values.shape, np.uint8)
        mask[at[2], at[1]:at[1] + 12, at[0]:at[0] + 11] = 1
        theirs = sitk.LabelStatisticsImageFilter()
        theirs.Execute(image, _like(mask, image))
        assert int(figures["n"]) == theirs.GetCount(1) == part.size
        assert float(figures["mean"]) == pytest.approx(theirs.GetMean(1), abs=0.06)
        assert float(figures["sd"]) == pytest.approx(theirs.GetSigma(1), abs=0.06)
        ends = theirs.GetMinimum(1), theirs.GetMaximum(1)
        assert (float(figures["min"]), float(figures["max"])) == pytest.approx(ends, abs=0.06)


def _like(mask: np.ndarray, image: sitk.Image) -> sitk.Image:
    made = sitk.GetImageFromArray(mask)
    made.CopyInformation(image)
    return made


def test_a_slope_of_its_own_in_every_slice(tmp_path: Path) -> None:
    series = Series(np.random.default_rng(2).integers(0, 900, (4, 24, 30)).astype(np.int16))
    files = []
    for k in range(4):
        data = series.slice(k, RescaleSlope=1 + k / 2, RescaleIntercept=-1000 + 7 * k)
        files.append(tmp_path / f"{k}.dcm")
        data.save_as(files[-1], enforce_file_format=True)
    volume = volume_of(tmp_path)
    reader = sitk.ImageSeriesReader()
    reader.SetFileNames([str(name) for name in files])
    reader.SetOutputPixelType(sitk.sitkFloat64)
    agrees(volume, reader.Execute())
    assert measure(BOX, box_on(volume, 0), volume).unit == "HU"


@needs_data
def test_the_ct_of_highdicom(tmp_path: Path) -> None:
    file = DATA / "imaging" / "seg" / "highdicom_ct" / "ct_image.dcm"
    agrees(volume_of(file), sitk.Cast(sitk.ReadImage(str(file)), sitk.sitkFloat64))


def test_monochrome1_keeps_its_own_values(tmp_path: Path) -> None:
    series = Series(np.random.default_rng(4).integers(0, 900, (3, 24, 30)).astype(np.int16))
    files = []
    for k in range(3):
        data = series.slice(k, PhotometricInterpretation="MONOCHROME1")
        files.append(tmp_path / f"{k}.dcm")
        data.save_as(files[-1], enforce_file_format=True)
    volume = volume_of(tmp_path)
    figures = measure(BOX, box_on(volume, 1), volume).figures
    stored = series.voxels[1, 6:18, 10:21].astype(float)
    slope, intercept = float(data.RescaleSlope), float(data.RescaleIntercept)
    assert float(figures["mean"]) == pytest.approx(stored.mean() * slope + intercept, abs=0.06)
