"""The numbers of an ECG's beats as fields of `graticule labels`."""

from typing import Any

from graticule.domain.labels import Labels
from graticule.domain.recording import Recording


def number_fields(labels: Labels, recording: Recording) -> dict[str, Any]:
    """Shares between 0 and 1, times in seconds or ms as named; null where there was nothing to count. {} without beats.

    Noise and fibrillation of the ventricles are left out of all of them; variability counts NN intervals alone.
    """
    from graticule.quality.ecg_numbers import ecg_numbers

    found = ecg_numbers(labels, recording.rate, recording.ticks)
    if not found.marked:
        return {}
    burdens, v = found.burdens, found.variability
    return {"beats_counted": found.beats, "left_out_s": found.left_out_s, "rate_mean": found.rates.mean,
            "rate_min": found.rates.slowest.value if found.rates.slowest else None,
            "rate_max": found.rates.fastest.value if found.rates.fastest else None, "rate_over_beats": found.rates.over,
            "longest_rr_ms": found.longest.value if found.longest else None,
            "pauses": {f"{ms / 1000:g}": len(all_of) for ms, all_of in found.pauses},
            "burden": {name: getattr(burdens, name).value for name in ("af", "flutter", "pvc", "pac", "paced")},
            **{kind: {"beats": e.beats, "couplets": len(e.couplets), "runs": len(e.runs),
                      "longest_run": e.longest.beats if e.longest else 0, "bigeminy": len(e.bigeminy),
                      "trigeminy": len(e.trigeminy)}
               for kind, e in (("ventricular", found.ventricular), ("supraventricular", found.supraventricular))},
            "hrv": {"nn": v.intervals, "mean_nn_ms": v.mean_nn, "sdnn_ms": v.sdnn, "rmssd_ms": v.rmssd, "pnn50_percent": v.pnn50,
                    "sdann_ms": v.sdann, "sdnn_index_ms": v.sdnn_index}}
