from graticule.presenters.effort import IDLE_MS, EffortClock


def test_short_pauses_are_work_and_long_ones_are_not() -> None:
    now = [0]
    effort = EffortClock("2026-03-01T09:00:00+00:00", lambda: now[0])
    for now[0] in (1_000, 4_000, 4_000 + IDLE_MS + 1, 4_000 + IDLE_MS + 501):
        effort.act()
    assert effort.total().active_ms == 4_500
