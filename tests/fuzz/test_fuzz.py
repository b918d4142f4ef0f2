"""A short campaign with every run of the tests (`make fuzz` is the long one), and what the campaign itself must do."""

import os
from pathlib import Path
from random import Random

import pytest

from fuzz import child
from fuzz.campaign import Result, damaged, judge, run
from fuzz.mutations import mutated
from fuzz.samples import by_kind, groups

COUNT = int(os.environ.get("GRATICULE_COUNT") or 150)
SEED = int(os.environ.get("GRATICULE_SEED") or 20)


def test_damaged_files_are_read_or_refused_in_a_sentence(tmp_path):
    result = None
    for result in run(SEED, COUNT, tmp_path):
        assert not result.findings, f"seed {SEED}: {result.findings[0].report}"
    assert result.counts["shown"] and result.counts["refused"]


def test_the_same_seed_damages_the_same_bytes():
    kinds = by_kind(groups())
    assert all(damaged(kinds, 5, number) == damaged(kinds, 5, number) for number in range(20))
    assert any(damaged(kinds, 5, number) != damaged(kinds, 6, number) for number in range(5))


def test_every_mutation_gives_bytes():
    chance = Random(3)
    for kind in by_kind(groups()):
        for name, data in list(kind[0].items()):
            for _ in range(30):
                assert mutated(name, data, chance)
    assert mutated("x", b"\0", chance)


def test_a_bug_is_found_and_kept_with_its_files(tmp_path, monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError("a bug of ours")

    monkeypatch.setattr(child, "scan", broken)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "x.dcm").write_bytes(b"x")
    result = Result()
    judge(child.tried(tmp_path / "in"), 7, tmp_path / "in", tmp_path / "kept", result)
    assert "a bug of ours" in result.findings[0].report
    assert (tmp_path / "kept" / "files" / "x.dcm").is_file() and (tmp_path / "kept" / "report.txt").is_file()


@pytest.mark.parametrize("answer,kind", [({"crash": "x"}, "crash"), ({"hang": "x"}, "hang"), ({"seconds": 99.0}, "slow"),
                                         ({"grown_mb": 9999}, "memory")])
def test_deaths_delays_and_greed_are_findings(tmp_path, answer, kind):
    result = Result()
    judge(answer, 1, Path(__file__).parent, tmp_path / "kept", result)
    assert [finding.kind for finding in result.findings] == [kind]
