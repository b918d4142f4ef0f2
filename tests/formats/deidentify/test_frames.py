"""Every DICOM file of the collection: frames keep their bytes, other programs read the copy as well as they read the original."""

import shutil
import subprocess
import sysconfig
import warnings

import pydicom
import pytest

from formats.deidentify.making import KEY, copies
from graticule.formats.dicom.patience import unpacked
from real_data import DATA, needs_data

VALIDATOR = shutil.which("dciodvfy") or shutil.which("dciodvfy", path=sysconfig.get_path("scripts"))
SAMPLES = ["ct/liver_mets_crlm1004/1-07.dcm", "ct/gantry_tilt_phantom_philips", "mr/enhanced", "seg/highdicom_ct",
           "pathology/dicom_sm", "xray/RG1_J2KR_chest_pa.dcm", "seg/sarcoma_sts002", "mr/fmri_2vol_ge"]


def dicom_files():
    """All of them once for what costs little."""
    return [path for path in sorted(DATA.rglob("*")) if path.is_file() and (
        path.suffix == ".dcm" or path.open("rb").read(132)[128:] == b"DICM")]


def values(path):
    """Bytes of pixels and of waveforms."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data = pydicom.dcmread(path, force=True)
        waves = [group.WaveformData for group in data.get("WaveformSequence", ())]
        return [data[name].value for name in ("PixelData", "FloatPixelData", "DoubleFloatPixelData") if name in data] + waves


@needs_data
def test_all_frames_keep_their_bytes_and_their_compression(tmp_path):
    files = dicom_files()
    found, work, left = copies(files, tmp_path / "out")
    assert len(found) > 250 and not left and work.findings.files == len(found)
    for original, copy in found.items():
        before, after = (pydicom.dcmread(path, force=True, stop_before_pixels=True) for path in (original, copy))
        assert values(original) == values(copy), original.name
        stated = before.file_meta.get("TransferSyntaxUID") if hasattr(before, "file_meta") else None
        assert stated in (None, after.file_meta.TransferSyntaxUID), original.name
        if before.get("SOPInstanceUID"):
            assert after.SOPInstanceUID == KEY.uid(str(before.SOPInstanceUID)) == after.file_meta.MediaStorageSOPInstanceUID
        for name in ("Rows", "Columns", "ImagePositionPatient", "PixelSpacing", "RescaleSlope", "WindowCenter", "SUVType"):
            assert before.get(name) == after.get(name), (original.name, name)


@needs_data
def test_a_deflated_file_holds_what_it_held(tmp_path):
    path = next(path for path in dicom_files() if pydicom.dcmread(path, stop_before_pixels=True, force=True).file_meta.get(
        "TransferSyntaxUID") == "1.2.840.10008.1.2.1.99")
    found, _, _ = copies([path], tmp_path)
    assert len(unpacked(found[path])) > found[path].stat().st_size and values(path) == values(found[path])


@needs_data
@pytest.mark.skipif(VALIDATOR is None, reason="dciodvfy is not here")
@pytest.mark.parametrize("where", SAMPLES)
def test_dciodvfy_finds_no_error_that_was_not_there(tmp_path, where):
    place = DATA / "imaging" / where
    files = [place] if place.is_file() else sorted(place.rglob("*.dcm"))[:6]
    found, _, _ = copies(files, tmp_path)
    for original, copy in found.items():
        assert errors(copy) <= errors(original), original.name


def errors(path):
    """Its errors by attribute and kind; values are left out, since those have changed."""
    told = subprocess.run([VALIDATOR, str(path)], capture_output=True, text=True, errors="replace", check=False).stderr
    lines = {line.split("Value")[0].split("=")[0].strip() for line in told.splitlines() if line.startswith("Error")}
    return {line for line in lines if "</DeidentificationMethod" not in line}
