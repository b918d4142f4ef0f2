import json
from dataclasses import replace

import numpy as np
import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fakes.dicom_series import Series, asymmetric
from fakes.door_ways import cases_of, filled, only_case, opened, scanned
from graticule.domain.errors import Cancelled, GraticuleError
from graticule.domain.progress import Silent, Stoppable
from graticule.formats import door
from graticule.formats.dicom.frame import Coding
from graticule.formats.dicom.pixels import meaningful
from graticule.formats.order import outwards
from real_data import DATA, needs_data

SYNTAXES = DATA / "imaging/ct/transfer_syntaxes"
LOSSLESS = ("1.2", "1.2.1", "1.2.1.99", "1.2.2", "1.2.5", "1.2.4.57", "1.2.4.70", "1.2.4.80", "1.2.4.90")


def ct(ending):
    path, = SYNTAXES.glob(f"CTImage.dcm_*_1.2.840.10008.{ending}.dcm")
    return path


@needs_data
@pytest.mark.parametrize("ending", LOSSLESS)
def test_every_lossless_compression_gives_the_same_pixels(ending):
    truth = pydicom.dcmread(ct("1.2.1")).pixel_array.astype(int) - 1024
    volume = opened(ct(ending))
    assert volume.voxels.dtype == np.int16
    assert np.array_equal(volume.voxels[0], truth)
    assert all(doubt.what != "lossy" for doubt in volume.doubts)


@needs_data
@pytest.mark.parametrize("ending,off", [("1.2.4.81", 1), ("1.2.4.91", 5)])
def test_lossy_compressions_stay_within_their_bound_and_are_named(ending, off):
    truth = pydicom.dcmread(ct("1.2.1")).pixel_array.astype(int) - 1024
    volume = opened(ct(ending))
    assert np.abs(volume.voxels[0] - truth).max() <= off
    assert any(doubt.what == "lossy" for doubt in volume.doubts)


@needs_data
@pytest.mark.parametrize("ending,low,high", [("1.2.4.50", 30, 168), ("1.2.4.51", 493, 2703)])
def test_jpeg_of_8_and_12_bits(ending, low, high):
    case = only_case(ct(ending))
    slope, intercept = (float(text) for text in case.facts["codings"][0][7:])
    stored = np.round((filled(case).voxels - intercept) / slope)
    assert stored.min() == pytest.approx(low, abs=40) and stored.max() == pytest.approx(high, abs=40)


@needs_data
def test_retired_jpeg_is_refused_by_name():
    outcome, = scanned(ct("1.2.4.53"))
    assert outcome.outcome == "refused" and "Process 6 and 8" in outcome.reason


@needs_data
def test_an_enhanced_ct_in_fragments_without_offset_table():
    volume = opened(SYNTAXES / "CT0012.fragmented_no_bot_jpeg_baseline.51.dcm")
    assert volume.voxels.shape == (2, 512, 512)
    assert (volume.unit, int(volume.voxels.max())) == (None, 1199)


@needs_data
def test_enhanced_mr_raw_and_rle_are_the_same():
    raw, rle = (opened(DATA / f"imaging/mr/enhanced/{name}.dcm").voxels for name in ("emri_small", "emri_small_RLE"))
    assert np.array_equal(raw, rle)
    assert (int(raw.min()), int(raw.max())) == (0, 467)


@needs_data
def test_a_chest_radiograph_of_15_bits_and_monochrome1():
    case = only_case(DATA / "imaging/xray/RG1_J2KR_chest_pa.dcm")
    picture = filled(case)
    assert np.array_equal(picture.pixels, pydicom.dcmread(case.sources[0].path).pixel_array)
    assert picture.inverted and picture.pixel_mm is None
    assert picture.edge_letters == ("R", "H", "L", "F")
    assert (picture.windows[0].width, picture.windows[0].level) == (30000, 15000)
    assert case.title == "CR chest PA · 1841 × 1955"


@needs_data
def test_pet_is_suv_with_a_slope_of_its_own_per_slice():
    case = only_case(DATA / "imaging/seg/sarcoma_sts002/PET")
    volume = filled(case)
    assert volume.unit == "SUV" and volume.voxels.dtype == np.float32
    for k in (0, 20, 47):
        header = pydicom.dcmread(case.sources[k].path)
        assert np.allclose(volume.voxels[k], header.pixel_array * float(header.RescaleSlope), rtol=1e-6)


def test_suv_from_activity_needs_weight_dose_and_times(tmp_path):
    tracer = pydicom.Dataset()
    tracer.RadionuclideTotalDose, tracer.RadionuclideHalfLife, tracer.RadiopharmaceuticalStartTime = 4e8, 6600.0, "100000"
    tags = {"Modality": "PT", "SOPClassUID": "1.2.840.10008.5.1.4.1.1.128", "Units": "BQML", "CorrectedImage": ["ATTN", "DECY"],
            "DecayCorrection": "START", "SeriesDate": "20200101", "SeriesTime": "115000", "AcquisitionDate": "20200101",
            "AcquisitionTime": "115010", "PatientWeight": 80, "RadiopharmaceuticalInformationSequence": [tracer]}
    series = Series(np.full((2, 3, 3), 10000, np.int16))
    series.write(tmp_path / "whole", **tags)
    volume = opened(tmp_path / "whole")
    assert volume.unit == "SUV"
    assert volume.voxels[0, 0, 0] == pytest.approx(10000 * 80000 / (4e8 * 0.5), rel=1e-6)
    series.write(tmp_path / "late", **tags | {"SeriesTime": "130000"})
    series.write(tmp_path / "nobody", **tags | {"PatientWeight": 0})
    assert [opened(tmp_path / name).unit for name in ("late", "nobody")] == ["Bq/ml"] * 2


@pytest.mark.parametrize("changes,unit", [
    ({"RescaleType": "HU"}, "HU"), ({}, "HU"), ({"RescaleType": "US"}, None),
    ({"ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"]}, None),
    ({"ImageType": ["DERIVED", "SECONDARY", "PERFUSION"]}, None), ({"ImageType": ["DERIVED", "PRIMARY", "AXIAL"]}, "HU"),
    ({"Modality": "MR", "SOPClassUID": "1.2.840.10008.5.1.4.1.1.4"}, None)])
def test_hounsfield_units_only_where_the_file_says_so(tmp_path, changes, unit):
    Series(asymmetric((2, 3, 3))).write(tmp_path, **changes)
    assert opened(tmp_path).unit == unit


@pytest.mark.parametrize("slope,intercept,dtype",
                         [(1, -1024, np.int16), (1, 0, np.int16), (0.5, 0, np.float32), (2, 0, np.float32)])
def test_values_keep_16_bits_only_when_nothing_is_lost(tmp_path, slope, intercept, dtype):
    voxels = asymmetric((2, 3, 3))
    Series(voxels).write(tmp_path, RescaleSlope=slope, RescaleIntercept=intercept)
    volume = opened(tmp_path)
    assert volume.voxels.dtype == dtype
    assert np.array_equal(volume.voxels, voxels * slope + intercept)


def test_padding_below_16_bits_is_clipped_and_said(tmp_path):
    Series(np.full((1, 3, 3), -32768, np.int16)).write(tmp_path, RescaleIntercept=-1024)
    volume = opened(tmp_path)
    assert int(volume.voxels.max()) == -32768
    assert any(doubt.what == "clipped" for doubt in volume.doubts)


@given(arrays(np.uint16, (3, 4)), st.booleans(), st.integers(1, 16), st.integers(0, 15))
def test_only_the_stored_bits_count(values, signed, stored, shift):
    high = min(15, stored - 1 + shift)
    coding = Coding("", 1, "MONOCHROME2", 16, stored, high, signed, 1.0, 0.0)
    expected = (values.astype(np.int64) >> (high + 1 - stored)) & ((1 << stored) - 1)
    if signed:
        expected = np.where(expected >> (stored - 1), expected - (1 << stored), expected)
    assert np.array_equal(meaningful(values.view(np.int16) if signed else values, coding), expected)


def test_slices_arrive_from_the_asked_one_outwards(tmp_path):
    Series(asymmetric((7, 3, 3))).write(tmp_path)
    case = only_case(tmp_path)
    seen = []
    filled(case, first=1, seen=seen)
    assert seen == [1, 2, 0, 3, 4, 5, 6]
    assert outwards(5) == [2, 3, 1, 4, 0] and outwards(3, 99) == [2, 1, 0]


def test_stopping_leaves_what_arrived(tmp_path):
    Series(asymmetric((5, 3, 3))).write(tmp_path)
    opening = door.open_case(only_case(tmp_path))
    progress = Stoppable()
    seen = []
    with pytest.raises(Cancelled):
        opening.fill(progress, lambda k: (seen.append(k), progress.stop()))
    assert seen == [2]
    opening.fill(Silent(), seen.append)
    assert opening.content.arrived.all()


def test_a_file_that_was_changed_or_is_gone_is_said_and_the_others_arrive(tmp_path):
    paths = Series(asymmetric((5, 3, 3))).write(tmp_path)
    opening = door.open_case(only_case(tmp_path))
    paths[1].unlink()
    paths[2].write_bytes(b"something else" * 1000)
    with pytest.raises(GraticuleError, match="2 of 5 slices"):
        opening.fill(Silent(), lambda k: None)
    assert opening.content.arrived.tolist() == [True, False, False, True, True]


@needs_data
def test_windows_come_from_the_file_and_nonsense_does_not():
    body = opened(DATA / "imaging/ct/body_j2k_siemens")
    assert [(window.width, window.level) for window in body.windows] == [(300, 40), (1500, 300)]
    assert opened(DATA / "imaging/mr/brain_pd_oblique_ge").windows == ()


def test_reopening_needs_no_scan_and_no_names(tmp_path):
    Series(asymmetric((3, 3, 3))).write(tmp_path, SeriesDescription="CT ABDOMEN Sentinel^Patience",
                                        StudyDescription="ID-4711 PELVIS")
    case, = cases_of(tmp_path)
    assert "Sentinel" not in repr(case.title) + repr(case.facts) + repr(case.warnings)
    assert "4711" not in case.title + repr(case.facts)
    assert case.title == "CT abdomen/pelvis · 3 slices · 2.5 mm"
    stored = replace(case, facts=json.loads(json.dumps(case.facts), parse_float=pytest.fail))
    assert np.array_equal(filled(stored).voxels, asymmetric((3, 3, 3)))
