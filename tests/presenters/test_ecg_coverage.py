"""What was on the screen, counted as the protocol asks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.ecg_case import plain, twelve_lead
from graticule.domain.viewing import Look
from graticule.presenters.coverage import dwell_ms, seen
from graticule.presenters.ecg import EcgPresenter
from graticule.presenters.ecg_looks import LookLog
from graticule.study.coverage import Coverage, parse_coverage


def look(start: int, end: int, ms: int = 1000, speed: str = "25", gain: str = "10", leads: tuple = ()) -> Look:
    return Look("ecg", start, (start, end), 4000, (speed, gain), ms, "", leads)


spans = st.tuples(st.integers(0, 900), st.integers(1, 300), st.integers(300, 2000), st.sampled_from(["5", "12.5", "25"]))


@given(st.lists(spans, max_size=12), st.sampled_from([300, 1000, 2500]), st.sampled_from([0, 125, 250]))
def test_coverage_is_what_counting_every_tick_gives(rows: list, least_ms: int, least_speed: int) -> None:
    looks = [look(a, min(1000, a + n), ms, speed) for a, n, ms, speed in rows]
    found = seen(looks, 1000, Coverage(1000, least_speed, 0, least_ms))
    dwell = [0] * 1000
    for one in looks:
        if float(one.window[0]) * 10 >= least_speed:
            for tick in range(*one.region):
                dwell[tick] += one.shown_ms
    expected = {tick for tick, ms in enumerate(dwell) if ms >= least_ms}
    assert {tick for a, b in found.spans for tick in range(a, b)} == expected
    assert found.permille == len(expected)
    assert {tick for a, b in found.gaps(1000) for tick in range(a, b)} == set(range(1000)) - expected


def test_named_leads_must_each_have_stood_there() -> None:
    looks = [look(0, 1000, leads=(("II", 0, 1000), ("V1", 0, 250)))]
    assert seen(looks, 1000, Coverage(leads=("II",))).permille == 1000
    assert seen(looks, 1000, Coverage(leads=("II", "V1"))).spans == ((0, 250),)
    assert seen(looks, 1000, Coverage(leads=("V6",))).permille == 0


def test_a_look_says_which_lead_stood_where() -> None:
    view = EcgPresenter(twelve_lead(), ("rhythm",))
    view.resize(1360, 900)
    log = LookLog()
    log.note(view, 0)
    (now,) = log.so_far(1000)
    leads = {name: (a, b) for name, a, b in now.leads if name != "II"}
    assert leads["V1"] == (2500, 3750) and leads["I"] == (0, 1250) and ("II", 0, 5000) in now.leads
    assert Look.from_json(now.as_json()) == now
    assert log.take(1000) == [now]


def test_an_overview_does_not_count_when_a_scale_is_asked() -> None:
    view = EcgPresenter(plain(seconds=600), ("rhythm",))
    view.resize(1360, 700)
    view.show_span(None)
    log = LookLog()
    log.note(view, 0)
    looks = log.take(5000)
    assert seen(looks, view.recording.ticks, Coverage()).permille == 1000
    assert seen(looks, view.recording.ticks, Coverage(least_speed=125)).permille == 0


def test_the_condition_of_a_protocol_is_read_and_said() -> None:
    made = parse_coverage({"least_speed": "12.5", "least_ms": 1000, "leads": ["II"]})
    assert made == Coverage(1000, 125, 0, 1000, ("II",))
    assert made.words() == "100 % of the record in II at 12.5 mm/s or more, each part for 1 s"
    assert parse_coverage(None) is None
    with pytest.raises(ValueError, match="more than the whole"):
        parse_coverage({"permille": 2000})


def test_the_bar_counts_dwell() -> None:
    bar = dwell_ms([look(0, 500, 700), look(250, 1000, 300)], 1000, 4)
    assert bar.tolist() == [700, 1000, 300, 300]
