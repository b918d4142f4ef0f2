"""The measurements and the verdicts, on strips whose truth is known and on a real record with 2:1 block."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from graticule.domain.recording import Lead, Recording
from graticule.ecg.av_conduction import assess, criteria, measure, pattern
from graticule.ecg.conduction import Conduction, Qrs, pair
from graticule.ecg.ladder import ladder
from graticule.ecg.synthetic import PATTERNS, Pattern, make
from graticule.formats.ecg.atr import decode
from graticule.formats.ecg.record import read_record
from real_data import DATA, needs_data

BY_NAME = {p.name: p for p in PATTERNS}


def measured(name: str, start: int = 1000, end: int = 13_000):
    return criteria(measure(make(BY_NAME[name]).recording, start, end))


@pytest.mark.parametrize("name", BY_NAME)
def test_p_waves_and_pr_agree_with_the_truth_to_ten_milliseconds(name):
    strip = make(BY_NAME[name])
    found = measure(strip.recording, 1000, 13_000)
    truth = [(onset, pr) for onset, pr in zip(strip.p_onsets, strip.pr_ms, strict=True) if 1000 <= onset < 13_000]
    assert found.discernible
    assert len(found.p) == len(truth)
    for wave, (onset, pr) in zip(found.p, truth, strict=True):
        assert abs(wave.onset - onset) <= 5
        assert (wave.pr_ms or 0) == pytest.approx(pr, abs=10)


@pytest.mark.parametrize("name", BY_NAME)
def test_the_pattern_is_recognised_and_its_code_is_green(name):
    found = measured(name)
    assert pattern(found) == BY_NAME[name].code
    verdict = assess(found, BY_NAME[name].code)
    assert (verdict.colour, verdict.suggestion) == ("green", "")


@pytest.mark.parametrize("chosen", ["avb2_mobitz1", "avb2_mobitz2"])
def test_two_to_one_alone_never_gives_a_type(chosen):
    verdict = assess(measured("2to1"), chosen)
    assert (verdict.colour, verdict.allowed, verdict.suggestion) == ("red", False, "avb2_2to1")
    assert verdict.text == "Only 2:1 seen: type not assignable."


def test_wenckebach_shows_its_sequence():
    found = measured("wenckebach")
    assert assess(found, "avb2_mobitz1").text == "PR 180 → 260 → 310 → dropped."
    assert set(found.conduction.ratios) == {"4:3"}
    assert assess(found, "avb2_mobitz2").suggestion == "avb2_mobitz1"
    assert all(gate.state == "pass" for gate in found.wenckebach)


def test_high_grade_is_not_mobitz_two():
    verdict = assess(measured("highgrade"), "avb2_mobitz2")
    assert (verdict.colour, verdict.suggestion) == ("red", "avb_highgrade")


def test_mobitz_two_passes_every_gate_it_can():
    found = measured("mobitz2")
    assert {gate.state for gate in found.mobitz2} == {"pass"}
    assert assess(found, "avb2_mobitz1").suggestion == "avb2_mobitz2"


def test_normal_conduction_and_first_degree_block_are_told_apart():
    normal, long = Pattern("normal", "", "av_normal", 800, (160,)), Pattern("first", "", "avb1", 900, (280,))
    for rule in (normal, long):
        found = criteria(measure(make(rule).recording, 1000, 13_000))
        assert pattern(found) == rule.code
        assert assess(found, "avb2_mobitz2").colour == "red"
        assert "No dropped P wave" in assess(found, "avb2_mobitz2").text


def test_a_short_drag_over_one_cycle_of_two_to_one_is_not_enough_for_a_type():
    strip = make(BY_NAME["2to1"])
    first = strip.p_onsets[4] - 40
    found = criteria(measure(strip.recording, first, first + 1200))
    assert assess(found, "avb2_mobitz2").colour != "green"


def test_marked_p_waves_are_taken_instead_of_found_ones():
    strip = make(BY_NAME["mobitz2"])
    marks = [onset + 25 for onset in strip.p_onsets]
    found = measure(strip.recording, 1000, 13_000, p_marks=marks)
    assert found.marked_p and found.discernible
    assert pattern(criteria(found)) == "avb2_mobitz2"
    none = measure(strip.recording, 1000, 13_000, p_marks=[])
    assert none.p == ()


def test_marked_beats_are_taken_instead_of_found_ones():
    strip = make(BY_NAME["wenckebach"])
    peaks = [onset + 17 for onset in strip.qrs_onsets]
    found = measure(strip.recording, 1000, 13_000, beats=peaks)
    assert [beat.tick for beat in found.qrs] == [p for p in peaks if 1000 <= p < 13_000]
    assert pattern(criteria(found)) == "avb2_mobitz1"


def test_without_p_waves_nothing_is_claimed():
    noise = np.random.default_rng(4)
    strip = make(BY_NAME["mobitz2"])
    leads = []
    for lead in strip.recording.leads:
        flat = lead.digital.astype(np.float64)
        for onset in strip.p_onsets:
            flat[onset:onset + 50] = np.linspace(flat[onset], flat[onset + 50], 50)
        leads.append(Lead(lead.name, (flat + noise.normal(0, 25, flat.size)).astype(np.int16), lead.gain))
    found = criteria(measure(Recording(tuple(leads), Fraction(500), strip.recording.ticks), 1000, 13_000))
    assert pattern(found) == ""
    assert assess(found, "avb2_mobitz2").colour == "amber"


@needs_data
def test_atrial_fibrillation_gives_no_av_block():
    recording = read_record(DATA / "ecg" / "mitdb" / "201.hea")
    for start_s in range(10, 340, 30):
        found = criteria(measure(recording, start_s * 360, (start_s + 20) * 360))
        assert not pattern(found).startswith("avb2"), start_s


@needs_data
def test_two_to_one_block_of_a_real_record_is_measured():
    """MIT-BIH 231: the cardiologists noted each missed beat; the P wave before it must be found, and none elsewhere."""
    path = DATA / "ecg" / "mitdb" / "231_first15min.hea"
    recording = read_record(path)
    missed = [m.sample for m in decode(path.with_suffix(".atr").read_bytes()).marks if m.aux == "MISSB"]
    start, end = 340 * 360, 440 * 360
    found = measure(recording, start, end)
    noted = [tick for tick in missed if start + 200 <= tick < end - 200]
    hits = [tick for tick in noted if any(abs(p.onset - tick) < 0.4 * 360 for p in found.dropped)]
    assert found.discernible
    assert len(hits) >= 0.95 * len(noted)
    assert len(found.dropped) <= len(noted) + 3
    assert assess(criteria(found), "avb2_mobitz2").suggestion == "avb2_2to1"


def test_gates_that_speak_against_mobitz_two():
    rate = Fraction(1000)
    def of(p_onsets: list[int], qrs: list[tuple[int, int]]) -> Conduction:
        waves, beats = pair([(p + 50, p) for p in p_onsets], [Qrs(on + 40, on, width) for on, width in qrs], rate)
        return Conduction(0, 100_000, rate, tuple(waves), tuple(beats), True)
    slowing = of([0, 800, 1600, 2600, 3400, 4200], [(180, 90), (980, 90), (1780, 90), (3580, 90), (4380, 90)])
    found = criteria(slowing)
    assert found.gate("sinus_stable").state == "fail"
    assert pattern(found) == "pseudo_avb"
    early = of([0, 800, 1600, 2100, 3000, 3800], [(180, 90), (980, 90), (1780, 90), (3180, 90), (3980, 90)])
    assert criteria(early).gate("not_premature").state == "fail"
    shorter_after = of([0, 800, 1600, 2400, 3200], [(180, 90), (980, 90), (2540, 90), (3380, 90)])
    assert criteria(shorter_after).gate("pr_after").state == "fail"
    ectopic = of([0, 800, 1600, 2400, 3200, 4000], [(180, 90), (980, 90), (1500, 150), (2580, 90), (3380, 90), (4180, 90)])
    assert criteria(ectopic).gate("not_premature").state == "fail"
    narrow = of([0, 800, 1600, 2400, 3200], [(180, 90), (980, 90), (2580, 90), (3380, 90)])
    assert criteria(narrow).gate("no_type1").state == "unknown"
    assert assess(criteria(narrow), "avb2_mobitz2").colour == "amber"
    assert criteria(narrow, type1_elsewhere=True).gate("no_type1").state == "fail"
    assert assess(criteria(narrow, type1_elsewhere=False), "avb2_mobitz2").colour == "green"


def test_p_and_qrs_that_run_on_their_own_are_not_conduction():
    rate = Fraction(1000)
    p = list(range(0, 20_000, 730))
    qrs = list(range(300, 20_000, 1510))
    waves, beats = pair([(t + 50, t) for t in p], [Qrs(t + 40, t, 140) for t in qrs], rate)
    found = criteria(Conduction(0, 20_000, rate, tuple(waves), tuple(beats), True))
    assert pattern(found) == "avb3"


def test_what_is_kept_with_a_label_holds_no_float():
    def floats(value):
        if isinstance(value, dict):
            return any(floats(v) for v in value.values())
        if isinstance(value, list):
            return any(floats(v) for v in value)
        return isinstance(value, float)
    kept = measured("wenckebach").as_json()
    assert not floats(kept)
    assert kept["gates"]["pr_lengthens"] == "pass"
    assert kept["pr_ms"].count(-1) == len([p for p in kept["pr_ms"] if p == -1]) > 0


def test_the_ladder_has_a_line_for_every_p_wave():
    found = measured("wenckebach").conduction
    shown = ladder(found)
    assert len(shown.crossings) == len(shown.atrial) == len(found.p)
    assert [c.pr_ms for c in shown.crossings] == [p.pr_ms for p in found.p]
    assert all(c.blocked == p.dropped for c, p in zip(shown.crossings, found.p, strict=True))
    assert shown.escapes == ()
    assert ladder(replace(found, discernible=False)).crossings == ()
