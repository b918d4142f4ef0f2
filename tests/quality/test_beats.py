from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graticule.domain.elements import Beat
from graticule.formats.ecg.atr import BEATS, decode
from graticule.quality.beats import compare_beats, timed
from real_data import DATA, needs_data

RATE = Fraction(1000)


def test_a_hand_made_case():
    reference = [(1000, "N"), (2000, "V"), (3000, "A"), (4000, "N"), (5000, "F"), (6000, "N")]
    test = [(1010, "N"), (2140, "V"), (3000, "N"), (4200, "N"), (5000, "V"), (7000, "V")]
    found = compare_beats(reference, test, RATE)
    assert found.matrix == {
        ("N", "N"): 1, ("V", "V"): 1, ("S", "N"): 1, ("F", "V"): 1, ("N", "O"): 2, ("O", "N"): 1, ("O", "V"): 1}
    assert (found.se.hits, found.se.total) == (4, 6)
    assert (found.ppv.hits, found.ppv.total) == (4, 6)
    assert found.class_se("V").value == 1.0
    assert (found.class_ppv("V").hits, found.class_ppv("V").total) == (1, 2)
    assert found.class_se("S").value == 0.0
    assert found.class_ppv("S").value is None
    assert len(found.disagreements) == 6


@pytest.mark.parametrize(("apart", "matched"), [(0, True), (150, True), (151, False), (-150, True), (-151, False)])
def test_the_window_is_150_ms_on_either_side(apart, matched):
    assert (compare_beats([(5000, "N")], [(5000 + apart, "N")], RATE).se.value == 1.0) is matched


def test_the_window_follows_the_rate():
    assert compare_beats([(360, "N")], [(360 + 54, "N")], Fraction(360)).se.value == 1.0
    assert compare_beats([(360, "N")], [(360 + 55, "N")], Fraction(360)).se.value == 0.0


def test_the_nearer_of_two_is_the_partner():
    found = compare_beats([(1000, "N")], [(880, "V"), (990, "N")], RATE)
    assert found.pairs == ((None, (880, "V")), ((1000, "N"), (990, "N")))
    found = compare_beats([(880, "V"), (990, "N")], [(1000, "N")], RATE)
    assert found.pairs == (((880, "V"), None), ((990, "N"), (1000, "N")))


def test_learning_period_and_fibrillation_do_not_count_and_the_standard_is_named():
    reference, test = [(1000, "N"), (400_000, "N"), (500_000, "V")], [(1500, "N"), (400_000, "N")]
    found = compare_beats(reference, test, RATE, learning_s=300, exclude=[(450_000, 600_000)])
    assert found.pairs == (((400_000, "N"), (400_000, "N")),)
    assert found.standard
    assert not compare_beats(reference, test, RATE).standard
    assert not compare_beats(reference, test, RATE, learning_s=300, window_ms=100).standard


def test_escape_beats_from_above_are_supraventricular():
    found = compare_beats([(0, "e"), (500, "j"), (1000, "n")], [(0, "S"), (500, "S"), (1000, "S")], RATE)
    assert found.matrix == {("S", "S"): 3}


beats = st.lists(st.tuples(st.integers(0, 20_000), st.sampled_from("NVAF")), max_size=40, unique_by=lambda beat: beat[0])


@given(beats, beats)
def test_every_beat_is_in_one_pair_and_partners_are_near(one, other):
    found = compare_beats(one, other, RATE)
    assert sorted(a for a, _ in found.pairs if a) == sorted(one)
    assert sorted(b for _, b in found.pairs if b) == sorted(other)
    assert all(abs(a[0] - b[0]) <= 150 for a, b in found.pairs if a and b)


@given(beats)
def test_an_annotation_agrees_with_itself(one):
    found = compare_beats(one, one, RATE)
    assert found.disagreements == ()
    assert found.se.hits == found.ppv.hits == len(one)


@given(beats, beats)
def test_changing_sides_turns_the_matrix_over(one, other):
    there, back = compare_beats(one, other, RATE), compare_beats(other, one, RATE)
    assert there.matrix == {(b, a): n for (a, b), n in back.matrix.items()}


@needs_data
def test_a_record_compared_with_a_spoiled_copy_counts_exactly_the_spoiling():
    marks = [(m.sample, m.symbol) for m in decode((DATA / "ecg" / "mitdb" / "119.atr").read_bytes()).marks if m.symbol in BEATS]
    spoiled = [(tick + 20, symbol) for tick, symbol in marks[10:]] + [(marks[5][0], "V")]
    found = compare_beats(marks, sorted(spoiled), Fraction(360))
    assert (found.se.hits, found.se.total) == (1987 - 10 + 1, 1987)
    assert found.ppv.value == 1.0
    assert found.class_se("V").total == 444


def test_elements_become_beats_in_order():
    assert timed([Beat(id="b", tick=5, symbol="V"), Beat(id="a", tick=2, symbol="N")]) == [(2, "N"), (5, "V")]
