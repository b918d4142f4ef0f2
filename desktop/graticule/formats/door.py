"""The one door: paths go in, cases and labels come out, and every file gets an answer.

Adding a format family: one module with a `FAMILY` (see `family.Family`), listed in `FAMILIES` below.
Adding a reader of outside labels: one module with a `READER` (`family.LabelReader`), listed in `LABEL_READERS`.
Both are loaded when they are first needed: the libraries behind them take longer to import than the window to show.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path

from graticule.domain.case import Case
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Labels
from graticule.domain.progress import Progress, Silent
from graticule.formats.ecg.stated import Stated
from graticule.formats.family import CASE, LABELS, REFUSED, SKIPPED, Content, Family, LabelReader, Opening, Outcome
from graticule.formats.files import LINK_TO_FOLDER, NO_FILE, files_under
from graticule.formats.intake import Intake
from graticule.formats.matching import Index


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


def _coco() -> Family:
    from graticule.formats.coco_reader import FAMILY
    return FAMILY


def _coco_masks() -> LabelReader:
    from graticule.formats.coco_reader import READER
    return READER


def _atr() -> LabelReader:
    from graticule.formats.ecg.atr_reader import READER
    return READER


def _ecg_file() -> LabelReader:
    from graticule.formats.ecg.file_labels import IN_FILE_READER
    return IN_FILE_READER


def _edf_notes() -> LabelReader:
    from graticule.formats.ecg.file_labels import EDF_READER
    return EDF_READER


def _ishne_beats() -> LabelReader:
    from graticule.formats.ecg.file_labels import ISHNE_READER
    return ISHNE_READER


def _waveform_report() -> LabelReader:
    from graticule.formats.ecg.waveform_report import READER
    return READER


def _seg() -> LabelReader:
    from graticule.formats.dicom.seg_reader import READER
    return READER


def _drawing() -> LabelReader:
    from graticule.formats.dicom.presentation_state import READER
    return READER


def _report() -> LabelReader:
    from graticule.formats.dicom.measurement_report import READER
    return READER


def _structures() -> LabelReader:
    from graticule.formats.dicom.rtstruct_reader import READER
    return READER


def _mask() -> LabelReader:
    from graticule.formats.volumes.mask_reader import READER
    return READER


def _picture_mask() -> LabelReader:
    from graticule.formats.pictures.mask_reader import READER
    return READER


# A file goes to the first family that claims it.
FAMILIES: tuple[Callable[[], Family], ...] = (_ecg, _dicom, _volumes, _coco, _pictures)
LABEL_READERS: tuple[Callable[[], LabelReader], ...] = (_atr, _ecg_file, _edf_notes, _ishne_beats, _waveform_report, _seg,
                                                         _structures, _drawing, _report, _mask, _picture_mask, _coco_masks)


@cache
def families() -> tuple[Family, ...]:
    return tuple(load() for load in FAMILIES)


def families_told(stated: Stated) -> tuple[Family, ...]:
    """The families, of which that of the ECGs knows what is stated about files that do not say it themselves."""
    from graticule.formats.ecg.family import EcgFamily

    return (EcgFamily(stated), *families()[1:])


@cache
def label_readers() -> dict[str, LabelReader]:
    return {reader.reading: reader for reader in (load() for load in LABEL_READERS)}


# Raise it when a reader learns to read more or otherwise: what was seen by an older one is looked at again.
READERS_VERSION = 6


def scan(paths: Iterable[Path], progress: Progress | None = None, *, known: Iterable[Case] = (),
         unpack_to: Path | None = None) -> Iterator[Outcome]:
    """An outcome for every file under `paths`: at least one, more when a file holds several cases.

    known: cases of the store, to which labels may belong. unpack_to: a folder for what archives hold; without it they are
    refused. Labels are matched to the cases of this scan and to `known`; what fits none keeps `case` None and says why.
    """
    progress = progress or Silent()
    listing = files_under(paths, progress)
    yield from troubled(listing.troubles)
    yield from scan_files(listing.files, listing.files, progress, known=known, unpack_to=unpack_to)


def troubled(troubles: Mapping[Path, str]) -> Iterator[Outcome]:
    """Outcomes of what is no file: links that are not followed are left out, the rest is refused."""
    for path, reason in troubles.items():
        yield Outcome(path, SKIPPED if reason in (LINK_TO_FOLDER, NO_FILE) else REFUSED, reason=reason)


def scan_files(files: Iterable[Path], listed: Collection[Path], progress: Progress, *, known: Iterable[Case] = (),
               unpack_to: Path | None = None, stated: Stated | None = None) -> Iterator[Outcome]:
    """As `scan`, for `files` alone out of all that an import `listed`."""
    cases: dict[str, Case] = {}
    labels: list[Outcome] = []
    loaded = partial(families_told, stated) if stated else families
    for outcome in Intake(files, listed, loaded, progress, unpack_to).outcomes():
        if outcome.outcome == LABELS:
            labels.append(outcome)
            continue
        if outcome.case is not None and outcome.outcome == CASE:
            cases[outcome.case.id] = outcome.case
        yield outcome
    if labels:
        index = Index((cases | {case.id: case for case in known if case.id not in cases}).values())
        for outcome in labels:
            yield index.match(outcome)


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
