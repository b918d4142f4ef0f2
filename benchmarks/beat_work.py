"""Rows 10b, 10c and 10d with beats: finding them in 24 hours of one lead, changing 100,000 at once, panning with 1.4 million."""

import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from benchmarks.figure import Figure, Timing, timed
from benchmarks.room import application
from graticule.domain.beats import beat_change
from graticule.domain.edits import Edit
from graticule.domain.labels import AUTHOR_HAND, AUTHOR_MACHINE, Labels
from graticule.domain.recording import Lead, Recording
from graticule.ecg.beat_classes import BeatDrafts
from graticule.ecg.beat_finder import find_beats
from graticule.ecg.beat_shapes import shapes_of
from graticule.editing.events import Bus
from graticule.editing.workspace import Workspace
from graticule.quality.beats import compare_beats
from graticule.records.edits import decode_edit, encode_edit
from graticule.ui.ecg_page import EcgPage

RATE, DAY = 250, 86400
SIZE, STEP_PX = (1400, 900), 12
RECORDS = ("100", "119", "201", "217", "231_first15min")


def run() -> Iterator[Figure]:
    application()
    recording = holter(1)
    yield Figure("10d", "find the beats of 24 h, one lead, 250 Hz", once(lambda: find_beats(recording)), *peer(recording))
    beats = find_beats(recording)
    yield Figure("10d", f"shapes of {len(beats):,} beats", once(lambda: shapes_of(recording, beats, recording.leads)),
                 "limit: one product with 60 shapes", once(lambda: product(len(beats))))
    yield from edits()
    for line in accuracy():
        print(line)
    for days in (1, 14):
        yield from panning(days)


def holter(days: int) -> Recording:
    """Two beats' worth of shapes at a wandering rate: a narrow one, every thirtieth wide and early."""
    ticks = days * DAY * RATE
    digital = np.zeros(ticks, np.int16)
    rng = np.random.default_rng(0)
    beats = days * 110_000
    wander = 0.86 + 0.08 * np.sin(np.arange(beats) / 3000)
    steps = np.rint(RATE * wander + rng.normal(0, 5, beats)).astype(np.int64)
    at = np.cumsum(steps)
    at = at[at < ticks - RATE]
    wide = np.arange(at.size) % 30 == 29
    for chosen, width, size in ((~wide, 20, 200), (wide, 46, -260)):
        shape = (size * (0.5 - 0.5 * np.cos(2 * np.pi * (np.arange(width) + 0.5) / width))).astype(np.int16)
        place = at[chosen] - (60 if width == 46 else 0)
        for n, value in enumerate(shape):
            digital[place + n] += value
    block = rng.integers(-4, 5, 1 << 20).astype(np.int16)
    for start in range(0, ticks, block.size):
        digital[start: start + block.size] += block[: ticks - start]
    return Recording((Lead("II", digital, 200.0),), Fraction(RATE), ticks)


def once(act: Callable[[], object], times: int = 3) -> Timing:
    spans = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        spans.append((time.perf_counter() - start) * 1000)
    return Timing(sorted(spans)[len(spans) // 2], max(spans))


def peer(recording: Recording) -> tuple[str, Timing]:
    """sleepecg's C detector where it is installed, else gqrs of wfdb on ten minutes, counted for the day."""
    signal = recording.leads[0].physical()
    try:
        import sleepecg
    except ImportError:
        from wfdb.processing import gqrs_detect

        part = once(lambda: gqrs_detect(sig=signal[: 600 * RATE], fs=RATE), 1)
        return "wfdb gqrs (10 min × 144)", Timing(part.p50 * 144, part.p95 * 144)
    return "sleepecg detect_heartbeats", once(lambda: sleepecg.detect_heartbeats(signal, RATE))


def product(count: int) -> None:
    rng = np.random.default_rng(0)
    shapes = rng.normal(size=(41, 60 * 5)).astype(np.float32)
    for start in range(0, count, 1 << 16):
        (rng.normal(size=(min(1 << 16, count - start), 41)).astype(np.float32) @ shapes).argmax(axis=1)


def edits() -> Iterator[Figure]:
    from fakes.journal import FakeJournal

    class Written(FakeJournal):
        """Keeps bytes, as the store does."""

        def append(self, edit: Edit, act, of: int):  # type: ignore[no-untyped-def]
            self.data = encode_edit(edit)
            return super().append(edit, act, of)

        def edit(self, seq: int) -> Edit:
            return decode_edit(encode_edit(super().edit(seq)))

    labels = Labels()
    ticks = np.cumsum(np.random.default_rng(0).integers(150, 260, 1_400_000))
    labels.beat_table().fill(ticks, np.full(ticks.size, ord("N"), np.uint8), np.full(ticks.size, AUTHOR_MACHINE, np.uint8))
    workspace = Workspace("c1:bench", labels, Written(), Bus())
    change = beat_change("", labels.beat_table(), ticks[500_000:600_000], ord("V"), AUTHOR_HAND)
    assert change is not None
    workspace.do("Change 100,000 beats", change)
    turns = (workspace.undo, workspace.redo)
    yield Figure("6b", "undo or redo 100,000 of 1.4 million beats, with its bytes", timed(lambda n: turns[n % 2](), 40),
                 "limit: one copy of the columns", timed(lambda n: (ticks.copy(), labels.beat_table().symbols.copy()), 40))


def accuracy() -> Iterator[str]:
    from graticule.formats.ecg.atr import BEATS, decode
    from graticule.formats.ecg.record import read_record
    from real_data import DATA

    folder: Path = DATA / "ecg" / "mitdb"
    for name in RECORDS if folder.is_dir() else ():
        path = folder / f"{name}.hea"
        recording = read_record(path)
        marks = decode(path.with_suffix(".atr").read_bytes()).marks
        reference = [(mark.sample, mark.symbol) for mark in marks if mark.symbol in BEATS]
        found = compare_beats(reference, [(int(tick), "N") for tick in find_beats(recording)], recording.rate)
        yield f"10d  {name}: Se {found.se.hits}/{found.se.total}  +P {found.ppv.hits}/{found.ppv.total}"


def panning(days: int) -> Iterator[Figure]:
    from fakes.ecg_case import ecg_case

    recording = holter(days)
    page = EcgPage(ecg_case(recording))
    page.resize(*SIZE)
    page.show()
    page._set_holter(True)
    room = page.holter
    room.tabs.setCurrentWidget(room.tachogram)
    QTest.qWait(800)
    drafts: BeatDrafts | None = room.desk.beats.drafts
    count = 0 if drafts is None else len(drafts.ticks)
    for span in (10.0, 60.0, 3600.0, None):
        page.view.show_span(span)
        page.paper.refresh()
        page.view.home()
        name = "all" if span is None else f"{span:.0f} s"
        strip = timed(lambda n: (page.paper.pan_by(QPointF(-STEP_PX, 0)), QApplication.processEvents()))
        bare = timed(lambda n: (page.paper.viewport().repaint(),))
        yield Figure("10b" if days == 1 else "10c", f"pan the strip, {name} of {days} d, {count:,} beats", strip,
                     "limit: its own repaint", bare)
    for share in (0.9, 0.5, 0.01):
        def slide(n: int, share: float = share) -> None:
            start = recording.duration_s * (1 - share) * (n % 20) / 20
            room.tachogram._box.setXRange(start, start + recording.duration_s * share, padding=0)
            QApplication.processEvents()

        yield Figure("10b" if days == 1 else "10c", f"tachogram, {share:.0%} of {days} d, {count:,} beats", timed(slide),
                     "limit: its own repaint", timed(lambda n: room.tachogram.viewport().repaint()))
    page.shutdown()
    page.close()


if __name__ == "__main__":
    for figure in run():
        print(figure)
