"""Beats on the strip: letters where there is room, counts where there is not."""

import numpy as np

from fakes.ecg_case import plain
from graticule.domain.beats import BeatTable
from graticule.domain.labels import AUTHOR_HAND, AUTHOR_MACHINE
from graticule.presenters.beat_marks import BeatClass, BeatMarks, Density, Letters


def table(ticks: np.ndarray, symbols: str, author: int = AUTHOR_HAND) -> BeatTable:
    made = BeatTable()
    letters = np.frombuffer(symbols.encode(), np.uint8).copy()
    made.fill(np.asarray(ticks, np.int64), letters, np.full(len(ticks), author, np.uint8))
    return made


def test_letters_stand_at_their_times_and_struck_out_beats_do_not() -> None:
    beats = {"": table(np.array([250, 500, 750]), "N-V", AUTHOR_MACHINE)}
    shown = BeatMarks(plain(seconds=10), lambda: beats).shown(0, 10, 1000)
    assert isinstance(shown, Letters)
    assert shown.seconds.tolist() == [1, 3] and bytes(shown.symbols) == b"NV" and shown.drafts.all()


def test_a_single_ventricular_beat_among_thousands_is_seen() -> None:
    ticks = np.arange(100, 15_000 * 100, 100)
    letters = ["N"] * ticks.size
    letters[7_000] = "V"
    beats = {"": table(ticks, "".join(letters))}
    shown = BeatMarks(plain(seconds=6000), lambda: beats).shown(0, 6000, 500)
    assert isinstance(shown, Density)
    assert shown.counts.sum() == ticks.size
    column = int(ticks[7_000] / 250 / 6000 * 500)
    assert np.flatnonzero(shown.gravest == BeatClass.VENTRICULAR).tolist() == [column]


def test_tables_of_several_leads_are_one_row_and_changes_are_followed() -> None:
    beats = {"": table(np.array([500]), "N"), "V1": table(np.array([250, 750]), "AE")}
    marks = BeatMarks(plain(seconds=10), lambda: beats)
    assert bytes(marks.shown(0, 10, 1000).symbols) == b"ANE"
    beats["V1"].fill(beats["V1"].ticks, beats["V1"].symbols[::-1].copy(), beats["V1"].authors)
    assert bytes(marks.shown(0, 10, 1000).symbols) == b"ENA"
    assert marks.shown(4, 5, 1000) is None
