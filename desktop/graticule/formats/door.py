"""The one door: paths go in, cases and labels come out, and every file gets an answer.

Adding a format family: one module with a `FAMILY` (see `family.Family`), listed in `FAMILIES` below.
Adding a reader of outside labels: one module with a `READER` (`family.LabelReader`), listed in `LABEL_READERS`.
Both are loaded when they are first needed: the libraries behind them take longer to import than the window to show.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from graticule.domain.case import Case
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Labels
from graticule.domain.progress import Progress, Silent
from graticule.formats.family import CASE, LABELS, REFUSED, SKIPPED, Content, Family, LabelReader, Opening, Outcome
from graticule.formats.files import files_under, head_of, is_zip, unzip
from graticule.formats.matching import Index

log = logging.getLogger("graticule.formats")


def _ecg() -> Family:
    from graticule.formats.ecg.family import FAMILY
    return FAMILY


def _dicom() -> Family:
    from graticule.formats.dicom.family import FAMILY
    return FAMILY


def _volumes() -> Family:
    from graticule.formats.volumes.family import FAMILY
    return FAMILY


def _pictures() -> Family:
    from graticule.formats.pictures.family import FAMILY
    return FAMILY


def _atr() -> LabelReader:
    from graticule.formats.ecg.atr_reader import READER
    return READER


def _seg() -> LabelReader:
    from graticule.formats.dicom.seg_reader import READER
    return READER


def _mask() -> LabelReader:
    from graticule.formats.volumes.mask_reader import READER
    return READER


# A file goes to the first family that claims it.
FAMILIES: tuple[Callable[[], Family], ...] = (_ecg, _dicom, _volumes, _pictures)
LABEL_READERS: tuple[Callable[[], LabelReader], ...] = (_atr, _seg, _mask)


@cache
def families() -> tuple[Family, ...]:
    return tuple(load() for load in FAMILIES)


@cache
def label_readers() -> dict[str, LabelReader]:
    return {reader.reading: reader for reader in (load() for load in LABEL_READERS)}


def scan(paths: Iterable[Path], progress: Progress | None = None, *, known: Sequence[Case] = (),
         unpack_to: Path | None = None) -> Iterator[Outcome]:
    """An outcome for every file under `paths`: at least one, more when a file holds several cases.

    known: cases of the store, to which labels may belong. unpack_to: a folder for what zip files hold; without it zips are
    refused. Labels are matched to the cases of this scan and to `known`; what fits none keeps `case` None and says why.
    """
    progress = progress or Silent()
    cases = {case.id: case for case in known}
    labels: list[Outcome] = []
    for outcome in _outcomes(paths, progress, unpack_to):
        if outcome.outcome == LABELS:
            labels.append(outcome)
            continue
        if outcome.case is not None and outcome.outcome == CASE:
            cases[outcome.case.id] = outcome.case
        yield outcome
    index = Index(cases.values())
    for outcome in labels:
        yield index.match(outcome)


def _outcomes(paths: Iterable[Path], progress: Progress, unpack_to: Path | None) -> Iterator[Outcome]:
    files, missing = files_under(paths)
    yield from (Outcome(path, REFUSED, reason="There is no such file or folder.") for path in missing)
    claimed: dict[int, list[Path]] = {}
    for done, path in enumerate(files):  # grows while it runs: what a zip holds is added at the end
        progress.step(done, len(files), "files looked at")
        answer = _claim(path, files, claimed, unpack_to)
        if answer is not None:
            yield answer
    for number, theirs in sorted(claimed.items()):
        log.info("family %d gathers %d files", number, len(theirs))
        yield from families()[number].gather(theirs, progress)


def _claim(path: Path, files: list[Path], claimed: dict[int, list[Path]], unpack_to: Path | None) -> Outcome | None:
    head = head_of(path)
    if head is None:
        return Outcome(path, REFUSED, reason="The file cannot be opened.")
    if not head:
        return Outcome(path, REFUSED, reason="The file is empty.")
    if is_zip(path, head):
        return _open_zip(path, files, unpack_to)
    for number, family in enumerate(families()):
        if family.claims(path, head):
            claimed.setdefault(number, []).append(path)
            return None
    return Outcome(path, SKIPPED, reason="Not an image, a recording or labels that Graticule reads.")


def _open_zip(path: Path, files: list[Path], unpack_to: Path | None) -> Outcome:
    try:
        inner = unzip(path, unpack_to)
    except GraticuleError as error:
        return Outcome(path, REFUSED, reason=str(error))
    files += inner
    return Outcome(path, SKIPPED, reason=f"A zip file with {len(inner)} files; each is answered by itself.")


def open_case(case: Case) -> Opening:
    """Open a case; GraticuleError when a file of it is gone or damaged, or its reading is of a newer version."""
    family = next((family for family in families() if case.reading in family.readings), None)
    if family is None:
        raise GraticuleError("This version of Graticule cannot open this kind of case.", "Update Graticule.")
    return family.open(case)


def read_labels(outcome: Outcome, case: Case, content: Content, new_id: Callable[[], str]) -> Labels:
    """The labels of an outcome "labels" on the grid or clock of `content`; GraticuleError when they do not fit."""
    reader = label_readers().get(outcome.labels_reading)
    if reader is None:
        raise GraticuleError("This version of Graticule cannot read these labels.", "Update Graticule.")
    return reader.read(outcome.path, case, content, new_id)
