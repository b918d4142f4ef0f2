"""Beats by hand: one letter of WFDB names the beat at the cursor and goes on to the next, as in WAVE."""

import numpy as np

from graticule.domain.beats import ABSENT, REFUSED, beat_change
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.labels import AUTHOR_HAND
from graticule.domain.recording import Recording
from graticule.presenters.open_case import OpenCase
from graticule.resources import load_ontology

NEAR_S = 0.06
ALL_LEADS = ""


class BeatTagging:
    """Acts on the table of beats that hold for all leads."""

    def __init__(self, opened: OpenCase, recording: Recording) -> None:
        self._opened, self._recording = opened, recording
        self.labels = {concept.key: concept.label for concept in load_ontology("beats")}

    def knows(self, letter: str) -> bool:
        """Whether a typed character names a beat."""
        return letter in self.labels

    def ticks(self) -> Array:
        """(n,) rising ticks of the beats there are; struck-out ones are none."""
        table = self._opened.workspace.labels.beats.get(ALL_LEADS)
        return table.ticks[table.symbols != REFUSED] if table is not None else np.empty(0, np.int64)

    def at(self, tick: int) -> tuple[int, str] | None:
        """(tick, symbol) of the beat nearest to a tick, within 60 ms; None where there is none."""
        ticks = self.ticks()
        if not ticks.size:
            return None
        place = int(np.clip(np.searchsorted(ticks, tick), 1, ticks.size)) if ticks.size > 1 else 0
        near = ticks[max(0, place - 1): place + 1]
        found = int(near[np.argmin(np.abs(near - tick))])
        if abs(found - tick) > self._recording.tick(NEAR_S):
            return None
        table = self._opened.workspace.labels.beats[ALL_LEADS]
        return found, chr(int(table.rows(np.array([found]))[0][0]))

    def name(self, tick: int, symbol: str) -> int:
        """Give the beat at a tick this symbol, or put one there; the tick it stands at."""
        if not self.knows(symbol):
            raise GraticuleError(f"“{symbol}” names no beat.")
        there = self.at(tick)
        at = there[0] if there else tick
        verb = "Name" if there else "Add"
        self._do(f"{verb} {self.labels[symbol].lower()} at {self._recording.seconds(at):.2f} s", [at], [ord(symbol)])
        return at

    def remove(self, tick: int) -> None:
        """Take the beat at a tick away; GraticuleError where there is none."""
        there = self._known(tick)
        self._do(f"Remove beat at {self._recording.seconds(there):.2f} s", [there], [ABSENT])

    def move(self, tick: int, to: int) -> None:
        """The beat at a tick stands elsewhere, with the same symbol."""
        there = self._known(tick)
        if to == there:
            return
        symbol = self._opened.workspace.labels.beats[ALL_LEADS].rows(np.array([there]))[0][0]
        self._do(f"Move beat to {self._recording.seconds(to):.2f} s", [there, to], [ABSENT, int(symbol)])

    def _known(self, tick: int) -> int:
        there = self.at(tick)
        if there is None:
            raise GraticuleError("There is no beat here.", "Go to one with , and . first.")
        return there[0]

    def _do(self, title: str, ticks: list[int], symbols: list[int]) -> None:
        workspace = self._opened.workspace
        table = workspace.labels.beat_table(ALL_LEADS)
        change = beat_change(ALL_LEADS, table, np.array(ticks, np.int64), np.array(symbols, np.uint8), AUTHOR_HAND)
        if change is not None:
            workspace.do(title, change)
