"""Dates of a patient all move by the same number of whole days; what is not said stays unsaid."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from graticule.formats.deidentify.ages import age_of, capped
from graticule.formats.deidentify.dates import shifted_date, shifted_iso, shifted_moment, shifted_parts

days = st.integers(1, 3650)
when = st.dates(date(1900, 1, 1), date(2100, 1, 1))


@given(when, when, days)
def test_intervals_stay(one, two, by):
    moved = [date.fromisoformat(shifted_date(f"{day:%Y%m%d}", by)) for day in (one, two)]
    assert moved[1] - moved[0] == two - one and moved[0] == one - timedelta(days=by)


@given(when, days, st.sampled_from(["", "09", "0910", "091011", "091011.123456", "091011+0200"]))
def test_a_moment_moves_as_its_day_does(day, by, rest):
    moved = shifted_moment(f"{day:%Y%m%d}{rest}", by)
    assert moved == shifted_date(f"{day:%Y%m%d}", by) + rest
    assert shifted_iso(day.isoformat(), by).replace("-", "") == moved[:8]
    assert shifted_parts(f"{day:%d/%m/%Y}", "dmy", "/", by) == f"{moved[6:8]}/{moved[4:6]}/{moved[:4]}"
    assert shifted_parts(f"{day:%m-%d-%Y}", "mdy", "-", by) == f"{moved[4:6]}-{moved[6:8]}-{moved[:4]}"


def test_precision_and_nonsense():
    assert shifted_moment("2001", 1) == "2000" and shifted_moment("200103", 1) == "200102"
    assert shifted_date("2011.01.05", 5) == "20101231"
    for text in ("JOHN DOE", "20111301", "00000000", "2011-01-05 SMITH", ""):
        assert shifted_date(text, 5) is None
    assert shifted_iso("yesterday", 1) is None and shifted_parts("a/b/c", "dmy", "/", 1) is None


def test_ages_are_capped_and_made_from_birth():
    assert capped("045Y") == "045Y" and capped("089Y") == "089Y" and capped("090Y") == capped("103Y") == "090Y"
    assert capped("999M") == "999M" and capped("DOE ") == ""
    assert age_of({"PatientBirthDate": "19500615", "StudyDate": "20000614"}) == "049Y"
    assert age_of({"PatientBirthDate": "19000101", "StudyDate": "20000614"}) == "090Y"
    assert age_of({"PatientBirthDate": "20000101", "StudyDate": "20000614"}) == "005M" and age_of({}) == ""
