"""An ECG: leads on one clock. Positions are 0-based integer ticks, intervals are [start, end)."""

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from graticule.domain.geometry import Array
from graticule.domain.stored_samples import StoredSamples
from graticule.domain.volume import Doubt

STANDARD_LEADS = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")


@dataclass(frozen=True, eq=False)
class Lead:
    """One channel.

    digital: (samples,) integers as stored, in memory or (long records) read where they are sliced; `invalid` is the sample value
    that means "no signal here".
    millivolts = (digital − baseline) / gain.
    step: record ticks per sample (1 for the fastest lead).
    """

    name: str
    digital: Array | StoredSamples
    gain: float
    baseline: float = 0.0
    step: int = 1
    invalid: int | None = None
    derived: bool = False
    unit: str = "mV"

    def physical(self, start: int = 0, end: int | None = None) -> Array:
        """(n,) float64 in `unit` for samples [start, end) of this lead; NaN where there was no signal."""
        part = self.digital[start:end]
        values = (part.astype(np.float64) - self.baseline) / self.gain
        if self.invalid is not None:
            values[part == self.invalid] = np.nan
        return values


@dataclass(eq=False)
class Recording:
    """Leads on the record clock.

    rate: ticks per second, rational (the highest lead rate).
    ticks: length of the record on that clock.
    filters: what the file says was applied ("0.05–150 Hz, notch 50 Hz"), "" when it says nothing.
    synthetic: True when no heart made it; the strip is then marked.
    """

    leads: tuple[Lead, ...]
    rate: Fraction
    ticks: int
    filters: str = ""
    synthetic: bool = False
    doubts: tuple[Doubt, ...] = ()
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def duration_s(self) -> float:
        return float(self.ticks / self.rate)

    def seconds(self, tick: int) -> float:
        return float(Fraction(tick) / self.rate)

    def tick(self, seconds: float) -> int:
        """The tick nearest to a time, kept inside the record (`ticks` is allowed: an interval's end)."""
        return max(0, min(self.ticks, round(Fraction(seconds) * self.rate)))

    def lead(self, name: str) -> Lead | None:
        return next((lead for lead in self.leads if lead.name.lower() == name.lower()), None)

    @property
    def twelve_lead(self) -> bool:
        names = {lead.name.lower() for lead in self.leads}
        return all(name.lower() in names for name in STANDARD_LEADS)
