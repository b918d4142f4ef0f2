"""The list of episodes, tagging, and what the measurement says to a code."""

import pytest

from fakes.ecg_case import add, ecg_case, plain, synthetic
from graticule.domain.elements import Episode
from graticule.domain.errors import GraticuleError
from graticule.editing.tools.episode import Span
from graticule.editing.tracks import TRACKS
from graticule.presenters.code_choice import CodeChoice
from graticule.presenters.conduction import ConductionDesk, listed, spread
from graticule.presenters.episodes import Episodes
from graticule.presenters.open_case import OpenCase


def choices_for(name: str, start: int, end: int) -> tuple[OpenCase, ConductionDesk, CodeChoice]:
    recording = synthetic(name)
    opened = ecg_case(recording)
    desk = ConductionDesk(opened, recording, lambda: None)
    desk.ask(start, end)
    return opened, desk, CodeChoice(Episodes(opened), desk)


def test_a_tag_is_one_named_act_that_undo_takes_back() -> None:
    opened = ecg_case(plain(seconds=200, rate=250))
    episodes = Episodes(opened)
    episodes.tag(Span(24400, 37250), opened.ontology.slug("avb2_mobitz2"), {"v": 1})
    assert opened.workspace.undo_title == "Tag Mobitz II 97.6–149.0 s"
    episodes.forget()
    row, = episodes.rows()
    assert (row.label, row.span, row.duration, row.track) == ("Mobitz II", "97.6–149.0 s", "51.4 s", "conduction")
    opened.workspace.undo()
    episodes.forget()
    assert episodes.rows() == []


def test_a_tag_over_an_older_one_trims_it_in_the_same_act() -> None:
    opened = ecg_case(plain(rate=250))
    add(opened, "avb1", 0, 5000)
    Episodes(opened).tag(Span(2000, 3000), opened.ontology.slug("avb3"), {})
    assert sorted((e.start, e.end) for e in opened.workspace.labels.of(Episode)) == [(0, 2000), (2000, 3000), (3000, 5000)]
    opened.workspace.undo()
    assert [(e.start, e.end) for e in opened.workspace.labels.of(Episode)] == [(0, 5000)]


def test_another_code_may_move_an_episode_to_the_other_track() -> None:
    opened = ecg_case(plain(rate=250))
    episode = add(opened, "avb1", 1000, 2000)
    add(opened, "sinus", 0, 5000)
    Episodes(opened).recode(episode.id, opened.ontology.slug("afib"), {})
    tracks = sorted((e.track, e.start, e.end, e.code.code) for e in opened.workspace.labels.of(Episode))
    assert tracks == [("rhythm", 0, 1000, "sinus"), ("rhythm", 1000, 2000, "afib"), ("rhythm", 2000, 5000, "sinus")]


def test_deleting_what_is_gone_says_so() -> None:
    opened = ecg_case(plain())
    episodes = Episodes(opened)
    episode = add(opened, "afib", 0, 100)
    episodes.delete(episode.id)
    assert opened.workspace.undo_title == "Delete Atrial fibrillation 0.0–0.4 s"
    with pytest.raises(GraticuleError, match="no longer there"):
        episodes.delete(episode.id)


def test_rows_are_by_time_and_a_view_gets_only_its_own() -> None:
    opened = ecg_case(plain(seconds=600, rate=250))
    for n in range(50):
        add(opened, "afib" if n % 2 else "sinus", n * 2500, n * 2500 + 2000)
    episodes = Episodes(opened)
    assert [row.start for row in episodes.rows()] == [n * 2500 for n in range(50)]
    shown = episodes.shown("rhythm", 95.0, 111.0)
    assert [row.start_s for row in shown] == [90.0, 100.0, 110.0]
    assert episodes.shown("conduction", 0, 600) == []


def test_only_codes_of_the_protocol_s_tracks_are_offered() -> None:
    episodes = Episodes(ecg_case(plain()))
    assert {concept.track for concept in episodes.concepts()} == set(TRACKS)
    assert episodes.concepts("mob2")[0].code.code == "avb2_mobitz2"


def test_mobitz_2_on_pure_2_to_1_is_refused_and_enter_takes_2_to_1() -> None:
    _, _, choice = choices_for("2to1", 1000, 4000)
    first, second = choice.choices("mob2")[:2]
    assert first.concept.code.code == "avb2_2to1" and not first.against
    assert first.sentence.startswith("Only 2:1 seen: type not assignable.") and first.tone == "bad"
    assert first.because is not None and first.because.code.code == "avb2_mobitz2"
    assert second.concept.code.code == "avb2_mobitz2" and second.against


def test_wenckebach_on_4_to_3_fits_with_its_pr() -> None:
    _, _, choice = choices_for("wenckebach", 150, 4750)
    first = choice.choices("wenck")[0]
    assert (first.tone, first.sentence, first.against) == ("good", "PR 180 → 260 → 310 → dropped.", False)


def test_nothing_is_judged_before_letters_are_typed() -> None:
    _, _, choice = choices_for("2to1", 1000, 4000)
    assert all(not one.tone and not one.remark for one in choice.choices(""))


def test_rhythm_codes_are_judged_by_criteria_of_their_own() -> None:
    _, _, choice = choices_for("2to1", 1000, 4000)
    first = choice.choices("afib")[0]
    assert (first.tone, first.against, first.concept.code.code) == ("bad", True, "afib")
    assert "RR irregular" in first.sentence or "P waves" in first.sentence


def test_a_single_key_names_its_code() -> None:
    _, _, choice = choices_for("2to1", 1000, 4000)
    found = choice.by_key("w")
    assert found is not None and found.concept.code.code == "avb2_mobitz1"
    assert choice.by_key("§") is None


def test_evidence_is_integers_and_words_with_the_reason_of_an_override() -> None:
    _, desk, _ = choices_for("2to1", 1000, 4000)
    kept = desk.evidence("conduction", "avb2_mobitz2", 1000, 4000, "seen to conduct 3:2 on the monitor")
    assert kept["verdict"] == "red" and kept["suggested"] == "avb2_2to1"
    assert kept["reason"] == "seen to conduct 3:2 on the monitor"
    assert (kept["from"], kept["to"]) == (1000, 4000)
    assert _no_floats(kept)
    assert desk.evidence("rhythm", "junctional", 1000, 4000) == {}
    rhythm = desk.evidence("rhythm", "sinus_brady", 1000, 4000)
    assert rhythm["gates"]["rate_slow"] == "pass" and rhythm["rate"] == 39 and _no_floats(rhythm)


def test_a_moved_episode_is_measured_where_it_now_is_and_keeps_its_reason() -> None:
    opened, desk, _ = choices_for("2to1", 1000, 4000)
    episode = add(opened, "avb2_mobitz2", 2000, 6000, criteria={"reason": "old tracing", "from": 1000})
    kept = desk.measured_again(episode)
    assert (kept["from"], kept["to"], kept["reason"]) == (2000, 6000, "old tracing")


def test_wenckebach_tagged_elsewhere_speaks_against_mobitz_2() -> None:
    opened, desk, _ = choices_for("mobitz2", 1000, 8000)
    assert desk.found is not None and desk.found.gate("no_type1").state == "pass"
    add(opened, "avb2_mobitz1", 9000, 12000)
    desk.forget()
    desk.ask(1000, 7000)
    assert desk.found is not None


def test_measured_values_are_listed_as_they_follow_each_other() -> None:
    assert listed([760, 758, None]) == "760 · 758 · dropped"
    assert listed(list(range(700, 720))).endswith("713 · … (20)")
    assert (spread([760]), spread([742, 770]), spread([])) == ("760 ms", "742–770 ms", "–")


def _no_floats(value: object) -> bool:
    if isinstance(value, dict):
        return all(isinstance(key, str) and _no_floats(part) for key, part in value.items())
    if isinstance(value, list):
        return all(_no_floats(part) for part in value)
    return isinstance(value, int | str)
