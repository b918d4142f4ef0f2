"""A made-up Holter on disk, as a recorder would write it: WFDB format 16, three leads at 250 Hz, with pacing spikes and beats.

The recipe: ten minutes of the 2:1 strip (ecg/synthetic.py) at 250 Hz, over and over; all leads grow by 2 % a block, five times;
every seventh minute one sample of 3 mV (a pacing spike); beats at 70 a minute, of which every 50th is ventricular and every 90th
supraventricular. The same bytes come out on every machine.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from graticule.domain.beats import BeatTable
from graticule.domain.geometry import Array
from graticule.domain.labels import AUTHOR_HAND, AUTHOR_MACHINE
from graticule.domain.recording import Recording
from graticule.formats.ecg.record import read_record

RATE, GAIN, LEADS = 250, 200, ("II", "V1", "V5")
BEATS_PER_MIN = 70
SPIKE_EVERY_S, SPIKE = 420, 600


@dataclass(frozen=True, eq=False)
class Holter:
    """header: the .hea of the record; spikes: ticks of pacing spikes in lead II; seconds: its length."""

    header: Path
    spikes: Array
    seconds: int

    def open(self) -> Recording:
        return read_record(self.header)


def build(folder: Path, days: float) -> Holter:
    """Write the record, block by block; it is 130 MB a day."""
    from fakes.ecg_case import synthetic

    seconds = round(days * 86_400)
    header, ticks = folder / "holter.hea", seconds * RATE
    block = _block(synthetic("2to1", 600))
    spikes = np.arange(SPIKE_EVERY_S * RATE // 2, ticks, SPIKE_EVERY_S * RATE)
    with (folder / "holter.dat").open("wb") as file:
        for n, start in enumerate(range(0, ticks, block.shape[0])):
            part = (block[: min(block.shape[0], ticks - start)] * (1 + 0.02 * (n % 5))).astype("<i2")
            part[spikes[(spikes >= start) & (spikes < start + part.shape[0])] - start, 0] = SPIKE
            file.write(part.tobytes())
    lines = [f"holter {len(LEADS)} {RATE} {ticks}", *(f"holter.dat 16 {GAIN}/mV 16 0 0 0 0 {name}" for name in LEADS)]
    header.write_text("\n".join(lines) + "\n", encoding="ascii")
    return Holter(header, spikes, seconds)


def beats(seconds: int) -> BeatTable:
    """A table of 70 beats a minute: 100,800 a day."""
    ticks = np.arange(RATE // 2, seconds * RATE, RATE * 60 / BEATS_PER_MIN).astype(np.int64)
    symbols = np.full(ticks.size, ord("N"), np.uint8)
    symbols[::50], symbols[::90] = ord("V"), ord("A")
    authors = np.full(ticks.size, AUTHOR_MACHINE, np.uint8)
    authors[::3] = AUTHOR_HAND
    table = BeatTable()
    table.fill(ticks, symbols, authors)
    return table


def _block(strip: Recording) -> Array:
    """(samples, leads) of ten minutes at 250 Hz, 200 digits a millivolt."""
    rows = [np.rint(lead.physical()[::2] * GAIN) for lead in strip.leads]
    return np.stack(rows, axis=1)
