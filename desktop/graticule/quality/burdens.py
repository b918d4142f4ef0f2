"""Which share of the time or of the beats is abnormal."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from graticule.domain.elements import Episode
from graticule.quality.episodes import Span, joined, without
from graticule.quality.heartbeats import Heartbeats
from graticule.quality.rate import Rate

PVC, PAC, PACED = "Vr", "AaJS", "/f"   # escape beats are neither premature
AF = {"afib": "af", "(AFIB": "af", "aflutter": "flutter", "(AFL": "flutter"}


@dataclass(frozen=True, slots=True)
class Burdens:
    """af, flutter: ticks of the record that counts. pvc, pac, paced: beats of the beats that count."""

    af: Rate
    flutter: Rate
    pvc: Rate
    pac: Rate
    paced: Rate


def burdens(beats: Heartbeats, episodes: Iterable[Episode]) -> Burdens:
    """Noise and fibrillation of the ventricles are in neither part of a share."""
    spans: dict[str, list[Span]] = {"af": [], "flutter": []}
    for episode in episodes:
        sort = AF.get(episode.code.code)
        if sort and episode.track == "rhythm":
            spans[sort].append((episode.start, episode.end))
    return Burdens(_time(beats, spans["af"]), _time(beats, spans["flutter"]), _share(beats, PVC), _share(beats, PAC),
                   _share(beats, PACED))


def _time(beats: Heartbeats, spans: list[Span]) -> Rate:
    kept = without(joined(spans), list(beats.left_out))
    return Rate(sum(end - start for start, end in kept), beats.counted_ticks)


def _share(beats: Heartbeats, symbols: str) -> Rate:
    chosen = np.isin(beats.symbols, list(symbols)) & beats.counted
    return Rate(int(chosen.sum()), int(beats.counted.sum()))
