"""All numbers of one ECG's labels together."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from graticule.domain.elements import Episode
from graticule.domain.labels import Labels
from graticule.quality.burdens import Burdens, burdens
from graticule.quality.ectopy import Ectopy, ectopy
from graticule.quality.heart_rate import OVER_BEATS, PAUSES_MS, At, Hour, Rates, hourly, longest, pauses, rates
from graticule.quality.heartbeats import heartbeats
from graticule.quality.variability import Variability, variability


@dataclass(frozen=True, slots=True)
class EcgNumbers:
    """beats: those that count, of all that are marked. pauses: by threshold in ms. left_out_s: noise and fibrillation."""

    beats: int
    marked: int
    left_out_s: float
    rates: Rates
    hours: tuple[Hour, ...]
    pauses: tuple[tuple[int, tuple[At, ...]], ...]
    longest: At | None
    ventricular: Ectopy
    supraventricular: Ectopy
    burdens: Burdens
    variability: Variability


def ecg_numbers(labels: Labels, rate: Fraction, end: int, *, pauses_ms: Sequence[int] = PAUSES_MS,
                over: int = OVER_BEATS) -> EcgNumbers:
    """end: ticks of the record. pauses_ms: what counts as a pause. over: intervals of the slowest and fastest rate."""
    found, episodes = heartbeats(labels, rate, end), labels.of(Episode)
    return EcgNumbers(
        int(found.counted.sum()), int(found.ticks.size), float((end - found.counted_ticks) / rate), rates(found, over),
        tuple(hourly(found, over)), tuple((ms, tuple(pauses(found, ms))) for ms in pauses_ms), longest(found),
        ectopy(found, "V"), ectopy(found, "S"), burdens(found, episodes), variability(found))
