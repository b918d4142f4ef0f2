"""Row 3: the headers of a folder of 5,000 files, warm; and an import of 100,000 files into a store, twice.

"headers" is the reading of every attribute that grouping, geometry and titles ask for; "scan" is folder → cases, grouped and
measured. Beside the import ticks a thread every 10 ms, as a window would: the last row is how late it was.
GRATICULE_BENCH_FILES sets another number of files for the import.
"""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import gdcm
import pydicom

from benchmarks.dicom_folder import many_files
from benchmarks.figure import Figure, Timing, timed
from benchmarks.peers import dicomsdl
from graticule.commands.import_command import bring_in
from graticule.domain.progress import Silent
from graticule.formats.dicom.header import read_header
from graticule.formats.door import scan
from graticule.store.store import Store, create_store
from graticule.store.unlock import Unlock

COUNT, RUNS, TICK_S = 5000, 5, 0.01
TAGS = (
    (0x0008, 0x0018), (0x0008, 0x0060), (0x0020, 0x000D), (0x0020, 0x000E), (0x0020, 0x0013), (0x0020, 0x0032), (0x0020, 0x0037),
    (0x0028, 0x0010), (0x0028, 0x0011), (0x0028, 0x0030), (0x0028, 0x0101), (0x0028, 0x0103), (0x0028, 0x1052), (0x0028, 0x1053))


def run() -> Iterator[Figure]:
    with many_files(COUNT) as (folder, paths):
        headers = timed(lambda _: [read_header(path) for path in paths], RUNS, 1)
        whole = timed(lambda _: list(scan([folder], Silent())), RUNS, 1)
        limit = timed(lambda _: _read(paths), RUNS, 1)
        naive = timed(lambda _: _pydicom(paths), 2, 0)
        yield Figure("3", f"{COUNT} files: headers", headers, "limit: reading 4 KB of each", limit)
        sdl = dicomsdl("headers", paths, RUNS)
        if sdl is not None:
            yield Figure("3", f"{COUNT} files: headers", headers, "dicomsdl, 15 attributes", sdl)
            yield Figure("3", f"{COUNT} files: scan", whole, "dicomsdl, 15 attributes", sdl)
        scanner = timed(lambda _: _gdcm(paths), RUNS, 1)
        yield Figure("3", f"{COUNT} files: headers", headers, "gdcm.Scanner, 14 attributes", scanner)
        yield Figure("3", f"{COUNT} files: headers", headers, "pydicom, stopping before the pixels", naive)
        yield Figure("3", f"{COUNT} files: scan", whole, "pydicom, stopping before the pixels", naive)
    yield from _import(int(os.environ.get("GRATICULE_BENCH_FILES", "100000")))


def _import(count: int) -> Iterator[Figure]:
    with TemporaryDirectory() as place, many_files(count) as (folder, paths):
        store = create_store(Path(place) / "store", "Bench", Unlock.key_file(), password="bench")
        limit = timed(lambda _: _read(paths), 1, 1)
        with _Ticking() as ticking:
            first = timed(lambda _: _bring(store, folder, count), 1, 0)
        again = timed(lambda _: _bring(store, folder, count), 1, 0)
        yield Figure("3", f"{count} files: import into a store", first, "limit: reading 4 KB of each", limit)
        yield Figure("3", f"{count} files: import again, nothing changed", again, "the first import", first)
        yield Figure("3", f"{count} files: a 10 ms tick beside the import is late by", ticking.late(), "the tick", Timing(10, 10))
        store.close()


def _bring(store: Store, folder: Path, count: int) -> None:
    assert sum(1 for _ in bring_in(store, [folder], Silent(), copy=False)) == count


class _Ticking:
    """A thread that wants to wake every 10 ms, and notes by how much it overslept."""

    def __enter__(self) -> "_Ticking":
        self._late: list[float] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._tick)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _tick(self) -> None:
        while not self._stop.is_set():
            start = time.perf_counter()
            time.sleep(TICK_S)
            self._late.append((time.perf_counter() - start - TICK_S) * 1000)

    def late(self) -> Timing:
        late = sorted(self._late)
        return Timing(median(late), late[int(len(late) * 0.95)])


def _read(paths: list[Path]) -> None:
    for path in paths:
        file = os.open(path, os.O_RDONLY)
        os.read(file, 4096)
        os.close(file)


def _pydicom(paths: list[Path]) -> None:
    for path in paths:
        data = pydicom.dcmread(path, stop_before_pixels=True)
        for tag in TAGS:
            data.get(tag)


def _gdcm(paths: list[Path]) -> None:
    scanner = gdcm.Scanner()
    for tag in TAGS:
        scanner.AddTag(gdcm.Tag(*tag))
    assert scanner.Scan([str(path) for path in paths])
