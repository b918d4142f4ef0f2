"""Slices read straight into their place are those that pydicom decodes; a file that was changed is noticed."""

import os
import shutil
from dataclasses import replace

import numpy as np
import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pydicom.uid import ImplicitVRLittleEndian, JPEGLSLossless, RLELossless

from fakes.dicom_series import Series, asymmetric
from fakes.door_ways import cases_of, filled, only_case
from graticule.domain.errors import Cancelled, GraticuleError
from graticule.domain.progress import Silent
from graticule.formats.arrivals import arrivals
from graticule.formats.dicom.frame import Coding
from graticule.formats.dicom.listing import planes_of
from graticule.formats.dicom.pixels import stored_values
from graticule.formats.dicom.rescale import rescaled, value_type
from graticule.formats.dicom.straight import goes_straight, rescale_in_place
from graticule.formats.door import open_case
from real_data import DATA, needs_data


def by_pydicom(case):
    """(k, j, i) values of a series, worked out by pydicom and float64 alone."""
    slices = []
    for source in case.sources:
        data = pydicom.dcmread(source.path)
        slices.append(data.pixel_array * float(data.get("RescaleSlope", 1)) + float(data.get("RescaleIntercept", 0)))
    return np.stack(slices)


@needs_data
@pytest.mark.parametrize("name", ["ct/liver_mets_crlm1004", "ct/gantry_tilt_phantom_philips", "mr/brain_pd_oblique_ge",
                                  "ct/body_j2k_siemens"])
def test_a_real_series_has_the_values_of_pydicom(name):
    case = only_case(DATA / "imaging" / name)
    assert np.array_equal(filled(case).voxels, by_pydicom(case))


@needs_data
def test_real_raw_series_go_straight():
    straight = 0
    for folder in ("ct", "mr", "seg/sarcoma_sts002"):
        for case in cases_of(DATA / "imaging" / folder):
            if case.reading == "dicom-series":
                planes = planes_of(case)
                straight += goes_straight(planes[0], value_type(plane.coding for plane in planes))
    assert straight >= 6


@given(stored=st.integers(9, 16), signed=st.booleans(), intercept=st.integers(-16384, 0), data=st.data())
@settings(deadline=None)
def test_rescaling_in_place_is_rescaling(stored, signed, intercept, data):
    """Every bit depth, with rubbish in the unused bits."""
    coding = Coding("1.2.840.10008.1.2.1", 1, "MONOCHROME2", 16, stored, stored - 1, signed, 1.0, float(intercept))
    if value_type([coding]) != np.int16:
        return
    raw = data.draw(arrays(np.uint16, (3, 5)))
    out = raw.view(np.int16).copy()
    from graticule.formats.dicom.pixels import meaningful
    wanted, clipped = rescaled(meaningful(raw.view(np.int16 if signed else np.uint16), coding), coding, np.dtype(np.int16))
    if rescale_in_place(out, coding):
        assert np.array_equal(out, wanted) and not clipped
    else:
        assert clipped


@pytest.mark.parametrize("changes", [{}, {"RescaleIntercept": -1024}, {"RescaleSlope": 2}, {"RescaleSlope": 0.5},
                                     {"BitsStored": 12, "HighBit": 11, "PixelRepresentation": 0}])
@pytest.mark.parametrize("syntax", [None, ImplicitVRLittleEndian, RLELossless, JPEGLSLossless])
def test_made_up_series_have_the_values_of_pydicom(tmp_path, changes, syntax):
    series = Series(asymmetric((5, 8, 9)) % 4096)
    for k in range(5):
        data = series.slice(k, **changes)
        if syntax in (RLELossless, JPEGLSLossless):
            data.compress(syntax)
        elif syntax is not None:
            data.file_meta.TransferSyntaxUID = syntax
        data.save_as(tmp_path / f"{k}.dcm", enforce_file_format=True)
    case = only_case(tmp_path)
    seen = []
    volume = filled(case, first=1, seen=seen)
    assert np.allclose(volume.voxels, by_pydicom(case)) and volume.arrived.all()
    assert seen == [1, 2, 0, 3, 4]


def test_padding_below_int16_is_clipped_and_said(tmp_path):
    voxels = asymmetric((2, 4, 4))
    voxels[1, 2, 2] = -32768
    Series(voxels).write(tmp_path, RescaleIntercept=-1024)
    volume = filled(only_case(tmp_path))
    assert volume.voxels.min() == -32768 and any(doubt.what == "clipped" for doubt in volume.doubts)
    assert volume.voxels[0, 0, 1] == voxels[0, 0, 1] - 1024


def changed(path, **attributes):
    data = pydicom.dcmread(path)
    for keyword, value in attributes.items():
        setattr(data, keyword, value)
    data.save_as(path, enforce_file_format=True)
    os.utime(path, ns=(1, 1))


@pytest.mark.parametrize("attributes", [
    {"SOPInstanceUID": "1.2.3"}, {"ImagePositionPatient": [0, 0, 7]}, {"RescaleIntercept": -5},
    {"SeriesDescription": "longer than it was"}])
def test_a_changed_file_is_refused(tmp_path, attributes):
    paths = Series(asymmetric((3, 4, 4))).write(tmp_path)
    case = only_case(tmp_path)
    changed(paths[1], **attributes)
    with pytest.raises(GraticuleError, match="changed since it was imported"):
        filled(case)


def test_the_other_slices_of_a_changed_one_arrive(tmp_path):
    paths = Series(asymmetric((3, 4, 4))).write(tmp_path)
    opening = open_case(only_case(tmp_path))
    changed(paths[2], SOPInstanceUID="1.2.3")
    with pytest.raises(GraticuleError, match="1 of 3 slices"):
        opening.fill(Silent(), lambda k: None)
    assert opening.content.arrived.tolist() == [True, True, False]


def test_new_pixels_under_an_old_header_count_as_the_same_image(tmp_path):
    """A case is made of the names of objects: who changes pixels and keeps the name breaks DICOM, and is not caught by it."""
    paths = Series(asymmetric((2, 4, 4))).write(tmp_path)
    case = only_case(tmp_path)
    changed(paths[0], PixelData=bytes(32))
    assert not filled(case).voxels[0].any()


def test_a_copy_with_other_times_opens_after_a_look_at_its_headers(tmp_path):
    Series(asymmetric((3, 4, 4))).write(tmp_path / "one")
    case = only_case(tmp_path / "one")
    shutil.copytree(tmp_path / "one", tmp_path / "two", copy_function=shutil.copyfile)
    shutil.rmtree(tmp_path / "one")
    moved = replace(case, sources=tuple(replace(s, path=s.path.replace("one", "two")) for s in case.sources))
    assert np.array_equal(filled(moved).voxels, asymmetric((3, 4, 4)))
    without = replace(moved, facts={name: value for name, value in moved.facts.items() if name != "stamps"})
    assert np.array_equal(filled(without).voxels, asymmetric((3, 4, 4)))


def test_files_that_are_gone_or_cut_are_sentences(tmp_path):
    paths = Series(asymmetric((3, 4, 4))).write(tmp_path)
    case = only_case(tmp_path)
    paths[0].write_bytes(paths[0].read_bytes()[:-8])
    with pytest.raises(GraticuleError, match="1 of 3 slices"):
        filled(case)
    paths[0].unlink()
    with pytest.raises(GraticuleError, match="no longer where it was"):
        filled(case)


def test_a_stop_ends_the_reading(tmp_path):
    Series(asymmetric((9, 4, 4))).write(tmp_path)
    opening = open_case(only_case(tmp_path))
    seen = []

    def stop_at_third(k):
        seen.append(k)
        if len(seen) == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        opening.fill(Silent(), stop_at_third)
    opening.fill(Silent(), seen.append)
    assert np.array_equal(opening.content.voxels, asymmetric((9, 4, 4)))


def test_a_mistake_in_a_thread_is_raised_where_it_is_waited_for():
    def bring(k):
        if k == 2:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(arrivals(range(5), bring))
    assert [k for k, _ in arrivals([3, 1, 2], lambda k: None)] == [3, 1, 2]
    assert list(arrivals([], bring)) == []


@needs_data
def test_every_plane_of_the_straight_path_is_what_the_codecs_give():
    case = only_case(DATA / "imaging/ct/gantry_tilt_phantom_philips")
    voxels = filled(case).voxels
    for k, plane in enumerate(planes_of(case)):
        assert np.array_equal(voxels[k], rescaled(stored_values(plane), plane.coding, voxels.dtype)[0])
