"""The Holter desk: drafts beside labels, acts on many beats, what they would do, and the queue of offers."""

import dataclasses
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.ecg_case import add, ecg_case
from graticule.domain.beats import REFUSED
from graticule.domain.elements import Beat, Episode, Review
from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Silent
from graticule.domain.recording import Lead, Recording
from graticule.ecg.rhythm_candidates import AUDIT
from graticule.presenters.holter import HolterDesk
from graticule.presenters.holter_beats import HolterBeats
from graticule.presenters.holter_effect import numbers_of
from graticule.presenters.holter_views import lorenz, tachogram
from graticule.presenters.open_case import OpenCase

RATE = 250


def holter(letters: str, seconds: float = 0.8) -> Recording:
    """A lead with a narrow beat for each N, an early wide one for each V, a pause for each space."""
    ticks = round((len(letters) * seconds + 3) * RATE)
    signal, at = np.zeros(ticks), RATE
    for letter in letters:
        if letter == "N":
            _add(signal, at, 0.08, 1.0)
            _add(signal, at + round(0.25 * RATE), 0.18, 0.25)
        elif letter == "V":
            _add(signal, at - round(0.28 * RATE), 0.19, -1.4)
        at += round(seconds * RATE)
    noise = np.random.default_rng(1).normal(0, 0.01, ticks)
    return Recording((Lead("II", np.rint((signal + noise) * 200).astype(np.int16), 200.0),), Fraction(RATE), ticks)


def _add(signal: np.ndarray, at: int, width_s: float, size: float) -> None:
    width = round(width_s * RATE)
    signal[at - width // 2: at - width // 2 + width] += size * (0.5 - 0.5 * np.cos(2 * np.pi * (np.arange(width) + 0.5) / width))


PATTERN = "NNNNNNNNVNNNNNNNNNVVVVNNNNNNNNNVNVNVNVNVNNNNNNNNNNN   NNNNNNNN" * 3


@pytest.fixture(scope="module")
def analysed() -> tuple[Recording, Any]:
    recording = holter(PATTERN)
    return recording, HolterDesk(ecg_case(recording), recording).analyse(Silent())


@pytest.fixture
def desk(analysed: tuple[Recording, Any]) -> tuple[OpenCase, HolterDesk]:
    recording, drafts = analysed
    opened = ecg_case(recording)
    made = HolterDesk(opened, recording)
    made.analysed(drafts)
    return opened, made


def test_drafts_tell_narrow_from_wide_and_are_no_labels(desk: Any) -> None:
    opened, holter_desk = desk
    counts = holter_desk.beats.beats().counts()
    assert counts == {"N": PATTERN.count("N"), "V": PATTERN.count("V")}
    assert opened.workspace.labels.empty
    assert holter_desk.beats.beats().drafts.all()


def test_accepting_some_makes_them_labels_of_a_machine_in_one_act(desk: Any) -> None:
    opened, holter_desk = desk
    holter_desk.choose_between(0, 20 * RATE, "start")
    count = holter_desk.chosen.size
    assert holter_desk.accept() == count
    assert opened.workspace.undo_title == f"Accept {count} beats"
    assert {beat.provenance for beat in opened.workspace.labels.of(Beat)} == {"machine"}
    assert int((~holter_desk.beats.beats().drafts).sum()) == count
    total, taken = holter_desk.coverage(10)
    assert total.sum() == len(holter_desk.beats.beats())
    assert taken.sum() == count
    opened.workspace.undo()
    holter_desk.labels_changed()
    assert opened.workspace.labels.empty
    assert holter_desk.beats.beats().drafts.all()


def test_a_draft_given_another_class_is_corrected_machine_work(desk: Any) -> None:
    opened, holter_desk = desk
    first = int(holter_desk.beats.beats().ticks[0])
    holter_desk.choose(np.array([first]), "")
    holter_desk.reclassify("S")
    assert [(b.tick, b.symbol, b.provenance) for b in opened.workspace.labels.of(Beat)] == [(first, "S", "machine-corrected")]


def test_what_is_struck_out_is_not_offered_again(desk: Any, analysed: Any) -> None:
    opened, holter_desk = desk
    before = len(holter_desk.beats.beats())
    gone = holter_desk.beats.beats().ticks[3:5]
    holter_desk.choose(gone, "")
    assert holter_desk.delete() == 2
    assert len(holter_desk.beats.beats()) == before - 2
    assert opened.workspace.labels.of(Beat) == []
    assert opened.workspace.labels.beats[""].symbols.tolist() == [REFUSED, REFUSED]
    again = HolterDesk(opened, analysed[0])
    again.analysed(analysed[1])
    assert len(again.beats.beats()) == before - 2


def test_a_beat_added_or_moved_stands_on_the_peak(desk: Any) -> None:
    _, holter_desk = desk
    beats: HolterBeats = holter_desk.beats
    true = int(beats.beats().ticks[5])
    beats.delete(np.array([true]))
    assert beats.add(true + 6, "N") == true
    with pytest.raises(GraticuleError, match="already"):
        beats.add(true, "N")
    other = int(beats.beats().ticks[7])
    beats.delete(np.array([other]))
    assert beats.move(true, other + 4) == other
    assert true not in beats.beats().ticks


def test_same_as_this_finds_the_wide_ones(desk: Any) -> None:
    _, holter_desk = desk
    beats = holter_desk.beats.beats()
    wide = beats.ticks[beats.symbols == ord("V")]
    holter_desk.choose_like(int(wide[0]), 0.9)
    assert np.array_equal(holter_desk.chosen, wide)


@pytest.mark.parametrize("letter", ["N", "S", "V", "/"])
def test_what_a_change_would_do_is_what_it_does(desk: Any, letter: str) -> None:
    opened, holter_desk = desk
    add(opened, "afib", 0, 10 * RATE)
    holter_desk.labels_changed()
    holter_desk.choose_between(20 * RATE, 90 * RATE, "middle")
    effect = holter_desk.effect(letter)
    count = holter_desk.reclassify(letter)
    beats = holter_desk.beats.beats()
    assert effect.beats == count
    assert effect.after == numbers_of(holter_desk.recording, beats.ticks, beats.symbols, opened.workspace.labels.of(Episode))
    table = opened.workspace.labels.beats[""]
    recount = {chr(s): int((beats.symbols == s).sum()) for s in np.unique(beats.symbols)}
    assert effect.after.counts == recount
    assert (table.symbols == ord(letter)).all()
    assert effect.after.pvc.hits == recount.get("V", 0)


def test_ectopic_beats_alone_make_no_fibrillation(desk: Any) -> None:
    _, holter_desk = desk
    beats = holter_desk.beats.beats()
    holter_desk.choose(beats.ticks[beats.symbols == ord("V")], "wide")
    effect = holter_desk.effect("S")
    assert effect.before.af_likely.hits == effect.after.af_likely.hits == 0


def test_beats_that_came_one_by_one_join_the_table_with_the_first_edit(desk: Any) -> None:
    opened, holter_desk = desk
    ticks = holter_desk.beats.beats().ticks[:4].tolist()
    for n, tick in enumerate(ticks):
        opened.workspace.set("Import", Beat(id=f"b{n}", tick=tick, symbol="N"))
    holter_desk.labels_changed()
    assert int(holter_desk.beats.beats().drafts.sum()) == len(holter_desk.beats.beats()) - 4
    before = opened.workspace.labels.copy()
    holter_desk.choose(np.array(ticks[:2]), "")
    holter_desk.reclassify("V")
    assert [e for e in opened.workspace.labels.all() if isinstance(e, Beat)] == []
    assert [(b.tick, b.symbol) for b in opened.workspace.labels.of(Beat)] == [*((t, "V") for t in ticks[:2]),
                                                                            *((t, "N") for t in ticks[2:])]
    opened.workspace.undo()
    assert opened.workspace.labels == before


def test_doubtful_offers_come_first_and_a_decision_is_kept(desk: Any) -> None:
    opened, holter_desk = desk
    review = holter_desk.review
    review.show(review.look())
    offers = review.offers()
    found = [o.candidate.slug for o in offers]
    assert {"v_run", "v_bigeminy", "pause"} <= set(found)
    assert found[-20:] == [AUDIT] * 20
    doubts = [round(o.candidate.doubt, 3) for o in offers[:-20]]
    assert doubts == sorted(doubts, reverse=True)
    review.at = found.index("v_run")
    offer = review.current
    review.accept()
    episode = opened.workspace.labels.of(Episode)[0]
    assert (episode.code.code, episode.start, episode.end) == ("v_run", offer.candidate.start, offer.candidate.end)
    review.at = found.index("pause")
    review.refuse()
    verdicts = sorted((r.slug, r.verdict) for r in opened.workspace.labels.of(Review))
    assert verdicts == [("pause", "refused"), ("v_run", "accepted")]
    again = HolterDesk(opened, holter_desk.recording)
    again.analysed(holter_desk.beats.drafts)
    again.review.show(again.review.look())
    assert sorted(o.verdict for o in again.review.offers() if o.verdict) == ["accepted", "refused"]
    opened.workspace.undo()
    opened.workspace.undo()
    assert opened.workspace.labels.empty


def test_the_random_sample_is_the_same_for_everybody_and_counts_what_is_amiss(desk: Any) -> None:
    opened, holter_desk = desk
    review = holter_desk.review
    review.show(review.look())
    starts = [o.candidate.start for o in review.offers() if o.candidate.slug == AUDIT]
    other = HolterDesk(ecg_case(holter_desk.recording), holter_desk.recording)
    other.analysed(holter_desk.beats.drafts)
    assert [c.start for c in other.review.look() if c.slug == AUDIT] == starts
    review.at = len(review.offers()) - 1
    review.refuse()
    assert review.audit_words() == "1 of 20 random stretches seen, 1 with something amiss"
    assert opened.workspace.labels.of(Episode) == []
    assert opened.workspace.labels.of(Review)[0].seed == review.seed


def test_points_know_their_beats(desk: Any) -> None:
    _, holter_desk = desk
    beats, rate = holter_desk.beats.beats(), float(RATE)
    points = tachogram(holter_desk.recording, beats)
    tick = int(beats.ticks[10])
    at = tick / rate
    rr = (tick - int(beats.ticks[9])) * 1000 / rate
    assert points.nearest(at, rr, 0.01, 1.0) == tick
    inside = points.inside(at - 1e-6, at + 1e-6, rr - 1, rr + 1)
    assert inside.tolist() == [tick]
    picture = points.picture(0, holter_desk.recording.duration_s, 0, 3000, 300, 100)
    assert picture.max() & 7 == 6
    pairs = lorenz(holter_desk.recording, beats)
    assert pairs.ticks.size == len(beats) - 2
    assert pairs.inside(rr - 1, rr + 1, 0, 3000).size >= 1


def test_shapes_can_be_joined_without_touching_a_label(desk: Any) -> None:
    opened, holter_desk = desk
    one, two = holter_desk.beats.of_shape([0]), holter_desk.beats.of_shape([1])
    holter_desk.join_shapes([0, 1])
    assert holter_desk.beats.of_shape([0]).size == one.size + two.size
    assert opened.workspace.labels.empty


def test_a_locked_read_takes_no_beat(analysed: Any) -> None:
    recording, drafts = analysed
    opened = ecg_case(recording, locked=True)
    holter_desk = HolterDesk(opened, recording)
    holter_desk.analysed(drafts)
    holter_desk.choose_drafts()
    with pytest.raises(GraticuleError, match="locked"):
        holter_desk.accept()
    assert opened.workspace.labels.empty


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["accept", "N", "V", "S", "delete", "undo", "redo"]),
                          st.integers(0, 150), st.integers(0, 40)), max_size=8))
def test_any_acts_undo_to_nothing_and_redo_to_the_same(steps: list[tuple[str, int, int]]) -> None:
    recording, drafts = _once()
    opened = ecg_case(recording)
    holter_desk = HolterDesk(opened, recording)
    holter_desk.analysed(drafts)
    for act, first, count in steps:
        ticks = holter_desk.beats.beats().ticks[first: first + count]
        holter_desk.choose(ticks, "")
        if act in ("undo", "redo"):
            getattr(opened.workspace, act)()
        elif act in ("accept", "delete"):
            getattr(holter_desk, act)()
        else:
            effect = holter_desk.effect(act)
            holter_desk.reclassify(act)
            assert holter_desk.beats.beats().counts() == effect.after.counts
        holter_desk.labels_changed()
    reached = opened.workspace.labels.copy()
    depth = opened.workspace.history.depth
    for _ in range(depth):
        opened.workspace.undo()
    assert opened.workspace.labels.empty
    for _ in range(depth):
        opened.workspace.redo()
    assert opened.workspace.labels == reached


_KEPT: list[tuple[Recording, Any]] = []


def _once() -> tuple[Recording, Any]:
    if not _KEPT:
        recording = holter(PATTERN)
        _KEPT.append((recording, HolterDesk(ecg_case(recording), recording).analyse(Silent())))
    return _KEPT[0]


def test_a_record_without_signal_has_no_beats() -> None:
    flat = dataclasses.replace(holter("NN"), leads=(Lead("II", np.zeros(5000, np.int16), 200.0),), ticks=5000)
    holter_desk = HolterDesk(ecg_case(flat), flat)
    holter_desk.analysed(holter_desk.analyse(Silent()))
    assert len(holter_desk.beats.beats()) == 0
    assert holter_desk.review.look() == []
