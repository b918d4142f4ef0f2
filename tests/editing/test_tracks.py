"""A track holds one value at a time, whatever is laid over whatever."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.ecg_case import plain
from graticule.domain.codes import Code
from graticule.domain.edits import Edit, ElementChange, apply
from graticule.domain.elements import Episode
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Labels
from graticule.editing.tracks import at, gap_at, lane_of, lay, left_out, merge, next_on_lane, span_text, split, until_next_change

CODE, OTHER = Code("graticule", "avb1", "1"), Code("graticule", "avb3", "1")


def episode(name: str, start: int, end: int, track: str = "conduction", code: Code = CODE) -> Episode:
    return Episode(id=name, track=track, start=start, end=end, code=code)


def laid(*episodes: Episode) -> list[tuple[int, int]]:
    """Spans on the conduction track after laying each in turn."""
    labels, ids = Labels(), count(1)
    for one in episodes:
        apply(labels, Edit("Tag", lay(labels.of(Episode), one, lambda: f"new{next(ids)}")))
    return sorted((e.start, e.end) for e in labels.of(Episode) if e.track == "conduction")


def test_a_new_episode_trims_the_one_it_reaches_into() -> None:
    assert laid(episode("a", 0, 100), episode("b", 60, 150)) == [(0, 60), (60, 150)]
    assert laid(episode("a", 50, 100), episode("b", 0, 60)) == [(0, 60), (60, 100)]


def test_an_episode_laid_inside_another_splits_it() -> None:
    assert laid(episode("a", 0, 100), episode("b", 40, 60)) == [(0, 40), (40, 60), (60, 100)]


def test_an_episode_that_covers_another_replaces_it() -> None:
    assert laid(episode("a", 40, 60), episode("b", 0, 100)) == [(0, 100)]
    assert laid(episode("a", 40, 60), episode("b", 40, 60)) == [(40, 60)]


def test_other_tracks_are_left_alone() -> None:
    labels = Labels()
    apply(labels, Edit("Tag", lay([], episode("a", 0, 100, track="rhythm"), lambda: "x")))
    changes = lay(labels.of(Episode), episode("b", 0, 100), lambda: "x")
    assert len(changes) == 1


def test_an_episode_laid_again_makes_room_for_its_new_place() -> None:
    labels = Labels()
    for one in (episode("a", 0, 50), episode("b", 50, 100)):
        apply(labels, Edit("Tag", lay(labels.of(Episode), one, lambda: "x")))
    apply(labels, Edit("Move", lay(labels.of(Episode), episode("a", 30, 80), lambda: "x")))
    assert sorted((e.id, e.start, e.end) for e in labels.of(Episode)) == [("a", 30, 80), ("b", 80, 100)]


def test_the_parts_of_a_split_keep_code_and_earlier_id() -> None:
    labels = Labels()
    apply(labels, Edit("Tag", lay([], episode("a", 0, 100, code=OTHER), lambda: "x")))
    apply(labels, Edit("Tag", lay(labels.of(Episode), episode("b", 40, 60), lambda: "rest")))
    parts = {e.id: (e.start, e.end, e.code) for e in labels.of(Episode) if e.code == OTHER}
    assert parts == {"a": (0, 40, OTHER), "rest": (60, 100, OTHER)}


spans = st.tuples(st.integers(0, 500), st.integers(1, 120), st.integers(0, 6), st.sampled_from(["conduction", "rhythm"]))


@given(st.lists(spans, max_size=30))
def test_whatever_is_laid_a_track_never_overlaps_and_undo_brings_everything_back(acts: list[tuple[int, int, int, str]]) -> None:
    labels, ids, edits, before = Labels(), count(1), [], []
    for start, length, name, track in acts:
        known = labels.get(Episode, f"e{name}")
        one = episode(f"e{name}", start, start + length, known.track if known else track)
        edit = Edit("Tag", lay(labels.of(Episode), one, lambda: f"new{next(ids)}"))
        before.append(labels.copy())
        edits.append(edit)
        apply(labels, edit)
        for name_of_track in ("conduction", "rhythm"):
            row = sorted((e.start, e.end) for e in labels.of(Episode) if e.track == name_of_track)
            assert all(s < e for s, e in row)
            assert all(a[1] <= b[0] for a, b in pairwise(row))
            assert all(type(tick) is int for span in row for tick in span)
        assert at(labels.of(Episode), one.track, start) == one
    for edit, earlier in zip(reversed(edits), reversed(before), strict=True):
        apply(labels, edit.inverse())
        assert labels == earlier


@given(st.lists(spans, max_size=20), spans)
def test_what_was_labelled_outside_the_new_episode_stays_labelled(acts: list[tuple[int, int, int, str]],
                                                                   last: tuple[int, int, int, str]) -> None:
    labels, ids = Labels(), count(1)
    for n, (start, length, _, _) in enumerate(acts):
        apply(labels, Edit("Tag", lay(labels.of(Episode), episode(f"e{n}", start, start + length), lambda: f"new{next(ids)}")))
    covered = {tick for e in labels.of(Episode) for tick in range(e.start, e.end)}
    start, length, _, _ = last
    apply(labels, Edit("Tag", lay(labels.of(Episode), episode("last", start, start + length), lambda: f"new{next(ids)}")))
    assert {tick for e in labels.of(Episode) for tick in range(e.start, e.end)} == covered | set(range(start, start + length))


def test_an_interval_is_named_in_seconds() -> None:
    assert span_text(plain(rate=250), 250, 1125) == "1.0–4.5 s"


# Lanes, cutting and joining

lanes = st.tuples(st.integers(0, 300), st.integers(1, 90), st.sampled_from([None, "II", "V1"]),
                  st.sampled_from(["quality", "rhythm"]), st.sampled_from(["lay", "split", "merge", "extend"]))


@given(st.lists(lanes, max_size=25))
def test_no_lane_ever_overlaps_itself_whatever_is_laid_split_joined_or_extended(
        acts: list[tuple[int, int, str | None, str, str]]) -> None:
    labels, ids = Labels(), count(1)
    for start, length, lead, track, act in acts:
        changes = _changes(labels, start, length, lead, track, act, lambda: f"n{next(ids)}")
        before = labels.copy()
        edit = Edit(act, changes)
        apply(labels, edit)
        for lane in {lane_of(e) for e in labels.of(Episode)}:
            row = sorted((e.start, e.end) for e in labels.of(Episode) if lane_of(e) == lane)
            assert all(s < e for s, e in row) and all(a[1] <= b[0] for a, b in pairwise(row))
        undone = labels.copy()
        apply(undone, edit.inverse())
        assert undone == before


def _changes(labels: Labels, start: int, length: int, lead: str | None, track: str, act: str,
             new_id: Callable[[], str]) -> tuple[ElementChange, ...]:
    episodes = labels.of(Episode)
    held = at(episodes, track, start, lead)
    if act == "lay" or held is None:
        one = replace(episode(new_id(), start, start + length, track), lead=lead)
        return lay(episodes, one, new_id)
    if act == "split":
        return split(held, start, new_id) if held.start < start else ()
    if act == "merge":
        return merge(episodes, held) if next_on_lane(episodes, held) else ()
    return until_next_change(episodes, held, 500)


def test_an_episode_of_one_lead_leaves_that_of_all_leads_alone() -> None:
    labels = Labels()
    for one in (episode("all", 0, 100, "quality"), replace(episode("v1", 40, 60, "quality"), lead="V1")):
        apply(labels, Edit("Tag", lay(labels.of(Episode), one, lambda: "x")))
    assert sorted((e.id, e.start, e.end) for e in labels.of(Episode)) == [("all", 0, 100), ("v1", 40, 60)]
    assert at(labels.of(Episode), "quality", 50).id == "all" and at(labels.of(Episode), "quality", 50, "V1").id == "v1"


def test_splitting_and_joining_give_back_the_same_time() -> None:
    one = episode("a", 10, 90)
    parts = [change.after for change in split(one, 40, lambda: "b")]
    assert [(e.id, e.start, e.end) for e in parts] == [("a", 10, 40), ("b", 40, 90)]
    joined = [change.after for change in merge(parts, parts[0]) if change.after]
    assert joined == [one]
    with pytest.raises(GraticuleError, match="nothing to split"):
        split(one, 90, lambda: "b")
    with pytest.raises(GraticuleError, match="no later episode"):
        merge([one], one)


def test_same_until_the_next_change_stops_at_the_next_episode_or_the_end() -> None:
    one, later, other = episode("a", 0, 10), episode("b", 50, 60, code=OTHER), episode("c", 20, 30, track="rhythm")
    assert [c.after.end for c in until_next_change([one, later, other], one, 100)] == [50]
    assert [c.after.end for c in until_next_change([one, other], one, 100)] == [100]
    assert until_next_change([later], later, 60) == ()
    assert gap_at([one, later, other], "conduction", 30, 100) == (10, 50)
    assert gap_at([one, later], "conduction", 55, 100) is None
    assert gap_at([one, later], "conduction", 99, 100) == (60, 100)


def test_severe_noise_is_what_analysis_leaves_out() -> None:
    severe, moderate = Code("graticule", "q_severe", "1"), Code("graticule", "q_moderate", "1")
    row = [episode("a", 0, 10, "quality", severe), episode("b", 20, 30, "quality", moderate),
           replace(episode("c", 40, 50, "quality", severe), lead="V1")]
    assert left_out(row) == [(0, 10)] and left_out(row, "V1") == [(0, 10), (40, 50)] and left_out(row, "II") == [(0, 10)]
