"""`compare STORE STORE`: two readers' answers, question by question."""

import argparse
import json
from pathlib import Path

import pytest

from graticule.commands import compare_command
from graticule.commands.output import Output
from graticule.domain.case import Case, Kind, Source
from graticule.domain.elements import Answer
from graticule.domain.errors import GraticuleError
from graticule.editing.events import Bus
from graticule.editing.workspace import Workspace
from graticule.resources import read_json
from graticule.store.store import create_store
from graticule.store.unlock import Unlock


def reader(place: Path, name: str, answers: list[dict[str, object]], form: str = "chest_xray") -> Path:
    with create_store(place / name, name, Unlock.key_file(), password="long enough") as store:
        store.protocols.put(read_json("protocols", "forms", f"{form}.json"))
        for number, given in enumerate(answers):
            case = Case(f"c1:{number:064x}", Kind.IMAGE, "DX", "Chest", "picture", (Source("f", "sha256:0"),))
            store.cases.add(case)
            opened = store.labels.open(case.id, None)
            workspace = Workspace(case.id, opened.labels, opened.journal, Bus())
            for question, value in given.items():
                workspace.set("Answer", Answer(id=question, value=value))
    return place / name


def compare(one: Path, two: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, object]]:
    parser = argparse.ArgumentParser()
    compare_command.configure(parser)
    assert compare_command.run(parser.parse_args([str(one), str(two)]), Output(as_json=True)) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return {row["question"]: row for row in rows}


def test_ranked_findings_get_weighted_kappa_and_sides_a_plain_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    size, side = "cxr.pneumothorax", "cxr.pneumothorax.side"
    one = reader(tmp_path, "one", [{size: "present", side: "R"}, {size: "absent"}, {size: "possible", side: "L"}])
    two = reader(tmp_path, "two", [{size: "present", side: "R"}, {size: "absent"}, {size: "present", side: "R"}])
    found = compare(one, two, capsys)
    assert found[size]["weighted"] is True and found[size]["n"] == 3 and found[size]["agreement"] == pytest.approx(2 / 3)
    assert 0 < found[size]["kappa"] < 1  # type: ignore[operator]
    assert found[side]["weighted"] is False and found[side]["n"] == 2 and found[side]["agreement"] == 0.5


def test_reads_under_different_protocols_are_not_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = reader(tmp_path, "one", [{}]), reader(tmp_path, "two", [{}], "skin_lesion")
    with pytest.raises(GraticuleError, match="different protocols"):
        compare(one, two, capsys)
