"""A track holds one value at a time, whatever is laid over whatever."""

from itertools import count, pairwise

from hypothesis import given
from hypothesis import strategies as st

from fakes.ecg_case import plain
from graticule.domain.codes import Code
from graticule.domain.edits import Edit, apply
from graticule.domain.elements import Episode
from graticule.domain.labels import Labels
from graticule.editing.tracks import at, lay, span_text

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
