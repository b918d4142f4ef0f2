import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graticule.quality.answers import classes_agree, gwet_ac1, numbers_agree, sets_agree, weighted_kappa


def test_kappa_of_the_textbook_table() -> None:
    """Cohen's κ of 20/5/10/15 is 0.4 (po 0.70, pe 0.50)."""
    assert weighted_kappa(np.array([[20.0, 5], [10, 15]]), ranked=False) == pytest.approx(0.4)


def test_the_paradox_of_a_rare_finding_shows_beside_ac1() -> None:
    """118 of 125 agree, but κ is near zero: Gwet 2008's example (AC1 0.94)."""
    table = np.array([[118.0, 5], [2, 0]])
    assert weighted_kappa(table, ranked=False) == pytest.approx(-0.0234, abs=1e-3)
    assert gwet_ac1(table) == pytest.approx(0.9408, abs=1e-3)


def test_weights_forgive_neighbours() -> None:
    one = {str(n): value for n, value in enumerate(["absent", "possible", "present", "absent", "present"])}
    near, far = {**one, "1": "present"}, {**one, "0": "present"}
    order = ("absent", "possible", "present")
    assert classes_agree(one, near, order).kappa > classes_agree(one, far, order).kappa  # type: ignore[operator]
    assert classes_agree(one, one, order).kappa == 1.0 and classes_agree(one, near).weighted is False


def test_missing_answers_are_counted_and_nothing_is_made_up() -> None:
    found = classes_agree({"a": "x", "b": "x"}, {"b": "x", "c": "y"})
    assert (found.n, found.missing, found.agreement) == (1, 2, 1.0)
    assert classes_agree({"a": "x"}, {"b": "x"}).agreement is None
    assert classes_agree({"a": "x"}, {"a": "x"}).kappa is None, "one class has no chance-corrected agreement"


def test_numbers_have_limits_of_agreement() -> None:
    found = numbers_agree({"a": "8.0", "b": "6.0"}, {"a": "9.0", "b": "6.0"})
    assert found.mean_difference == 0.5 and found.limits == pytest.approx((0.5 - 1.96 * 2**-0.5, 0.5 + 1.96 * 2**-0.5))


def test_sets_compare_every_member() -> None:
    found = sets_agree({"a": frozenset({"x", "y"})}, {"a": frozenset({"x"})}, ("x", "y", "z"))
    assert found.agreement == pytest.approx(2 / 3) and found.n == 1


@given(
    st.dictionaries(st.text(min_size=1), st.sampled_from("abc"), min_size=1),
    st.dictionaries(st.text(min_size=1), st.sampled_from("abc")),
)
def test_kappa_never_leaves_its_range_and_is_symmetric(one: dict[str, str], two: dict[str, str]) -> None:
    first, second = classes_agree(one, two, "abc"), classes_agree(two, one, "abc")
    assert first.kappa == second.kappa or first.kappa == pytest.approx(second.kappa)
    assert first.kappa is None or first.kappa <= 1.0 + 1e-12
