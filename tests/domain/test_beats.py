"""Beats as columns: what a change does, that it goes back, and that it refuses what it does not fit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graticule.domain.beats import ABSENT, REFUSED, BeatChange, BeatTable, apply_beats, beat_change, merge_beats
from graticule.domain.edits import Edit, apply
from graticule.domain.elements import Beat
from graticule.domain.errors import EditMismatch, GraticuleError
from graticule.domain.labels import AUTHOR_HAND, AUTHOR_MACHINE, Labels
from label_strategies import beat_changes


def table_of(rows: dict[int, str], author: int = AUTHOR_MACHINE) -> BeatTable:
    table = BeatTable()
    change = beat_change("", table, np.array(list(rows)), np.array([ord(s) for s in rows.values()]), author)
    if change is not None:
        apply_beats(table, change)
    return table


def told(table: BeatTable) -> dict[int, str]:
    return {int(t): chr(s) for t, s in zip(table.ticks, table.symbols, strict=True)}


def test_rows_come_change_and_go_in_one_act():
    table = table_of({10: "N", 20: "N", 30: "V"})
    change = beat_change("", table, np.array([40, 20, 10]), np.array([ord("S"), ord("V"), ABSENT]), AUTHOR_HAND)
    apply_beats(table, change)
    assert told(table) == {20: "V", 30: "V", 40: "S"}
    assert change.span == (10, 41)
    apply_beats(table, change.inverse())
    assert told(table) == {10: "N", 20: "N", 30: "V"}


def test_a_change_of_what_is_so_already_is_none():
    assert beat_change("", table_of({10: "N"}), np.array([10]), ord("N"), AUTHOR_MACHINE) is None


def test_a_change_that_does_not_fit_leaves_the_table_as_it_was():
    table = table_of({10: "N"})
    change = beat_change("", table, np.array([10, 20]), ord("V"), AUTHOR_HAND)
    other = table_of({10: "S"})
    with pytest.raises(EditMismatch):
        apply_beats(other, change)
    assert told(other) == {10: "S"}


@pytest.mark.parametrize(("ticks", "symbol"), [([-1], ord("N")), ([5, 5], ord("N")), ([5], 7)])
def test_rows_that_no_table_may_hold_are_refused(ticks, symbol):
    with pytest.raises(GraticuleError, match="cannot be stored"):
        beat_change("", BeatTable(), np.array(ticks), symbol, AUTHOR_HAND)


def test_beats_of_tables_are_beats_to_everybody_but_struck_out_ones():
    labels = Labels()
    labels.beats["II"] = table_of({30: "N", 40: chr(REFUSED)})
    labels.put("beat", "e", Beat(id="e", tick=5, symbol="V"))
    held = [(b.tick, b.symbol, b.lead, b.provenance) for b in labels.of(Beat)]
    assert held == [(5, "V", None, "hand"), (30, "N", "II", "machine")]
    assert [b.tick for b in labels.beats_between(6, 31)] == [30]
    assert not labels.empty


@given(st.data())
def test_any_acts_go_back_and_merge(data: st.DataObject):
    labels, before = Labels(), Labels()
    changes: list[BeatChange] = []
    for _ in range(data.draw(st.integers(0, 5))):
        change = data.draw(beat_changes(labels))
        if change is not None:
            apply(labels, Edit("x", (change,)))
            changes.append(change)
    merged = before.copy()
    apply(merged, Edit("x", tuple(merge_beats(changes))))
    assert merged == labels
    apply(labels, Edit("x", tuple(changes)).inverse())
    assert labels == before
