from graticule.domain.viewing import Look
from graticule.presenters.viewing import MOST_MS, ViewingRecord


def look(where: int, view: str = "axial") -> Look:
    return Look(view, where, (0, 0, 1, 1), 1000, ("400", "40"), 0)


def test_what_was_scrolled_past_does_not_count_and_what_stands_does() -> None:
    record = ViewingRecord()
    record.see(look(1), 0)
    record.see(look(2), 100)
    record.see(look(3), 200)
    record.see(look(3), 900)
    record.see(look(4), 1200)
    taken = record.take(1300)
    assert [(one.where, one.shown_ms) for one in taken] == [(3, 1000)]


def test_taking_does_not_stop_the_clock_and_hiding_does() -> None:
    record = ViewingRecord()
    record.see(look(1), 0)
    record.see(look(5, "coronal"), 0)
    assert {one.view for one in record.take(500)} == {"axial", "coronal"}
    record.hide("coronal", 900)
    record.hide_all(1500)
    assert [(one.view, one.shown_ms) for one in record.take(9000)] == [("coronal", 400), ("axial", 1000)]


def test_an_empty_chair_reads_nothing() -> None:
    record = ViewingRecord()
    record.see(look(1), 0)
    record.hide_all(10 * MOST_MS)
    assert record.take(10 * MOST_MS)[0].shown_ms == MOST_MS
