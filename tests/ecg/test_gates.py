"""The gates on strips that are easily taken for something else, at other rates, noise, leads, polarity; and real records."""

from fractions import Fraction

import pytest

from graticule.ecg.av_conduction import assess, criteria, measure, pattern
from graticule.ecg.av_gates import SOURCES, Context
from graticule.ecg.conduction import Conduction, Qrs, pair
from graticule.ecg.gated import gates_for, judged
from graticule.ecg.rhythm_gates import CODES, source_of
from graticule.ecg.synthetic import LEADS, PATTERNS, make
from graticule.ecg.synthetic_traps import TRAPS, make_trap
from graticule.formats.ecg.atr import decode
from graticule.formats.ecg.record import read_record
from real_data import DATA, needs_data

FLIPPED = {name: tuple(-size for size in sizes) for name, sizes in LEADS.items()}
WAYS = {"plain": {}, "180 Hz": {"rate_hz": 180}, "1000 Hz": {"rate_hz": 1000}, "noise": {"noise_mv": 0.05, "rate_hz": 250},
        "one lead": {"leads": {"II": LEADS["II"]}, "rate_hz": 360}, "V1 alone": {"leads": {"V1": LEADS["V1"]}},
        "upside down": {"leads": FLIPPED, "rate_hz": 250}}
BY_NAME = {trap.name: trap for trap in TRAPS}


@pytest.mark.parametrize("name", BY_NAME)
def test_with_exact_marks_the_truth_is_found(name: str) -> None:
    strip = make_trap(BY_NAME[name])
    beats, p_marks = [q + 20 for q in strip.qrs_onsets], [p + 25 for p in strip.p_onsets]
    found = measure(strip.recording, 1000, 19_000, beats=beats, p_marks=p_marks)
    assert pattern(criteria(found, type1_elsewhere=False)) == BY_NAME[name].code


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", BY_NAME)
def test_measured_by_itself_a_grave_mistake_is_never_green(name: str, way: str) -> None:
    strip = make_trap(BY_NAME[name], **WAYS[way])
    rate = int(strip.recording.rate)
    found = criteria(measure(strip.recording, 2 * rate, 38 * rate), type1_elsewhere=False)
    assert [slug for slug in BY_NAME[name].never if assess(found, slug).colour == "green"] == []


@pytest.mark.parametrize("pattern_", [p for p in PATTERNS if p.name != "highgrade"], ids=lambda p: p.name)
def test_recipe_three_is_accepted_as_what_it_is_and_refused_as_anything_else(pattern_: object) -> None:
    found = criteria(measure(make(pattern_).recording, 1000, 13_000), type1_elsewhere=False)
    second = ("avb2_mobitz1", "avb2_mobitz2", "avb2_2to1", "avb_highgrade")
    assert {slug: assess(found, slug).allowed for slug in second} == {slug: slug == pattern_.code for slug in second}


@pytest.mark.parametrize("atrial", ["afib", "aflutter", "atrial_tachy"])
@pytest.mark.parametrize("slug", ["avb2", "avb2_mobitz1", "avb2_mobitz2", "avb2_2to1", "avb_highgrade"])
def test_inside_af_flutter_or_atrial_tachycardia_there_is_no_second_degree_block(atrial: str, slug: str) -> None:
    found = criteria(measure(make(PATTERNS[1]).recording, 1000, 13_000), context=Context(atrial=atrial))
    verdict = assess(found, slug)
    assert not verdict.allowed and verdict.suggestion == "" and "conduction ratio is recorded" in verdict.text


def test_noise_leaves_the_decision_to_the_eye() -> None:
    found = criteria(measure(make(PATTERNS[1]).recording, 1000, 13_000), context=Context(noisy=True))
    assert assess(found, "avb2_mobitz1").colour == "amber" and "noise" in assess(found, "avb2_mobitz1").text


def test_every_gate_says_where_its_rule_was_published() -> None:
    found = criteria(measure(make(PATTERNS[1]).recording, 1000, 13_000))
    slugs = (*CODES, "avb2_mobitz1", "avb2_mobitz2", "avb2_2to1", "avb_highgrade", "avb3", "av_dissociation")
    for slug in slugs:
        assert gates_for(found, slug), slug
        assert all(source_of(gate) for gate in gates_for(found, slug)), slug
    assert {gate.name for gate in found.gates} <= set(SOURCES)


def run(rr_ms: list[int], width: int, p: bool = False, seconds: float | None = None) -> Conduction:
    ticks, at = [], 500
    for rr in [0, *rr_ms]:
        at += rr
        ticks.append(at)
    waves, beats = pair([(t - 110, t - 160) for t in ticks] if p else [], [Qrs(t + 40, t, width) for t in ticks], Fraction(1000))
    end = at + 500 if seconds is None else round(seconds * 1000)
    return Conduction(0, end, Fraction(1000), tuple(waves), tuple(beats), p)


@pytest.mark.parametrize(("rr", "width", "seconds", "slug", "colour", "instead"), [
    ([400] * 4, 140, None, "nsvt", "green", ""), ([400] * 4, 140, None, "vt", "red", "nsvt"),
    ([400] * 80, 140, 33, "vt", "green", ""), ([400] * 80, 140, 33, "nsvt", "red", "vt"),
    ([400], 140, None, "nsvt", "red", ""), ([700] * 4, 140, None, "nsvt", "red", "aivr"),
    ([1500] * 4, 140, None, "vt", "red", "ivr"),
    ([400] * 4, 90, None, "nsvt", "red", "narrow_tachy"), ([400] * 4, 90, None, "svt", "green", ""),
    ([400] * 4, 140, None, "svt", "red", "wide_tachy"), ([900] * 4, 90, None, "svt", "red", "")])
def test_runs_are_told_by_rate_width_count_and_length(rr: list[int], width: int, seconds: float | None, slug: str, colour: str,
                                                      instead: str) -> None:
    verdict = judged(criteria(run(rr, width, seconds=seconds)), slug)
    assert (verdict.colour, verdict.suggestion) == (colour, instead)


def test_fibrillation_needs_irregular_rr_without_a_pattern_and_no_p() -> None:
    wild = [520, 760, 610, 930, 480, 700, 850, 560, 640, 990, 450, 720, 800, 530, 910, 600]
    assert judged(criteria(run(wild, 90)), "afib").colour == "green"
    assert judged(criteria(run(wild, 90, p=True)), "afib").colour == "red"
    assert judged(criteria(run([800] * 16, 90)), "afib").colour == "red"
    assert judged(criteria(run([500, 1100] * 8, 90)), "afib").colour == "red", "bigeminy repeats"


@needs_data
def test_fibrillation_of_a_real_record_passes_and_its_sinus_rhythm_does_not() -> None:
    recording = read_record(DATA / "ecg" / "mitdb" / "201.hea")
    inside = [judged(criteria(measure(recording, s * 360, (s + 30) * 360)), "afib").colour for s in range(10, 340, 30)]
    assert "red" not in inside and inside.count("green") >= 9
    sinus = read_record(DATA / "ecg" / "mitdb" / "100.hea")
    outside = [judged(criteria(measure(sinus, s * 360, (s + 30) * 360)), "afib").colour for s in range(10, 340, 30)]
    assert set(outside) == {"red"}


@needs_data
def test_the_record_with_two_to_one_block_gives_no_mobitz_truth() -> None:
    """(BII in 231 is one string for all types: inside it nothing but 2:1 is measured, and Mobitz is never accepted."""
    path = DATA / "ecg" / "mitdb" / "231_first15min.hea"
    recording = read_record(path)
    changes = [(m.sample, m.aux) for m in decode(path.with_suffix(".atr").read_bytes()).marks if m.symbol == "+"]
    blocks = [(a, b) for (a, aux), (b, _) in zip(changes, [*changes[1:], (recording.ticks, "")], strict=True) if aux == "(BII"]
    assert len(blocks) == 3
    for start, end in blocks:
        for at in range(start, min(end, start + 120 * 360) - 20 * 360, 20 * 360):
            found = criteria(measure(recording, at, at + 20 * 360))
            assert assess(found, "avb2_mobitz2").colour != "green" and assess(found, "avb2_mobitz1").colour != "green"
