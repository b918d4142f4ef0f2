"""Our EC57 figures against those that the WFDB programs bxb, rxr, epicmp and sumstats printed for the same files.

The programs are no part of this project; `ec57_figures.json` holds what they said, with version, command and hash of the input.
"""

import hashlib
import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from ec57_cases import files_of
from graticule.formats.ecg.atr import decode
from graticule.quality.ec57_beats import ByBeat, beat_by_beat
from graticule.quality.ec57_episodes import EpisodeCounts, episode_by_episode
from graticule.quality.ec57_many import beats_overall, episodes_overall, rms_rr_average, runs_overall
from graticule.quality.ec57_marks import Mark, Terms
from graticule.quality.ec57_report import condensed, line, standard
from graticule.quality.ec57_runs import SORTS, RunCounts, run_by_run
from real_data import DATA

STORED = json.loads((Path(__file__).parent / "ec57_figures.json").read_text())
FIGURES = {"QRS sensitivity": "qrs_se", "QRS positive predictivity": "qrs_ppv", "VEB sensitivity": "veb_se",
           "VEB positive predictivity": "veb_ppv", "SVEB sensitivity": "sveb_se", "SVEB positive predictivity": "sveb_ppv"}
RUNS = {"Couplet": "couplet", "Short run": "short_run", "Long run": "long_run"}

Sides = tuple[list[Mark], list[Mark], Terms]


@pytest.fixture(params=range(len(STORED["cases"])), ids=lambda n: f"{STORED['cases'][n]['record'] or 'made'}-{n}")
def case(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = STORED["cases"][request.param]
    if found["record"] and not DATA.is_dir():
        pytest.skip("the collection of real data is not here (GRATICULE_TEST_DATA)")
    return found


def sides(case: dict[str, Any]) -> Sides:
    files = files_of(case)
    assert [hashlib.sha256(data).hexdigest() for data in (files.reference, files.test)] == case["sha256"]
    return _marks(files.reference), _marks(files.test), terms_of(case)


def _marks(data: bytes) -> list[Mark]:
    return [Mark(mark.sample, mark.symbol, mark.subtype, mark.aux) for mark in decode(data).marks]


def terms_of(case: dict[str, Any]) -> Terms:
    said = dict(zip(case["options"][::2], case["options"][1::2], strict=True))
    terms = Terms(Fraction(case["rate"]), case["ticks"], int(said.get("-f", 300)), round(1000 * float(said.get("-w", 0.15))))
    return replace(terms, end=terms.ticks(int(said["-t"]))) if "-t" in said else terms


def test_every_cell_of_the_beat_matrix(case):
    found = beat_by_beat(*sides(case)).matrix
    assert {row + column.lower(): n for (row, column), n in found.counts.items()} == case["bxb"]["matrix"]
    assert f"{found.rms_rr_ms:.2f}" == case["bxb"]["rms_rr_ms"]
    assert found.shutdown_s == case["bxb"]["shutdown_s"]
    said = case["bxb"]["figures"]
    assert {name: [(rate := getattr(found, ours)).hits, rate.total] for name, ours in FIGURES.items()} == {
        name: said[name] for name in FIGURES}
    assert [found.lost_beats.hits, found.lost_beats.total] == said["Beats missed in shutdown"]
    for kind in "NSVF":
        assert [found.lost(kind).hits, found.lost(kind).total] == said[f"{kind} missed in shutdown"]


def test_the_reports_say_what_the_program_says(case):
    matrix = beat_by_beat(*sides(case)).matrix
    assert _words(standard(matrix, "r", "ref", "tst")) == _words(case["bxb"]["standard"])
    assert _words(standard(matrix, "r", "ref", "tst", sveb=False)) == _words(case["bxb"]["standard_without_s"])
    assert _words(condensed(matrix, "r", "ref", "tst")) == _words(case["bxb"]["condensed"])
    assert line(matrix, "r").split() == case["bxb"]["line"].split()


def _words(text: str) -> list[str]:
    """Without ruled lines."""
    return [word for word in text.split() if set(word) != {"_"}]


@pytest.mark.parametrize("kind", ["ve", "sve"])
def test_every_cell_of_the_run_matrices(case, kind):
    found = run_by_run(*sides(case), supraventricular=kind == "sve").counts
    for ours, name in ((found.sensitivity, "se"), (found.predictivity, "ppv")):
        # The program leaves out how often neither side has a run.
        assert {f"{a}/{b}": n for (a, b), n in ours.items() if (a, b) != (0, 0)} == case["rxr"][f"{kind}_{name}"]
    for said, sort in RUNS.items():
        se, ppv = found.se(SORTS[sort]), found.ppv(SORTS[sort])
        assert [se.hits, se.total] == case["rxr"][kind][f"{said} sensitivity"]
        assert [ppv.hits, ppv.total] == case["rxr"][kind][f"{said} positive predictivity"]


@pytest.mark.parametrize("sort", ["af", "af_x", "vf", "st", "st0", "st1"])
def test_episodes_by_number_and_by_duration(case, sort):
    one, two, terms = sides(case)
    terms = replace(terms, window_ms=150, flutter_excluded=sort == "af_x")
    found = episode_by_episode(one, two, terms, sort.removesuffix("_x")).counts
    said = case["epicmp"][sort]
    assert [[str(rate.hits), str(rate.total)] for rate in (found.se, found.ppv)] == said[:2]
    for rate, (hits, total) in zip((found.duration_se, found.duration_ppv), said[2:], strict=True):
        assert float(rate.hits / terms.rate) == pytest.approx(_seconds(hits), abs=0.001)
        assert float(rate.total / terms.rate) == pytest.approx(_seconds(total), abs=0.001)


def _seconds(clock: str) -> float:
    out = 0.0
    for part in clock.split(":"):
        out = 60 * out + float(part)
    return out


@pytest.fixture
def many() -> list[Sides]:
    if not DATA.is_dir():
        pytest.skip("the collection of real data is not here (GRATICULE_TEST_DATA)")
    return [sides(STORED["cases"][n]) for n in STORED["many"]["cases"]]


def test_many_records_by_beats(many):
    matrices = [beat_by_beat(*side).matrix for side in many]
    found, said = beats_overall(matrices), STORED["many"]["b"]
    # sumstats reads tables in which F and Q are one column, so it forgives F called S, which bxb itself does not.
    assert [f"{100 * one.gross.value:.2f}" for one in found.values()][:-1] == said["Gross"][:-1]
    assert [f"{100 * one.average:.2f}" for one in found.values()][:-1] == said["Average"][:-2]
    assert rms_rr_average(matrices) == pytest.approx(float(said["Average"][-1]), abs=0.006)


@pytest.mark.parametrize(("kind", "supraventricular"), [("v", False), ("sv", True)])
def test_many_records_by_runs(many, kind, supraventricular):
    counts: list[RunCounts] = [run_by_run(*side, supraventricular=supraventricular).counts for side in many]
    found, said = runs_overall(counts), STORED["many"][kind]
    assert [f"{100 * one.gross.value:.0f}" for one in found.values()] == said["Gross"]
    assert [f"{100 * one.average:.0f}" for one in found.values()] == said["Average"]


def test_many_records_by_episodes(many):
    counts: list[EpisodeCounts] = [episode_by_episode(*side, "af").counts for side in many]
    found, said = episodes_overall(counts), STORED["many"]["a"]
    numbers = [n for one in (found["se"], found["ppv"]) for n in (one.gross.hits, one.gross.total - one.gross.hits)]
    assert [str(n) for n in numbers] == said["Sum"][:4]
    assert [f"{100 * found[name].gross.value:.0f}" for name in ("se", "ppv")] == said["Gross"][:2]
    for place, name in enumerate(("se", "ppv", "duration_se", "duration_ppv")):
        # The program averages durations from percentages that are rounded already.
        assert 100 * found[name].average == pytest.approx(float(said["Average"][place]), abs=1.01)


def test_any_cell_leads_to_its_beats(case):
    found: ByBeat = beat_by_beat(*sides(case))
    for (row, column), n in found.matrix.counts.items():
        pairs = found.cell(row, column)
        assert len(pairs) == n
        assert all(_no_beat(pair.reference) == (row in "OX") and _no_beat(pair.test) == (column in "OX") for pair in pairs)


def _no_beat(mark: Mark | None) -> bool:
    """A flutter wave outside of its brackets is none either."""
    return mark is None or mark.symbol == "!"
