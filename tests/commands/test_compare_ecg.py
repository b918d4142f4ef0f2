"""`graticule compare` of two annotations of one record, and the numbers that `graticule labels` gives."""

import json
import shutil
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import pytest

from fakes.ecg_case import plain
from graticule.commands import compare_command
from graticule.commands.ecg_number_fields import number_fields
from graticule.commands.output import Output
from graticule.domain.elements import Beat
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Labels
from graticule.formats.ecg.atr import BEATS, Annotations, Mark, decode, encode
from real_data import DATA, needs_data


@pytest.fixture
def record(tmp_path: Path) -> Path:
    """231 with a second annotator, who lost every tenth beat and calls the others V in the last five minutes."""
    for suffix in ("hea", "dat", "atr"):
        shutil.copy(DATA / "ecg" / "mitdb" / f"231_first15min.{suffix}", tmp_path)
    beats = [mark for mark in decode((tmp_path / "231_first15min.atr").read_bytes()).marks if mark.symbol in BEATS]
    test = [Mark(m.sample + 5, "V" if m.sample > 216_000 else m.symbol) for n, m in enumerate(beats) if n % 10]
    (tmp_path / "231_first15min.qrs").write_bytes(encode(Annotations(tuple(test))))
    return tmp_path / "231_first15min.atr"


def compare(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    parser = ArgumentParser()
    compare_command.configure(parser)
    compare_command.run(parser.parse_args(list(words)), Output(as_json=True))
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@needs_data
def test_two_annotators_of_one_record(record, capsys):
    rows = compare(capsys, str(record), str(record.with_suffix(".qrs")))
    beats = next(row for row in rows if row["kind"] == "beats")
    assert not beats["standard"] and beats["learning_s"] == 0
    found, there = beats["counts"]["se"]
    assert sum(n for cell, n in beats["matrix"].items() if cell.endswith(">O")) == there - found == there // 10 + (there % 10 > 0)
    assert beats["ppv"] == 1.0
    assert beats["ec57"]["standard"] and beats["ec57"]["learning_s"] == 300
    assert beats["ec57"]["counts"]["se"][1] < beats["counts"]["se"][1]
    assert {row["sort"] for row in rows if row["kind"] == "runs"} == {"ventricular", "supraventricular"}


@needs_data
def test_terms_can_be_asked_for(record, capsys):
    (beats,) = compare(capsys, str(record), str(record.with_suffix(".qrs")), "--kind", "beats", "--learning", "300",
                       "--window", "10", "--until", "600")
    assert (beats["learning_s"], beats["window_ms"], beats["standard"]) == (300, 10, False)
    assert beats["rms_rr_ms"] == 0.0 or beats["se"] == 0.0


@needs_data
def test_a_file_without_its_record_is_refused(record, capsys):
    record.with_suffix(".hea").unlink()
    with pytest.raises(GraticuleError, match="does not lie beside it"):
        compare(capsys, str(record), str(record))


def test_numbers_are_fields_of_labels():
    labels, recording = Labels(), plain(seconds=60)
    assert number_fields(labels, recording) == {}
    for n in range(40):
        labels.put("beat", f"b{n}", Beat(id=f"b{n}", tick=250 + 250 * n, symbol="V" if n in (10, 11) else "N"))
    found = number_fields(labels, recording)
    assert (found["rate_mean"], found["burden"]["pvc"], found["ventricular"]["couplets"]) == (60.0, 0.05, 1)
    assert found["hrv"]["nn"] == 36
