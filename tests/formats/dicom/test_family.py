"""Nothing vanishes and nothing falls over: truncated, hostile, empty, foreign files."""

import random

import numpy as np
import pydicom
import pytest
from pydicom.uid import ImplicitVRLittleEndian

from fakes.dicom_series import Series, asymmetric
from fakes.door_ways import cases_of, filled, scanned
from graticule.domain.errors import GraticuleError
from graticule.formats.dicom.header import read_header
from real_data import DATA, needs_data

SEG = DATA / "imaging/seg"


def whole(tmp_path):
    path, = Series(asymmetric((1, 16, 16))).write(tmp_path)
    return path


def test_a_file_without_preamble_is_read(tmp_path):
    path = whole(tmp_path)
    bare = tmp_path / "bare"
    bare.write_bytes(path.read_bytes()[132:])
    path.unlink()
    case, = cases_of(tmp_path)
    assert np.array_equal(filled(case).voxels, asymmetric((1, 16, 16)))


def test_a_bare_dataset_in_implicit_vr_is_read(tmp_path):
    data = Series(asymmetric((1, 16, 16))).slice(0)
    del data.file_meta
    pydicom.dcmwrite(tmp_path / "IM0001", data, implicit_vr=True, little_endian=True, enforce_file_format=False)
    case, = cases_of(tmp_path)
    assert case.facts["transfer_syntax"] == str(ImplicitVRLittleEndian)
    assert np.array_equal(filled(case).voxels, asymmetric((1, 16, 16)))


def test_a_cut_file_is_refused_wherever_it_was_cut(tmp_path):
    data = whole(tmp_path / "whole").read_bytes()
    cut = tmp_path / "cut"
    cut.mkdir()
    lengths = sorted({*range(1, len(data) - 1, 37), len(data) - 1, len(data) - 2, 132, 131})
    for length in lengths:
        (cut / f"{length}.dcm").write_bytes(data[:length])
    outcomes = scanned(cut)
    assert len(outcomes) == len(lengths)
    assert {outcome.outcome for outcome in outcomes} == {"refused"}
    assert all(outcome.reason.endswith(".") for outcome in outcomes)


@needs_data
def test_a_cut_compressed_file_is_refused(tmp_path):
    data = sorted((DATA / "imaging/ct/body_j2k_siemens").iterdir())[0].read_bytes()
    for length in (len(data) // 2, len(data) - 20, len(data) - 9):
        (tmp_path / f"{length}.dcm").write_bytes(data[:length])
    assert {outcome.outcome for outcome in scanned(tmp_path)} == {"refused"}


def test_random_damage_never_raises_anything_but_a_sentence(tmp_path):
    data = whole(tmp_path / "whole").read_bytes()
    dice = random.Random(4)
    for turn in range(150):
        hurt = bytearray(data)
        for _ in range(dice.randint(1, 12)):
            hurt[dice.randrange(132, 1400 if turn % 3 else len(hurt))] = dice.randrange(256)
        path = tmp_path / f"hurt{turn}.dcm"
        path.write_bytes(hurt)
        for outcome in scanned(path):
            assert outcome.reason or outcome.case
            if outcome.case:
                try:
                    filled(outcome.case)
                except GraticuleError as error:
                    assert error.message
        path.unlink()


@pytest.mark.parametrize("changes", [
    {"Rows": 0}, {"Rows": 65535, "Columns": 65535}, {"BitsAllocated": 1}, {"BitsStored": 17}, {"SamplesPerPixel": 7},
    {"NumberOfFrames": 4_000_000}, {"ImageOrientationPatient": [0, 0, 0, 0, 0, 0.0]},
    {"ImageOrientationPatient": [1, 0, 0, 1, 0, 0]},
    {"PixelSpacing": ["1e-300", "1e-300"]}])
def test_impossible_headers_are_refused_or_doubted(tmp_path, changes):
    Series(asymmetric((2, 4, 4))).write(tmp_path, **changes)
    outcomes = scanned(tmp_path)
    assert len(outcomes) == 2
    assert all(outcome.outcome == "refused" or outcome.case.warnings for outcome in outcomes)


def test_empty_and_foreign_files_are_answered(tmp_path):
    (tmp_path / "empty.dcm").write_bytes(b"")
    (tmp_path / "text.dcm").write_text("no DICOM at all\n" * 20)
    (tmp_path / "notes.txt").write_text("hello")
    answers = {outcome.path.name: (outcome.outcome, outcome.reason) for outcome in scanned(tmp_path, tmp_path / "nowhere")}
    assert answers["empty.dcm"] == ("refused", "The file is empty.")
    assert answers["text.dcm"][0] == "refused"
    assert answers["notes.txt"][0] == "skipped"
    assert answers["nowhere"][0] == "refused"


def test_the_same_image_twice_is_one_slice_and_one_answer_more(tmp_path):
    path = whole(tmp_path)
    (tmp_path / "copy.dcm").write_bytes(path.read_bytes())
    assert sorted(outcome.outcome for outcome in scanned(tmp_path)) == ["case", "skipped"]


def test_the_case_does_not_depend_on_names_or_order_of_files(tmp_path):
    series = Series(asymmetric((3, 4, 4)))
    slices = [series.slice(k) for k in range(3)]
    for folder, order in (("a", (0, 1, 2)), ("b", (2, 0, 1))):
        (tmp_path / folder).mkdir()
        for name, k in enumerate(order):
            slices[k].save_as(tmp_path / folder / f"{name}.dcm", enforce_file_format=True)
    (one,), (two,) = cases_of(tmp_path / "a"), cases_of(tmp_path / "b")
    assert one.id == two.id
    assert [source.object_id for source in one.sources] == [source.object_id for source in two.sources]


@needs_data
@pytest.mark.parametrize("name,word", [
    ("pathology/dicom_sm/sm_image.dcm", "whole-slide"), ("pathology/dicom_sm/sm_annotations.dcm", "Bulk Simple Annotations"),
    ("pathology/CMU-1-Small-Region.svs", "whole-slide"), ("seg/highdicom_ct/seg_image_ct_true_fractional.dcm", "fractional")])
def test_what_is_not_read_is_refused_by_name(name, word):
    outcome, = scanned(DATA / "imaging" / name)
    assert outcome.outcome == "refused" and word in outcome.reason


@needs_data
def test_the_header_pass_says_where_pixels_begin():
    path = DATA / "imaging/ct/liver_mets_crlm1004/1-07.dcm"
    header = read_header(path)
    data = path.read_bytes()[header.offset:header.offset + header.length]
    assert data == pydicom.dcmread(path).PixelData


@needs_data
def test_every_file_of_the_collection_is_answered():
    folder = DATA / "imaging"
    answered = {outcome.path for outcome in scanned(folder / "seg", folder / "mr", folder / "skin", folder / "xray")}
    files = {path for name in ("seg", "mr", "skin", "xray") for path in (folder / name).rglob("*") if path.is_file()}
    assert answered == files
