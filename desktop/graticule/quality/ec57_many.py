"""EC57 figures over many records: gross (every beat, run or episode weighs the same) and average (every record does)."""

from collections.abc import Sequence
from dataclasses import dataclass

from graticule.quality.ec57_episodes import EpisodeCounts
from graticule.quality.ec57_matrix import FIGURES, BeatMatrix, gross
from graticule.quality.ec57_runs import SORTS, RunCounts
from graticule.quality.rate import Rate, average


@dataclass(frozen=True, slots=True)
class Overall:
    """One figure over many records. average: of the records in which there was something to count; None where there is none."""

    gross: Rate
    average: float | None


def beats_overall(records: Sequence[BeatMatrix]) -> dict[str, Overall]:
    """By the name of the figure, such as "veb_se". `sumstats` forgives fusion beats called S here, which `bxb` does not."""
    whole = gross(records)
    return {name: Overall(getattr(whole, name), average(getattr(record, name) for record in records)) for name in FIGURES}


def rms_rr_average(records: Sequence[BeatMatrix]) -> float | None:
    """Mean of the records' RMS errors of the RR interval, in ms."""
    known = [record.rms_rr_ms for record in records if record.rms_rr_ms is not None]
    return sum(known) / len(known) if known else None


def runs_overall(records: Sequence[RunCounts]) -> dict[str, Overall]:
    """By the name of the figure: "couplet_se", "long_run_ppv" …"""
    whole = sum(records, RunCounts())
    out = {}
    for name, lengths in SORTS.items():
        out[f"{name}_se"] = Overall(whole.se(lengths), average(record.se(lengths) for record in records))
        out[f"{name}_ppv"] = Overall(whole.ppv(lengths), average(record.ppv(lengths) for record in records))
    return out


def episodes_overall(records: Sequence[EpisodeCounts]) -> dict[str, Overall]:
    """By the name of the figure; records must share one rate, since durations are in ticks."""
    names = ("se", "ppv", "duration_se", "duration_ppv")
    return {name: Overall(Rate(sum(getattr(r, name).hits for r in records), sum(getattr(r, name).total for r in records)),
                          average(getattr(r, name) for r in records)) for name in names}
