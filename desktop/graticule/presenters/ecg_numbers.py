"""The numbers of an ECG's annotation in words, each with what it leaves out, and where on the strip it was found."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from graticule.domain.errors import GraticuleError
from graticule.domain.recording import Recording
from graticule.jobs import Handle
from graticule.presenters.ecg_sources import EcgSources
from graticule.presenters.open_case import OpenCase
from graticule.presenters.time_marks import mark_text
from graticule.quality.ecg_numbers import EcgNumbers, ecg_numbers
from graticule.quality.ectopy import Ectopy
from graticule.quality.heart_rate import At, Hour
from graticule.quality.rate import Rate

LANE = "ecg-numbers"
MOST_PAUSES = 12


@dataclass(frozen=True, slots=True)
class Line:
    """section, name: in English, for translation; n: stands for "{n}" in it. tick: where it was found, if anywhere."""

    section: str
    name: str
    value: str
    tick: int | None = None
    at: str = ""
    n: str = ""


class EcgNumbersDesk:
    """found: the numbers of the source asked last; None before they are there or when it has no beats."""

    def __init__(self, opened: OpenCase, recording: Recording, sources: EcgSources) -> None:
        self._opened, self._recording, self.sources = opened, recording, sources
        self._job: Handle | None = None
        self.found: EcgNumbers | None = None

    def ask(self, key: str, done: Callable[[], None], failed: Callable[[GraticuleError], None]) -> None:
        """Count in a job; the newest question wins."""
        self.forget()
        labels = self.sources.annotation(key)
        rate, end = self._recording.rate, self._recording.ticks

        def came(found: EcgNumbers) -> None:
            self.found = found if found.marked else None
            done()

        self._job = self._opened.runner.start(lambda progress: ecg_numbers(labels, rate, end), done=came, failed=failed,
                                              lane=LANE)

    def forget(self) -> None:
        if self._job is not None:
            self._job.cancel()
        self._job = self.found = None

    def lines(self) -> list[Line]:
        found = self.found
        if found is None:
            return []
        return [*self._rates(found), *self._pauses(found), *_burdens(found), *self._ectopy("Ventricular", found.ventricular),
                *self._ectopy("Supraventricular", found.supraventricular), *_variability(found), *self._hours(found)]

    def left_out(self) -> str:
        """The seconds in which nothing counts, "" for none: noise, and fibrillation of the ventricles."""
        found = self.found
        return f"{found.left_out_s:.1f} s" if found is not None and found.left_out_s else ""

    def _rates(self, found: EcgNumbers) -> Iterator[Line]:
        r, section = found.rates, "Rate"
        yield Line(section, "Beats counted", f"{found.beats}" + (f" / {found.marked}" if found.marked != found.beats else ""))
        yield Line(section, "Mean rate", _a_minute(r.mean))
        for name, extreme in (("Slowest over {n} beats", r.slowest), ("Fastest over {n} beats", r.fastest)):
            yield self._at(section, name, extreme, _a_minute(extreme.value if extreme else None), str(r.over))

    def _pauses(self, found: EcgNumbers) -> Iterator[Line]:
        section = "Pauses"
        longest = found.longest
        yield self._at(section, "Longest RR", longest, f"{longest.value / 1000:.2f} s" if longest else "–")
        for ms, pauses in found.pauses:
            yield Line(section, "Longer than {n} s", str(len(pauses)), n=f"{ms / 1000:g}")
        shortest = found.pauses[0][1] if found.pauses else ()
        for pause in sorted(shortest, key=lambda pause: -pause.value)[:MOST_PAUSES]:
            yield self._at(section, "Pause", pause, f"{pause.value / 1000:.2f} s")

    def _ectopy(self, section: str, found: Ectopy) -> Iterator[Line]:
        yield Line(section, "Beats", str(found.beats))
        couplets = found.couplets
        yield Line(section, "Couplets", str(len(couplets)), *self._where(couplets[0].tick if couplets else None))
        yield Line(section, "Runs of 3 or more", str(len(found.runs)))
        longest, fastest = found.longest, found.fastest
        if longest is not None and fastest is not None:
            yield Line(section, "Longest run", f"{longest.beats} ({_a_minute(longest.rate)})", *self._where(longest.tick))
            yield Line(section, "Fastest run", f"{_a_minute(fastest.rate)} ({fastest.beats})", *self._where(fastest.tick))
        for name, rows in (("Bigeminy", found.bigeminy), ("Trigeminy", found.trigeminy)):
            yield Line(section, name, str(len(rows)), *self._where(rows[0].tick if rows else None))

    def _hours(self, found: EcgNumbers) -> Iterator[Line]:
        if len(found.hours) > 1:
            for hour in found.hours:
                tick = self._recording.tick(3600 * hour.hour)
                yield Line("By hour", mark_text(3600 * hour.hour), _hour_words(hour), *self._where(tick))

    def _at(self, section: str, name: str, found: At | None, value: str, n: str = "") -> Line:
        return Line(section, name, value, *self._where(found.tick if found else None), n)

    def _where(self, tick: int | None) -> tuple[int | None, str]:
        return tick, "" if tick is None else mark_text(self._recording.seconds(tick), 0.1)


def _burdens(found: EcgNumbers) -> Iterator[Line]:
    b = found.burdens
    for name, rate, what in (("Atrial fibrillation", b.af, "time"), ("Atrial flutter", b.flutter, "time"),
                             ("PVC", b.pvc, "beats"), ("PAC", b.pac, "beats"), ("Paced", b.paced, "beats")):
        yield Line("Burden", name, _percent(rate) + (f" ({rate.hits})" if what == "beats" and rate.hits else ""))


def _variability(found: EcgNumbers) -> Iterator[Line]:
    v, section = found.variability, "Variability of NN"
    for name, value, unit in (("Mean NN", v.mean_nn, "ms"), ("SDNN", v.sdnn, "ms"), ("RMSSD", v.rmssd, "ms"),
                              ("pNN50", v.pnn50, "%"), ("SDANN", v.sdann, "ms"), ("SDNN index", v.sdnn_index, "ms")):
        yield Line(section, name, "–" if value is None else f"{value:.1f} {unit}")
    yield Line(section, "NN used", f"{v.intervals}")
    yield Line(section, "RR left out", f"{v.left_out}")


def _hour_words(hour: Hour) -> str:
    r = hour.rates
    ends = [f"{at.value:.0f}" if at else "–" for at in (r.slowest, r.fastest)]
    return f"{'–' if r.mean is None else f'{r.mean:.0f}'} ({ends[0]}–{ends[1]})"


def _a_minute(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f} /min"


def _percent(rate: Rate) -> str:
    return "–" if rate.value is None else f"{100 * rate.value:.2f} %"
