"""Standard uptake values only where the file justifies them, against a calculation of its own; otherwise the reason."""

from math import exp, log

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from fakes.dicom_series import Series
from fakes.door_ways import filled, only_case

HALF_LIFE, DOSE, WEIGHT, BQML = 6586.2, 370e6, 70.0, 5000


def tracer(**changes):
    data = Dataset()
    data.RadionuclideTotalDose, data.RadionuclideHalfLife = DOSE, HALF_LIFE
    data.RadiopharmaceuticalStartTime = "100000"
    for keyword, value in changes.items():
        if value is None:
            delattr(data, keyword)
        else:
            setattr(data, keyword, value)
    return Sequence([data])


def pet(tmp_path, private=None, **changes):
    """(unit, value of a voxel that is stored as 5000, warnings)."""
    values = {
        "Modality": "PT", "SOPClassUID": "1.2.840.10008.5.1.4.1.1.128", "Units": "BQML", "DecayCorrection": "START",
        "CorrectedImage": ["DECY", "ATTN", "SCAT"], "PatientWeight": WEIGHT, "SeriesDate": "20200315", "SeriesTime": "110000",
        "AcquisitionDate": "20200315", "AcquisitionTime": "110000", "RadiopharmaceuticalInformationSequence": tracer(), **changes}
    series = Series(np.full((2, 4, 4), BQML, np.int16))
    for k in range(2):
        data = series.slice(k, **{name: value for name, value in values.items() if value is not None})
        data.file_meta.MediaStorageSOPClassUID = data.SOPClassUID
        for (group, creator, element), value in (private or {}).items():
            data.private_block(group, creator, create=True).add_new(element, "DS" if group == 0x7053 else "LO", value)
        data.save_as(tmp_path / f"{k}.dcm", enforce_file_format=True)
    case = only_case(tmp_path)
    volume = filled(case)
    return volume.unit, float(volume.voxels[0, 0, 0]), " ".join(case.warnings)


def suv(waited_s):
    return BQML * WEIGHT * 1000 / (DOSE * 0.5 ** (waited_s / HALF_LIFE))


def test_corrected_to_the_start_of_the_scan(tmp_path):
    unit, value, warnings = pet(tmp_path)
    assert (unit, value) == ("SUV", pytest.approx(suv(3600), rel=1e-6))
    assert "SUV" not in warnings


def test_corrected_to_the_injection(tmp_path):
    assert pet(tmp_path, DecayCorrection="ADMIN")[:2] == ("SUV", pytest.approx(suv(0), rel=1e-6))


def test_not_corrected_counts_from_injection_to_the_middle_of_its_counts(tmp_path):
    decay = log(2) / HALF_LIFE * 120
    average = log(decay / (1 - exp(-decay))) / (log(2) / HALF_LIFE)
    found = pet(tmp_path, DecayCorrection="NONE", CorrectedImage=["ATTN"], AcquisitionTime="110500", ActualFrameDuration=120_000)
    assert found[:2] == ("SUV", pytest.approx(suv(3900 + average), rel=1e-6))


def test_injected_before_midnight(tmp_path):
    found = pet(tmp_path, SeriesTime="003000", AcquisitionTime="003000",
                RadiopharmaceuticalInformationSequence=tracer(RadiopharmaceuticalStartTime="233000"))
    assert found[:2] == ("SUV", pytest.approx(suv(3600), rel=1e-6))


def test_the_date_of_injection_counts_where_it_is_given(tmp_path):
    found = pet(tmp_path, RadiopharmaceuticalInformationSequence=tracer(RadiopharmaceuticalStartDateTime="20200315103000.00"))
    assert found[:2] == ("SUV", pytest.approx(suv(1800), rel=1e-6))


@pytest.mark.parametrize("changes,why", [
    ({"PatientWeight": None}, "weight"), ({"PatientWeight": 0}, "weight"),
    ({"RadiopharmaceuticalInformationSequence": None}, "tracer"),
    ({"RadiopharmaceuticalInformationSequence": tracer(RadionuclideTotalDose=None)}, "dose"),
    ({"RadiopharmaceuticalInformationSequence": tracer(RadionuclideHalfLife=None)}, "half-life"),
    ({"RadiopharmaceuticalInformationSequence": tracer(RadiopharmaceuticalStartTime="")}, "time"),
    ({"CorrectedImage": ["DECY"]}, "attenuation"), ({"CorrectedImage": ["ATTN"]}, "contradicts"),
    ({"DecayCorrection": None}, "moment"),
    ({"SeriesTime": "120000"}, "time"),  # listed after the acquisition, with nothing that leads back
    ({"RadiopharmaceuticalInformationSequence": tracer(RadiopharmaceuticalStartDateTime="20200316100000")}, "fit"),
])
def test_what_lacks_anything_stays_in_becquerel_and_says_why(tmp_path, changes, why):
    unit, value, warnings = pet(tmp_path, **changes)
    assert (unit, value) == ("Bq/ml", BQML)
    assert "not SUV" in warnings and why in warnings


def test_a_later_series_time_is_led_back_by_the_reference_time_of_the_frame(tmp_path):
    decay = log(2) / HALF_LIFE * 180
    average = log(decay / (1 - exp(-decay))) / (log(2) / HALF_LIFE)
    found = pet(tmp_path, SeriesTime="120000", AcquisitionTime="111000", FrameReferenceTime=600_000, ActualFrameDuration=180_000)
    assert found[:2] == ("SUV", pytest.approx(suv(3600 + average), rel=1e-6))


def test_a_later_series_time_is_led_back_by_ge_s_own_element(tmp_path):
    found = pet(tmp_path, {(0x0009, "GEMS_PETD_01", 0x0D): "20200315110000.00"}, SeriesTime="120000", AcquisitionTime="111000")
    assert found[:2] == ("SUV", pytest.approx(suv(3600), rel=1e-6))


def test_philips_counts_have_a_factor_of_their_own(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "c").mkdir()
    group, creator = 0x7053, "Philips PET Private Group"
    assert pet(tmp_path / "a", {(group, creator, 0x00): "0.0005"}, Units="CNTS")[:2] == ("SUV", pytest.approx(2.5))
    found = pet(tmp_path / "b", {(group, creator, 0x00): "0", (group, creator, 0x09): "2"}, Units="CNTS")
    assert found[:2] == ("SUV", pytest.approx(2 * suv(3600), rel=1e-6))
    unit, value, warnings = pet(tmp_path / "c", Units="CNTS")
    assert (unit, value) == ("counts", BQML) and "no SUV" in warnings


@pytest.mark.parametrize("units,kind,unit", [("GML", None, "SUV"), ("GML", "BW", "SUV"), ("GML", "LBM", "SUVlbm"),
                                             ("CM2ML", "BSA", "SUVbsa"), ("GML", "IBW", "g/ml"), ("PROPCPS", None, "propcps")])
def test_values_the_scanner_turned_into_suv_keep_their_kind(tmp_path, units, kind, unit):
    found = pet(tmp_path, Units=units, SUVType=kind)
    assert found[:2] == (unit, BQML)
    assert (unit == "SUV") == ("SUV" not in found[2])
