"""The contract of the command line: fields, exit codes, one sentence on stderr."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from graticule.__main__ import main
from graticule.resources import resource
from real_data import DATA, needs_data


class Twin:
    """`graticule … --json` in this process: exit code, rows and what stood on stderr."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.said = ""

    def __call__(self, *words: object, expect: int = 0) -> list[dict[str, Any]]:
        self._capsys.readouterr()
        status = main([*map(str, words), "--json"])
        told = self._capsys.readouterr()
        self.said = told.err
        assert status == expect, told.err
        return [json.loads(line) for line in told.out.splitlines()]


@pytest.fixture
def twin(capsys: pytest.CaptureFixture[str]) -> Twin:
    return Twin(capsys)


@pytest.fixture
def store(tmp_path: Path, twin: Twin) -> Path:
    secret = tmp_path / "passphrase"
    secret.write_text("a long passphrase\n", encoding="utf-8")
    (row,) = twin("init", tmp_path / "store", "--reader", "Reader", "--passphrase-file", secret)
    assert set(row) == {"store", "device"}
    return tmp_path / "store"


def test_every_file_is_answered_and_a_second_import_knows_it(twin: Twin, store: Path) -> None:
    at = ("--store", store, "--passphrase-file", store.parent / "passphrase")
    rows = twin("import", resource("samples", "liver_ct"), *at)
    files = {path.name for path in resource("samples", "liver_ct").iterdir()}
    assert {Path(row["path"]).name for row in rows} == files
    assert [row["outcome"] for row in rows].count("case") == 19 and len({row["case"] for row in rows if row["case"]}) == 1
    again = twin("import", resource("samples", "liver_ct"), *at)
    assert [row["outcome"] for row in again].count("known") == 19
    (case,) = twin("cases", *at)
    assert (case["kind"], case["modality"], case["state"]) == ("volume", "CT", "new")
    (shown,) = twin("show", case["case"][:8], *at)
    assert shown["shape"] == [19, 512, 512] and shown["spacing_mm"] == [5.0, 0.796875, 0.796875] and shown["unit"] == "HU"
    twin("pixels", case["case"], "--out", store.parent / "liver.npy", *at)
    assert np.load(store.parent / "liver.npy").shape == (19, 512, 512)
    assert twin("verify", store, "--passphrase-file", store.parent / "passphrase")[-1]["problems"] == 0


def test_what_a_person_can_mend_is_one_sentence_and_exit_code_2(twin: Twin, store: Path) -> None:
    at = ("--store", store, "--passphrase-file", store.parent / "passphrase")
    for words in (("show", "nothing", *at), ("sync", *at), ("cases", "--store", store.parent / "elsewhere")):
        assert twin(*words, expect=2) == []
        assert twin.said.strip() and "Traceback" not in twin.said
    wrong = store.parent / "wrong"
    wrong.write_text("not this\n", encoding="utf-8")
    twin("cases", "--store", store, "--passphrase-file", wrong, expect=2)
    assert "not right" in twin.said


@needs_data
def test_outside_labels_stand_beside_their_case_and_agree_with_their_twins(twin: Twin, store: Path) -> None:
    at = ("--store", store, "--passphrase-file", store.parent / "passphrase")
    folder = DATA / "imaging" / "seg" / "ct3slice_dcmqi"
    twin("import", folder, DATA / "ecg" / "mitdb" / "231_first15min.hea", DATA / "ecg" / "mitdb" / "231_first15min.dat",
         DATA / "ecg" / "mitdb" / "231_first15min.atr", *at)
    ecg, volume = sorted(twin("cases", *at), key=lambda row: row["kind"])
    (labels,) = twin("labels", ecg["case"], "--source", "imported", *at)
    assert labels["beats"] == {"R": 613, "N": 160, "V": 2, "A": 1}
    blocks = [row for row in labels["episodes"] if row["code"] == "avb2"]
    assert sum(row["end_s"] - row["start_s"] for row in blocks) == pytest.approx(380.0, abs=0.05)
    segments = [segment for row in twin("labels", volume["case"], *at) for segment in row["segments"]]
    livers = [segment for segment in segments if segment["voxels"] == 107_098]
    assert len(livers) == 2, "the same liver as DICOM SEG and as NRRD"
    (same,) = twin("compare", folder / "liver.dcm", folder / "liver_seg.nrrd")
    assert (same["dice"], same["hd95_mm"], same["surface_dice"]) == (1.0, 0.0, 1.0)
    beats, *_ = twin("compare", DATA / "ecg" / "mitdb" / "231_first15min.atr", f"{ecg['case']}@imported", "--kind", "beats", *at)
    assert (beats["se"], beats["ppv"]) == (1.0, 1.0)
    made = twin("export", f"{ecg['case']}@imported", "--format", "wfdb", "--out", store.parent / "out", *at)
    assert {Path(row["path"]).suffix for row in made} >= {".hea", ".dat", ".atr"}
    assert all(check["result"].startswith("equal") for row in made for check in row["checks"])
