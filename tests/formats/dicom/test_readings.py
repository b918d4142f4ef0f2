"""The same files under another reading: what can be chosen, and where its voxels then lie."""

import numpy as np
import pydicom
import pytest

from fakes.dicom_series import Series, asymmetric
from fakes.door_ways import cases_of, filled, only_case
from graticule.domain.progress import Silent
from graticule.formats.dicom.reading_ways import ways_to_read
from real_data import DATA, needs_data


def ways(cases):
    return {way.name: way for way in ways_to_read(cases, Silent())}


def write(folder, *slices):
    folder.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(slices):
        data.save_as(folder / f"{number:04d}.dcm", enforce_file_format=True)
    return cases_of(folder)


@needs_data
def test_two_time_points_as_one_stack_and_back():
    cases = cases_of(DATA / "imaging" / "mr" / "fmri_2vol_ge")
    found = ways(cases)
    one, = found["file-order"].cases
    assert found["file-order"].slices == (30,) and found["geometry"].slices == (15, 15)
    assert {case.id for case in found["geometry"].cases} == {case.id for case in cases}
    assert one.id not in {case.id for case in cases} and one.facts["read_as"] == "file-order"
    volume = filled(one)
    headers = sorted((pydicom.dcmread(source.path) for source in one.sources), key=lambda data: int(data.InstanceNumber))
    assert volume.voxels.shape == (30, 64, 64)
    assert all(np.array_equal(volume.voxels[k], data.pixel_array) for k, data in enumerate(headers))
    assert not volume.grid.oriented and volume.frame_of_reference == ""
    assert any("30 images of 15 places" in text for text in one.warnings)
    assert not any("does not say" in text for text in one.warnings)
    back = ways([one])
    assert [case.id for case in back["geometry"].cases] == [case.id for case in found["geometry"].cases]
    again = filled(back["geometry"].cases[0])
    first = next(case for case in cases if case.id == back["geometry"].cases[0].id)
    assert np.array_equal(again.voxels, filled(first).voxels) and np.array_equal(again.grid.affine, filled(first).grid.affine)


def test_blocks_as_one_stack_keep_every_slice_at_its_place(tmp_path):
    series = Series(asymmetric((40, 3, 3)))
    cases = write(tmp_path, *(series.slice(k) for k in [*range(6), *range(30, 36)]))
    assert len(cases) == 2
    found = ways(cases)
    one, = found["by-place"].cases
    volume = filled(one)
    assert volume.voxels.shape == (12, 3, 3) and volume.grid.oriented
    for k, source in enumerate(one.sources):
        place = [float(value) for value in pydicom.dcmread(source.path).ImagePositionPatient]
        assert volume.grid.to_patient((0, 0, k)) == pytest.approx(place, abs=1e-3)
    assert any("12 images that the geometry divides" in text for text in one.warnings)
    assert any("missing" in text for text in one.warnings)


def test_interleaved_acquisitions_that_make_one_stack_can_be_two(tmp_path):
    series = Series(asymmetric((8, 3, 3)))
    cases = write(tmp_path, *(series.slice(k, AcquisitionNumber=1 + k % 2) for k in range(8)))
    assert len(cases) == 1
    found = ways(cases)
    assert found["by-acquisition"].slices == (4, 4)
    assert len({case.id for way in found.values() for case in way.cases}) == sum(len(way.cases) for way in found.values())
    step = 2 * filled(cases[0]).grid.spacing_mm[0]
    assert [filled(case).grid.spacing_mm[0] for case in found["by-acquisition"].cases] == pytest.approx([step, step])


def test_sub_volumes_of_echoes_may_be_joined_by_place(tmp_path):
    series = Series(asymmetric((8, 3, 3)))
    cases = write(tmp_path, *(series.slice(k, EchoTime=20.0 + 60 * (k % 2)) for k in range(8)))
    found = ways(cases)
    assert found["geometry"].slices == (4, 4) and found["by-place"].slices == (8,)
    assert sorted(np.unique(filled(found["by-place"].cases[0]).voxels[:, 0, 0]).tolist()) \
        == [1000 * k for k in range(8)]


def test_an_ordinary_series_is_read_one_way(tmp_path):
    Series(asymmetric((5, 3, 3))).write(tmp_path)
    assert list(ways([only_case(tmp_path)])) == ["geometry"]


def test_images_of_other_orientations_stay_as_they_are_when_others_are_joined(tmp_path):
    series = Series(asymmetric((4, 3, 3)))
    times = [series.slice(k, TemporalPositionIdentifier=time, InstanceNumber=4 * time + k) for time in (1, 2) for k in range(4)]
    scout = series.slice(1, ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"], InstanceNumber=99)
    cases = write(tmp_path, *times, scout)
    found = ways(cases)
    assert sorted(found["file-order"].slices) == [1, 8]
    assert {case.id for case in found["file-order"].cases} & {case.id for case in cases}
