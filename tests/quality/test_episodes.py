import pytest
from hypothesis import given
from hypothesis import strategies as st

from graticule.domain.codes import Code
from graticule.domain.elements import Episode
from graticule.quality.episodes import compare_episodes, compare_spans, joined


def test_a_hand_made_case():
    found = compare_spans([(0, 100), (200, 300), (500, 600)], [(50, 250), (700, 800)])
    assert (found.se.hits, found.se.total) == (2, 3)
    assert (found.ppv.hits, found.ppv.total) == (1, 2)
    assert (found.duration_se.hits, found.duration_se.total) == (100, 300)
    assert (found.duration_ppv.hits, found.duration_ppv.total) == (100, 300)


def test_nothing_against_nothing_has_no_value():
    found = compare_spans([], [])
    assert found.se.value is None and found.duration_ppv.value is None


def test_touching_is_not_overlapping_and_pieces_are_one_episode():
    assert compare_spans([(0, 100)], [(100, 200)]).se.value == 0.0
    assert compare_spans([(0, 50), (50, 100)], [(0, 100)]).se.total == 1


def test_excluded_time_counts_for_neither_side():
    found = compare_spans([(0, 100)], [(0, 200)], exclude=[(100, 200)])
    assert found.duration_ppv.value == 1.0


def episode(name: str, track: str, slug: str, start: int, end: int) -> Episode:
    return Episode(id=name, track=track, start=start, end=end, code=Code("graticule", slug, "1"))


def test_every_code_of_either_side_gets_a_row_and_flutter_does_not_count_as_fibrillation():
    reference = [episode("a", "rhythm", "afib", 0, 100), episode("b", "rhythm", "aflutter", 100, 200)]
    test = [episode("c", "rhythm", "afib", 0, 200), episode("d", "conduction", "avb2_2to1", 0, 50)]
    rows = {(row.track, row.code): row for row in compare_episodes(reference, test)}
    assert set(rows) == {("rhythm", "afib"), ("rhythm", "aflutter"), ("conduction", "avb2_2to1")}
    assert rows["rhythm", "afib"].duration_ppv.value == 1.0
    assert rows["rhythm", "aflutter"].se.value == 0.0
    assert rows["conduction", "avb2_2to1"].ppv.value == 0.0


spans = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 60)).map(lambda p: (p[0], p[0] + p[1])), max_size=12)


@given(spans, spans, spans)
def test_durations_are_those_counted_tick_by_tick(reference, test, exclude):
    def ticks(of):
        return {t for start, end in of for t in range(start, end)} - {t for start, end in exclude for t in range(start, end)}
    found = compare_spans(reference, test, exclude=exclude)
    assert found.duration_se.hits == found.duration_ppv.hits == len(ticks(reference) & ticks(test))
    assert (found.duration_se.total, found.duration_ppv.total) == (len(ticks(reference)), len(ticks(test)))


@given(spans)
def test_agreement_with_oneself_is_whole(one):
    found = compare_spans(one, one)
    assert found.se.hits == found.se.total == len(joined(one))
    assert found.duration_se.value in (None, pytest.approx(1.0))
