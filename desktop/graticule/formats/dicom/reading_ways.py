"""The files of a case's series, read again under every reading that differs: cases to choose from, each with its doubts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from graticule.domain.case import Case
from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Progress
from graticule.formats.dicom.frame import Frame
from graticule.formats.dicom.frames import frames_of
from graticule.formats.dicom.geometry import stack_of
from graticule.formats.dicom.header import read_header
from graticule.formats.dicom.listing import SERIES, series_case
from graticule.formats.dicom.readings import readings
from graticule.formats.dicom.series import GONE

_OF_ITEMS = ("repeated", "chosen-reading")


@dataclass(frozen=True, slots=True)
class Way:
    """name: "geometry" is the usual one, "file-order", "by-place", "by-time", … cases: what the files then are, in order."""

    name: str
    cases: tuple[Case, ...]

    @property
    def slices(self) -> tuple[int, ...]:
        return tuple(len(case.facts["slices"]) for case in self.cases)

    @property
    def doubts(self) -> tuple[str, ...]:
        """What must be said of it, each sentence once; not which item is which, which the titles say."""
        return tuple(dict.fromkeys(text for case in self.cases for what, text in case.facts["doubts"] if what not in _OF_ITEMS))


def relatives_in_series(case: Case, cases: Iterable[Case]) -> list[Case]:
    """The listed items of the same series, the case itself among them; [] for what is no series of slices."""
    if case.reading != SERIES:
        return []
    series = case.facts.get("series")
    return [other for other in cases if other.id == case.id or (other.reading == SERIES and series
                                                                and other.facts.get("series") == series)]


def ways_to_read(items: Sequence[Case], progress: Progress) -> list[Way]:
    """Every reading of the files of `items` (of one series), the usual one first. GraticuleError when a file is gone."""
    frames = _frames(items, progress)
    found = []
    for name, read in readings(frames).items() if frames else ():
        try:
            found.append(Way(name, tuple(series_case(stack_of(pile)) for pile in read)))
        except GraticuleError:
            continue  # a reading whose geometry is refused is none to offer
    return found


def _frames(items: Sequence[Case], progress: Progress) -> list[Frame]:
    """The frames of all files, each file once, under the ids that the list knows them by."""
    names = {source.path: source.object_id for item in items for source in item.sources}
    frames: list[Frame] = []
    for done, (path, name) in enumerate(names.items()):
        progress.step(done, len(names), "files read")
        if not Path(path).is_file():
            raise GraticuleError(*GONE)
        frames += [replace(frame, object_id=name) for frame in frames_of(read_header(Path(path)))]
    return frames
