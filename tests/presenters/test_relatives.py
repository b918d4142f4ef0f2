"""Which images may lie beside a case: by facts alone, never by guess, and never more than the protocol allows."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from fakes.relatives import relative
from graticule.domain.case import Case, Kind
from graticule.domain.errors import GraticuleError
from graticule.presenters.relative_words import heading_of, relation_words
from graticule.presenters.relatives import Relation, relatives_of
from graticule.study.protocol import Blinding, parse_protocol

NOW = relative(1)
OPEN = Blinding(identity_hidden=False)
STUDY = {"title": "t", "version": "1", "project": "p", "questions": [], "ontology": []}


def named(case: Case, cases: list[Case], blinding: Blinding = Blinding()) -> list[tuple[str, str]]:  # noqa: B008 - frozen
    return [(found.case.id, relation_words(found)) for found in relatives_of(case, cases, blinding)]


def test_the_same_study_comes_first_then_priors_the_newest_before_the_older() -> None:
    cases = [relative(4, study="s4", taken="2020-01-01"), NOW, relative(2, "MR"),
             relative(3, study="s3", taken="2024-02-18T08:00:00")]
    assert named(NOW, cases) == [("c1:02", "Same study"), ("c1:03", "Prior 1 · 92 days before"),
                                 ("c1:04", "Prior 2 · 1601 days before")]


def test_series_of_one_prior_examination_share_its_number() -> None:
    cases = [NOW, relative(3, study="s3", taken="2024-02-18"), relative(4, "PT", study="s3", taken="2024-02-18T09:00")]
    assert [found.number for found in relatives_of(NOW, cases, OPEN)] == [1, 1]


def test_what_was_taken_later_is_never_offered() -> None:
    assert named(NOW, [NOW, relative(2, study="s9", taken="2024-06-01")]) == []


def test_an_unknown_patient_has_no_relatives_even_in_the_same_study() -> None:
    nobody = relative(1, patient="")
    assert named(nobody, [nobody, relative(2, patient=""), relative(3)]) == []


def test_another_patient_is_never_offered() -> None:
    assert named(NOW, [NOW, relative(2, patient="p-other")]) == []


def test_an_examination_without_a_date_says_so() -> None:
    assert named(NOW, [NOW, relative(2, study="s2", taken="")]) == [("c1:02", "Date unknown")]


def test_recordings_and_slides_do_not_lie_beside_images() -> None:
    assert named(NOW, [NOW, relative(2, "ECG", kind=Kind.ECG)]) == []


def test_dates_are_shown_only_where_identity_is() -> None:
    cases = [NOW, relative(3, study="s3", taken="2024-05-19")]
    assert named(NOW, cases, OPEN) == [("c1:03", "Prior 1 · 2024-05-19 · 1 day before")]
    assert named(NOW, cases) == [("c1:03", "Prior 1 · 1 day before")]
    assert named(NOW, cases, Blinding(priors="undated")) == [("c1:03", "Prior 1")]
    assert named(NOW, cases, Blinding(False, priors="undated")) == [("c1:03", "Prior 1")]
    assert named(NOW, cases, Blinding(priors="hidden")) == []


def test_hidden_priors_leave_the_same_study() -> None:
    cases = [NOW, relative(2, "MR"), relative(3, study="s3", taken="2024-05-19"), relative(4, study="s4", taken="")]
    assert [found.case.id for found in relatives_of(NOW, cases, Blinding(priors="hidden"))] == ["c1:02"]


def test_the_heading_says_that_it_is_not_what_is_labelled() -> None:
    found = relatives_of(NOW, [NOW, relative(3, study="s3", taken="2024-05-20T08:00")], Blinding())
    assert found[0].relation is Relation.PRIOR
    assert heading_of(found[0]) == "For comparison · Prior 1 · same day"


@given(some.lists(some.integers(1, 4000), min_size=1, max_size=6, unique=True))
def test_priors_are_numbered_from_the_newest_back(days: list[int]) -> None:
    cases = [relative(10 + at, study=f"old{at}", taken=(date(2024, 5, 20) - timedelta(days=day)).isoformat())
             for at, day in enumerate(days)]
    found = relatives_of(NOW, [NOW, *cases], OPEN)
    assert [entry.days_before for entry in found] == sorted(days)
    assert [entry.number for entry in found] == list(range(1, len(days) + 1))


@pytest.mark.parametrize("priors", ["allowed", "undated", "hidden"])
def test_the_protocol_says_what_of_priors_may_be_seen(priors: str) -> None:
    assert parse_protocol({**STUDY, "blinding": {"priors": priors}}).blinding.priors == priors


def test_priors_are_allowed_when_a_protocol_says_nothing_and_other_words_are_refused() -> None:
    assert parse_protocol(STUDY).blinding.priors == "allowed"
    with pytest.raises(GraticuleError):
        parse_protocol({**STUDY, "blinding": {"priors": "perhaps"}})
