"""Rules of EC57 on cases small enough to be counted by hand."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graticule.domain.codes import Code
from graticule.domain.elements import Beat, Episode
from graticule.domain.labels import Labels
from graticule.quality.ec57_beats import beat_by_beat
from graticule.quality.ec57_episodes import AF, VF, episode_by_episode
from graticule.quality.ec57_labels import marks_of
from graticule.quality.ec57_marks import AAMI, Mark, Terms
from graticule.quality.ec57_matrix import BEAT_CLASSES, ROWS
from graticule.quality.ec57_runs import run_by_run

TERMS = Terms(Fraction(1000), 100_000, 0)


def marks(*pairs: tuple[int, str]) -> list[Mark]:
    return [Mark(tick, symbol) for tick, symbol in pairs]


def matrix(one: list[Mark], two: list[Mark], terms: Terms = TERMS) -> dict[tuple[str, str], int]:
    return dict(beat_by_beat(one, two, terms).matrix.counts)


@pytest.mark.parametrize(("rate", "ticks"), [(360, 54), (250, 38), (128, 19), (1000, 150), (257, 39)])
def test_150_ms_are_the_nearest_tick_and_halves_go_up(rate, ticks):
    assert Terms(Fraction(rate), 0).window == ticks
    assert Terms(Fraction(rate), 0).start == 300 * rate


def test_only_window_and_learning_period_of_the_standard_may_bear_its_name():
    assert Terms(Fraction(360), 0).standard
    assert not TERMS.standard
    assert not replace(TERMS, learning_s=300, window_ms=100).standard


def test_fibrillation_of_the_reference_takes_tested_beats_out_and_shutdown_makes_them_x():
    one = [*marks((1000, "N"), (2000, "["), (4000, "]"), (5000, "N")), Mark(6000, "~", 0x30), *marks((8000, "~"), (9000, "N"))]
    two = marks((1000, "N"), (3000, "V"), (5000, "N"), (7000, "V"), (9000, "V"))
    assert matrix(one, two) == {("N", "N"): 2, ("X", "V"): 1, ("N", "V"): 1}
    back = beat_by_beat(two, one, TERMS).matrix
    assert back["V", "O"] == 1    # in the tested side's fibrillation reference beats count
    assert back["V", "X"] == 1 and back.shutdown_s == 2


def test_escape_beats_from_above_are_supraventricular_and_flutter_waves_no_beats():
    assert [AAMI[symbol] for symbol in "ejn"] == ["S", "S", "S"]
    assert matrix(marks((1000, "!"), (2000, "e")), marks((1000, "V"), (2000, "j"))) == {("O", "V"): 1, ("S", "S"): 1}


def test_runs_are_couplets_short_and_long_ones():
    one = marks(*((1000 + 500 * n, s) for n, s in enumerate("NVVNNVVVNNVVVVVVVN")))
    two = marks(*((1000 + 500 * n, s) for n, s in enumerate("NVVNNVNVNNVVVVVVVN")))
    counts = run_by_run(one, two, TERMS).counts
    assert counts.sensitivity == {(2, 2): 1, (3, 1): 1, (6, 6): 1}
    assert (counts.se((2,)).value, counts.se((3, 4, 5)).value, counts.ppv((6,)).value) == (1.0, 0.0, 1.0)


def test_atrial_fibrillation_makes_a_long_supraventricular_run_of_normal_beats():
    one = [Mark(500, "+", aux="(AFIB"), *marks((1000, "N"), (1500, "N")), Mark(1700, "+", aux="(N"), *marks((2000, "N"))]
    assert run_by_run(one, one, TERMS, supraventricular=True).counts.sensitivity == {(6, 6): 1}


def test_any_overlap_finds_an_episode_and_flutter_is_left_out_on_demand():
    one = [Mark(1000, "+", aux="(AFIB"), Mark(5000, "+", aux="(AFL"), Mark(9000, "+", aux="(N")]
    two = [Mark(4000, "+", aux="(AFIB"), Mark(9000, "+", aux="(N")]
    found = episode_by_episode(one, two, TERMS, AF).counts
    assert (found.se.hits, found.ppv.hits, found.duration_se.hits, found.duration_ppv.total) == (1, 1, 1000, 5000)
    spared = episode_by_episode(one, two, replace(TERMS, flutter_excluded=True), AF).counts
    assert (spared.duration_ppv.hits, spared.duration_ppv.total) == (1000, 1000)


def test_labels_become_what_the_comparison_reads():
    labels = Labels()
    for track, slug, start, end in [("rhythm", "afib", 1000, 5000), ("rhythm", "vflutter", 6000, 7000),
                                    ("quality", "q_nosignal", 8000, 9000), ("quality", "q_clean", 9000, 9500)]:
        code = Code("graticule", slug, "1")
        labels.put("episode", slug, Episode(id=slug, track=track, start=start, end=end, code=code))
    labels.put("beat", "b", Beat(id="b", tick=8500, symbol="V", lead="II"))
    found = marks_of(labels)
    assert [(m.tick, m.symbol, m.aux) for m in found if m.symbol in "+[]"] == [
        (1000, "+", "(AFIB"), (5000, "+", "(N"), (6000, "+", "(VFL"), (6000, "[", ""), (6999, "]", ""), (7000, "+", "(N")]
    assert [(m.tick, m.shutdown) for m in found if m.symbol == "~"] == [(8000, True), (9000, False)]
    assert next(m for m in found if m.symbol == "V").lead == "II"
    assert episode_by_episode(found, found, TERMS, VF).counts.se.total == 1


beat = st.tuples(st.integers(1, 99_000), st.sampled_from("NVAFQe/"))
beats = st.lists(beat, max_size=60, unique_by=lambda one: one[0]).map(sorted)


@given(beats)
def test_whoever_agrees_with_themselves_stands_on_the_diagonal(one):
    found = beat_by_beat(marks(*one), marks(*one), TERMS).matrix
    assert found.found == len(one) == sum(found[name, name] for name in BEAT_CLASSES)


@given(beats, beats)
def test_every_beat_is_counted_once_and_every_count_can_be_opened(one, two):
    found = beat_by_beat(marks(*one), marks(*two), TERMS)
    assert sorted((p.reference.tick, p.reference.symbol) for p in found.pairs if p.reference) == one
    assert sorted((p.test.tick, p.test.symbol) for p in found.pairs if p.test) == two
    assert sum(len(found.cell(row, column)) for row in ROWS for column in ROWS) == len(found.pairs)
