from hypothesis import given
from hypothesis import strategies as st

from fakes.desk import case
from graticule.domain.case import Kind, State
from graticule.presenters.worklist import DONE, STATE_WORDS, Worklist

CASES = [case(1, Kind.VOLUME, "MR", "Brain tumour"), case(2, Kind.VOLUME, "CT", "Liver"), case(3, Kind.ECG, "ECG", "Record 231")]


def test_search_needs_every_word_and_keeps_the_place_in_the_whole_list() -> None:
    worklist = Worklist(CASES)
    worklist.search = "ecg 231"
    assert [(row.title, row.place) for row in worklist.rows()] == [("Record 231", 3)]
    worklist.search = "new volume"
    assert [row.place for row in worklist.rows()] == [1, 2]
    worklist.search = "finished"
    assert worklist.rows() == []


def test_search_does_not_change_what_comes_next() -> None:
    worklist = Worklist(CASES)
    worklist.current, worklist.search = "c1:01", "nothing fits this"
    assert worklist.undone() == "c1:02"


def test_next_and_previous_skip_what_is_done_and_go_round_the_end() -> None:
    worklist = Worklist(CASES, {"c1:02": State.FINISHED})
    worklist.current = "c1:01"
    assert (worklist.undone(1), worklist.undone(-1)) == ("c1:03", "c1:03")
    worklist.current = "c1:03"
    assert worklist.undone(1) == "c1:01"


def test_the_first_undone_is_offered_when_nothing_is_open() -> None:
    assert Worklist(CASES).undone(1) == "c1:01"
    assert Worklist(CASES).undone(-1) == "c1:03"
    assert Worklist().undone() is None


@given(st.lists(st.sampled_from(State), max_size=8), st.integers(0, 7), st.sampled_from([1, -1]))
def test_undone_is_never_done_nor_the_open_one_and_is_found_when_there_is_one(states: list[State], at: int, step: int) -> None:
    cases = [case(number) for number in range(len(states))]
    worklist = Worklist(cases, {c.id: state for c, state in zip(cases, states)})
    worklist.current = cases[at].id if at < len(cases) else None
    others = [c.id for c in cases if worklist.state(c.id) not in DONE and c.id != worklist.current]
    found = worklist.undone(step)
    assert found in others if others else found is None


def test_progress_counts_finished_signed_and_synced() -> None:
    worklist = Worklist(CASES, {"c1:01": State.SYNCED, "c1:02": State.IN_PROGRESS, "c1:03": State.FINISHED})
    assert worklist.progress() == (2, 3)
    assert [row.case_id for row in worklist.finished()] == ["c1:03"]


def test_every_state_has_a_word_and_an_icon() -> None:
    assert set(STATE_WORDS) == set(State)
    assert "sealed" not in " ".join(word for word, _ in STATE_WORDS.values()).lower()


def of(number: int, patient: str, modality: str = "DMS"):  # type: ignore[no-untyped-def]
    from dataclasses import replace
    return replace(case(number, Kind.IMAGE, modality), facts={"patient": patient} if patient else {})


def test_filters_join_and_patients_stand_together_in_the_order_they_first_come() -> None:
    worklist = Worklist([of(1, "p-aa"), of(2, "p-bb"), of(3, ""), of(4, "p-aa", "XC")], {"c1:02": State.FINISHED})
    worklist.by_patient = True
    assert [(row.place, row.patient, row.first) for row in worklist.rows()] == [
        (1, "aa", True), (4, "aa", False), (2, "bb", True), (3, "", True)]
    worklist.only_modality, worklist.only_states = "DMS", frozenset({State.NEW})
    assert [row.place for row in worklist.rows()] == [1, 3] and worklist.modalities() == ["DMS", "XC"]


def test_progress_follows_every_noted_state() -> None:
    worklist = Worklist(CASES)
    assert worklist.note("c1:01", State.FINISHED) and not worklist.note("c1:01", State.FINISHED)
    worklist.note("c1:02", State.SEALED)
    worklist.note("c1:01", State.IN_PROGRESS)
    assert worklist.progress() == (1, 3) and worklist.note("gone", State.FINISHED) and worklist.progress() == (1, 3)
