"""The same key gives the same names again; another key gives others, and nothing leads from one to the other."""

import pydicom
from hypothesis import given
from hypothesis import strategies as st

from formats.deidentify.making import KEY, OTHER
from graticule.formats.deidentify.key import MOST_DAYS

names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=64)


@given(names)
def test_a_uid_is_valid_stable_and_of_its_project(original):
    made = KEY.uid(original)
    assert made == KEY.uid(original) and made.startswith("2.25.") and len(made) <= 64 and pydicom.uid.UID(made).is_valid
    assert made != OTHER.uid(original)


@given(names, names)
def test_patients_are_told_apart_by_issuer_and_number(issuer, number):
    patient = KEY.patient(issuer, number)
    assert patient == KEY.patient(issuer, number + " ") and 1 <= patient.days <= MOST_DAYS
    assert patient.pseudonym != OTHER.patient(issuer, number).pseudonym
    if number.strip(" \0"):
        assert KEY.patient("", issuer + number) != KEY.patient(issuer, number) or not issuer.strip(" \0")


def test_parts_do_not_run_into_each_other():
    assert KEY.digest("a", "bc", "d") != KEY.digest("a", "b", "cd") and KEY.digest("ab", "c") != KEY.digest("a", "bc")
