"""The door for photographs and radiographs outside DICOM: JPEG, PNG, TIFF."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from graticule.domain.case import Case, Kind, Source
from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Progress
from graticule.domain.volume import Doubt
from graticule.formats.facts import doubt_facts
from graticule.formats.family import CASE, REFUSED, SKIPPED, Opening, Outcome
from graticule.formats.files import sha256_of
from graticule.formats.hints import in_label_folder, modality_hint, named_as_labels
from graticule.formats.pictures.opening import PictureOpening
from graticule.formats.pictures.picture_file import PictureFile, read_picture_file
from graticule.formats.titles import safe_words
from graticule.records.ids import case_id

PICTURE = "picture"
_HEADS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_SUFFIXES = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".svs")
_NAMES = {"DX": "Radiograph", "CR": "Radiograph", "DMS": "Dermoscopy", "XC": "Photograph", "OT": "Picture"}


class PictureFamily:
    readings = (PICTURE,)

    def claims(self, path: Path, head: bytes) -> bool:
        return head.startswith(_HEADS) or path.suffix.lower() in _SUFFIXES

    def gather(self, paths: Sequence[Path], progress: Progress) -> Iterator[Outcome]:
        seen: set[str] = set()
        for done, path in enumerate(paths):
            progress.step(done, len(paths), "pictures read")
            try:
                outcome = _outcome(path)
            except GraticuleError as error:
                outcome = Outcome(path, REFUSED, reason=str(error))
            if outcome.case is not None and outcome.case.id in seen:
                outcome = replace(outcome, outcome=SKIPPED, case=None, reason="The same file as another of this import.")
            elif outcome.case is not None:
                seen.add(outcome.case.id)
            yield outcome

    def open(self, case: Case) -> Opening:
        return PictureOpening(case)


def _outcome(path: Path) -> Outcome:
    file = read_picture_file(path)
    if (named_as_labels(path) or in_label_folder(path)) and file.two_tone():
        return Outcome(path, SKIPPED, reason="A mask as a picture (two tones): Graticule does not read such labels yet.")
    modality = modality_hint(path, ("XC", "DMS") if file.colour else ("DX", "CR")) or ("XC" if file.colour else "OT")
    object_id = "sha256:" + sha256_of(path)
    doubts = _doubts(file)
    title = f"{_NAMES[modality]} {safe_words('', [path.name, path.parent.name])}".strip() + f" · {file.columns} × {file.rows}"
    facts = {"rows": file.rows, "columns": file.columns, "colour": file.colour, "orientation": file.orientation,
             "doubts": doubt_facts(doubts)}
    return Outcome(path, CASE, Case(case_id(Kind.IMAGE.value, [object_id]), Kind.IMAGE, modality, title, PICTURE,
                                    (Source(str(path), object_id),), tuple(doubt.text for doubt in doubts), facts))


def _doubts(file: PictureFile) -> list[Doubt]:
    return [Doubt("lossy", "The picture was compressed with loss (JPEG).")] if file.lossy else []


FAMILY = PictureFamily()
