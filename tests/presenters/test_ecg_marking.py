"""Marks by hand: they feed the ladder and the gates, are undone, and survive being kept."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.ecg_case import add, ecg_case, synthetic
from graticule.domain.elements import Episode
from graticule.domain.errors import GraticuleError
from graticule.ecg.av_conduction import pattern
from graticule.ecg.marks import BLOCKED, CONDUCTS, QRS, Marks, P, PMark, QrsMark, conduction_of
from graticule.editing.tools.ladder import ATRIA, NODE, VENTRICLES, LadderHand
from graticule.editing.tools.tool import Pointer
from graticule.editing.tracks import MARKS
from graticule.presenters.conduction import ConductionDesk
from graticule.presenters.marking import Marking

STRETCH = (1000, 13_000)
onsets = st.lists(st.integers(0, 20_000), unique=True, max_size=20).map(sorted)


def hand(name: str) -> tuple[object, ConductionDesk, Marking]:
    recording = synthetic(name)
    opened = ecg_case(recording)
    desk = ConductionDesk(opened, recording, lambda: None)
    desk.ask(*STRETCH)
    return opened, desk, Marking(opened, recording, desk)


@given(onsets, onsets, st.sampled_from(["", BLOCKED, CONDUCTS]))
def test_marks_come_back_as_they_were_kept(p: list[int], qrs: list[int], link: str) -> None:
    marks = Marks(tuple(PMark(t, t + 25, link) for t in p), tuple(QrsMark(t, t + 20, 90) for t in qrs))
    assert Marks.from_json(marks.as_json()) == marks
    found = conduction_of(marks, 0, 30_000, Fraction(500))
    assert [b.onset for b in found.qrs] == qrs
    led = [w.qrs for w in found.p if w.qrs is not None]
    assert len(set(led)) == len(led), "no QRS is led to twice"
    assert all(found.qrs[w.qrs].p == n for n, w in enumerate(found.p) if w.qrs is not None)
    assert all(w.dropped for w in found.p) or link != BLOCKED


def test_damaged_marks_are_refused() -> None:
    with pytest.raises(GraticuleError, match="cannot be read"):
        Marks.from_json({"marks_v": 2, "p": [], "qrs": []})


def test_a_removed_p_wave_turns_two_to_one_into_one_to_one_and_undo_brings_it_back() -> None:
    opened, desk, marking = hand("2to1")
    assert pattern(desk.found) == "avb2_2to1"
    for wave in [w.onset for w in desk.found.conduction.p if w.dropped]:
        marking.remove(P, marking.marks.nearest(P, wave))
        desk.ask(*STRETCH)
    assert pattern(desk.found) == "av_normal" and desk.found.conduction.marked_p
    assert [e.track for e in opened.workspace.labels.of(Episode)] == [MARKS]
    while opened.workspace.undo():
        pass
    desk.ask(*STRETCH)
    assert pattern(desk.found) == "avb2_2to1" and not desk.found.conduction.marked_p


def test_a_p_wave_said_to_conduct_or_to_be_blocked_feeds_the_gate() -> None:
    opened, desk, marking = hand("wenckebach")
    before = len(desk.found.conduction.dropped)
    first = next(n for n, w in enumerate(desk.found.conduction.p) if not w.dropped)
    marking.toggle(first)
    desk.ask(*STRETCH)
    assert len(desk.found.conduction.dropped) == before + 1
    assert opened.workspace.undo_title.endswith("as blocked")
    marking.toggle(first)
    desk.ask(*STRETCH)
    assert len(desk.found.conduction.dropped) == before and opened.workspace.undo_title.endswith("as conducted")


def test_the_hand_on_the_ladder_moves_adds_removes_and_parts() -> None:
    opened, desk, marking = hand("mobitz2")
    tool, at = LadderHand(marking), desk.found.conduction.p[3].onset
    tool.press(Pointer((0.0, 0.0), track=ATRIA), at + 2, 10)
    tool.drag(at + 102)
    assert any(w.onset == at + 100 for w in desk.found.conduction.p), "seen while it is dragged"
    assert opened.workspace.labels.of(Episode) == []
    tool.release()
    desk.ask(*STRETCH)
    assert opened.workspace.undo_title.startswith("Move P wave") and any(w.onset == at + 100 for w in desk.found.conduction.p)
    count = len(desk.found.conduction.qrs)
    tool.press(Pointer((0.0, 0.0), track=VENTRICLES), desk.found.conduction.qrs[2].onset + 200, 10)
    desk.ask(*STRETCH)
    assert len(desk.found.conduction.qrs) == count + 1
    added = desk.found.conduction.qrs[3].onset
    tool.press(Pointer((0.0, 0.0), track=VENTRICLES, control=True), added, 10)
    desk.ask(*STRETCH)
    assert len(desk.found.conduction.qrs) == count
    tool.press(Pointer((0.0, 0.0), track=NODE), desk.found.conduction.p[0].onset + 20, 10)
    assert opened.workspace.undo_title.startswith("Mark P wave")


def test_marks_outside_a_marked_stretch_are_measured_as_before() -> None:
    _, desk, marking = hand("2to1")
    marking.remove(P, 1)
    desk.ask(500, 14_500)
    assert len(desk.found.conduction.p) > 30 and desk.found.conduction.marked_p
    onsets_ = [w.onset for w in desk.found.conduction.p]
    assert max(b - a for a, b in pairwise(onsets_)) > 700


def test_inside_a_tagged_fibrillation_the_block_is_refused_and_the_ratio_kept() -> None:
    opened, desk, _ = hand("2to1")
    add(opened, "aflutter", 0, 15_000)
    desk.ask(*STRETCH)
    assert not desk.verdict("avb2_2to1").allowed
    add(opened, "q_severe", 2000, 3000)
    desk.ask(*STRETCH)
    assert "noise" in desk.verdict("avb3").text


def test_the_cross_section_of_marks_refuses_a_double() -> None:
    _, desk, marking = hand("2to1")
    with pytest.raises(GraticuleError, match="already a mark"):
        marking.add(QRS, desk.found.conduction.qrs[0].onset + 1)


def test_the_evidence_of_a_tagged_episode_follows_its_marks_in_the_same_act() -> None:
    opened, desk, marking = hand("2to1")
    one = add(opened, "avb2_2to1", *STRETCH, criteria=desk.evidence("conduction", "avb2_2to1", *STRETCH))
    desk.ask(*STRETCH)
    assert one.criteria["verdict"] == "green" and not one.criteria["p_marked"]
    marking.toggle(next(n for n, wave in enumerate(desk.found.conduction.p) if not wave.dropped))
    changed = opened.workspace.labels.get(Episode, one.id)
    assert changed.criteria["p_marked"] and changed.criteria["verdict"] == "red"
    opened.workspace.undo()
    assert opened.workspace.labels.get(Episode, one.id) == one and len(opened.workspace.labels.of(Episode)) == 1
