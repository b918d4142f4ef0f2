"""Two annotations of the open ECG compared by EC57: the tables, and behind each cell the beats, runs or episodes it counts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Labels
from graticule.domain.progress import Progress
from graticule.domain.recording import Recording
from graticule.jobs import Handle
from graticule.presenters.ecg_sources import EcgSources
from graticule.presenters.open_case import OpenCase
from graticule.presenters.time_marks import mark_text
from graticule.quality.ec57_beats import ByBeat, Pair, beat_by_beat
from graticule.quality.ec57_episodes import AF, ST, VF, ByEpisode, Judged, episode_by_episode
from graticule.quality.ec57_labels import marks_of
from graticule.quality.ec57_marks import STANDARD_LEARNING_S, Terms
from graticule.quality.ec57_matrix import ROWS
from graticule.quality.ec57_runs import LENGTHS, LONG, SORTS, ByRun, Run, run_by_run
from graticule.quality.rate import Rate

LANE = "ec57"
BEATS, VE_SE, VE_PPV, SVE_SE, SVE_PPV = "beats", "ve-se", "ve-ppv", "sve-se", "sve-ppv"
TABLES = (BEATS, VE_SE, VE_PPV, SVE_SE, SVE_PPV, AF, VF, ST)
REFERENCE, TEST, FOUND, MISSED = "reference", "test", "found", "missed"

Cell = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Place:
    """One thing that a cell counts."""

    tick: int
    words: str


@dataclass(frozen=True, slots=True)
class Table:
    """rows, columns: names of the reference's and the tested side's classes. agree: cells in which both say the same.

    figures: (name, rate) under the table; extra: further (name, words).
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: Mapping[Cell, int]
    agree: frozenset[Cell]
    figures: tuple[tuple[str, Rate], ...]
    extra: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    terms: Terms
    beats: ByBeat
    ve: ByRun
    sve: ByRun
    episodes: Mapping[str, ByEpisode]


class Ec57Desk:
    """found: the last comparison, None before one. places, at: what the chosen cell counts and which of it is shown."""

    def __init__(self, opened: OpenCase, recording: Recording, sources: EcgSources) -> None:
        self._opened, self._recording, self.sources = opened, recording, sources
        self._job: Handle | None = None
        self.found: Compared | None = None
        self.places: list[Place] = []
        self.at: int | None = None

    def compare(self, one: str, two: str, *, learning: bool, done: Callable[[], None],
                failed: Callable[[GraticuleError], None]) -> None:
        """learning: leave out the first five minutes, as EC57 does for programs; between readers one counts them."""
        self.forget()
        recording = self._recording
        terms = Terms(recording.rate, recording.ticks, STANDARD_LEARNING_S if learning else 0)
        sides = self.sources.annotation(one), self.sources.annotation(two)

        def came(found: Compared) -> None:
            self.found = found
            done()

        self._job = self._opened.runner.start(lambda progress: _compared(*sides, terms, progress), done=came, failed=failed,
                                              lane=LANE, title="Comparing the annotations")

    def forget(self) -> None:
        if self._job is not None:
            self._job.cancel()
        self._job = self.found = self.at = None
        self.places = []

    def table(self, name: str) -> Table | None:
        if self.found is None:
            return None
        if name == BEATS:
            return _beats(self.found.beats)
        if name in (AF, VF, ST):
            return _episodes(self.found.episodes[name])
        return _runs(_run_side(self.found, name), self.found.ve if name.startswith("ve") else self.found.sve)

    def choose(self, name: str, cell: Cell) -> list[Place]:
        """What a cell counts, in order of time; none of it is shown yet."""
        self.at = None
        self.places = sorted(self._behind(name, cell), key=lambda place: place.tick) if self.found is not None else []
        return self.places

    def step(self, by: int) -> Place | None:
        """The next (1) or previous (−1) of them; it stays at either end."""
        if not self.places:
            return None
        return self.show((-1 if by > 0 else len(self.places)) + by if self.at is None else self.at + by)

    def show(self, at: int) -> Place:
        self.at = max(0, min(at, len(self.places) - 1))
        return self.places[self.at]

    def _behind(self, name: str, cell: Cell) -> list[Place]:
        found = self.found
        if found is None:
            return []
        if name == BEATS:
            return [Place(pair.tick, _pair_words(pair)) for pair in found.beats.cell(*cell)]
        if name in (AF, VF, ST):
            side = found.episodes[name].by_reference if cell[0] == REFERENCE else found.episodes[name].by_test
            return [Place(e.start, self._lasts(e)) for e in side if e.matched == (cell[1] == FOUND)]
        length = {_length(n): n for n in LENGTHS}
        return [Place(self._first(run), f"{cell[0]} → {cell[1]}") for run in _run_side(found, name)
                if (run.reference, run.test) == (length[cell[0]], length[cell[1]])]

    def _first(self, run: Run) -> int:
        return max(0, run.start + Terms(self._recording.rate, 0).window)

    def _lasts(self, episode: Judged) -> str:
        seconds, shared = (self._recording.seconds(ticks) for ticks in (episode.duration, episode.overlap))
        return f"{seconds:.1f} s ({shared:.1f} s)"

    def when(self, place: Place) -> str:
        return mark_text(self._recording.seconds(place.tick), 0.1)


def _pair_words(pair: Pair) -> str:
    """ "V → N", "V → –  MLII": both letters, and the lead when the beat is not of all leads."""
    one, two = pair.reference, pair.test
    lead = (one.lead if one else "") or (two.lead if two else "")
    return f"{one.symbol if one else '–'} → {two.symbol if two else '–'}" + (f"  {lead}" if lead else "")


def _compared(one: Labels, two: Labels, terms: Terms, progress: Progress) -> Compared:
    steps = 4
    progress.step(0, steps)
    ours, theirs = marks_of(one), marks_of(two)
    progress.step(1, steps)
    beats = beat_by_beat(ours, theirs, terms)
    progress.step(2, steps)
    ve, sve = (run_by_run(ours, theirs, terms, supraventricular=sv) for sv in (False, True))
    progress.step(3, steps)
    return Compared(terms, beats, ve, sve, {sort: episode_by_episode(ours, theirs, terms, sort) for sort in (AF, VF, ST)})


def _beats(found: ByBeat) -> Table:
    matrix = found.matrix
    rms = matrix.rms_rr_ms
    figures = (("QRS Se", matrix.qrs_se), ("QRS +P", matrix.qrs_ppv), ("VEB Se", matrix.veb_se), ("VEB +P", matrix.veb_ppv),
               ("SVEB Se", matrix.sveb_se), ("SVEB +P", matrix.sveb_ppv))
    extra = (("RR error (RMS)", "–" if rms is None else f"{rms:.2f} ms"), ("Shutdown", f"{matrix.shutdown_s} s"))
    agree = frozenset((name, name) for name in ROWS[:5])
    return Table(ROWS, ROWS, matrix.counts, agree, figures, extra)


def _run_side(found: Compared, name: str) -> Sequence[Run]:
    runs = found.ve if name.startswith("ve") else found.sve
    return runs.by_reference if name.endswith("se") else runs.by_test


def _runs(side: Sequence[Run], runs: ByRun) -> Table:
    counts: dict[Cell, int] = {}
    for run in side:
        key = (_length(run.reference), _length(run.test))
        counts[key] = counts.get(key, 0) + 1
    words = {"couplet": "Couplets", "short_run": "Runs 3–5", "long_run": "Runs > 5"}
    figures = tuple((f"{words[sort]} {which}", rate) for sort, lengths in SORTS.items()
                    for which, rate in (("Se", runs.counts.se(lengths)), ("+P", runs.counts.ppv(lengths))))
    names = tuple(_length(n) for n in LENGTHS)
    return Table(names, names, counts, frozenset((name, name) for name in names), figures)


def _length(beats: int) -> str:
    return str(beats) if beats < LONG else ">5"


def _episodes(found: ByEpisode) -> Table:
    counts = {(side, state): sum(e.matched == (state == FOUND) for e in episodes)
              for side, episodes in ((REFERENCE, found.by_reference), (TEST, found.by_test)) for state in (FOUND, MISSED)}
    c = found.counts
    figures = (("Episodes Se", c.se), ("Episodes +P", c.ppv))
    extra = tuple((name, "–" if rate.value is None else f"{100 * rate.value:.1f} %")
                  for name, rate in (("Duration Se", c.duration_se), ("Duration +P", c.duration_ppv)))
    return Table((REFERENCE, TEST), (FOUND, MISSED), counts, frozenset({(REFERENCE, FOUND), (TEST, FOUND)}), figures, extra)
