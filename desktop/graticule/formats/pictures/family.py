"""The door for photographs and radiographs outside DICOM: JPEG, PNG, TIFF, BMP, WebP, and what an archive wrote beside them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from graticule.domain.case import Case, Kind, Source
from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Progress
from graticule.formats.facts import doubt_facts
from graticule.formats.family import CASE, LABELS, REFUSED, SKIPPED, Opening, Outcome
from graticule.formats.files import sha256_of
from graticule.formats.hints import in_label_folder, modality_hint, named_as_labels
from graticule.formats.pictures.fidelity import picture_doubts
from graticule.formats.pictures.mask_file import is_mask, names_of
from graticule.formats.pictures.mask_reader import PICTURE_MASK
from graticule.formats.pictures.opening import PictureOpening
from graticule.formats.pictures.picture_file import PictureFile, read_picture_file
from graticule.formats.pictures.sidecar import sidecar_facts
from graticule.formats.titles import plural, safe_words
from graticule.records.ids import case_id

PICTURE = "picture"
_HEADS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_SUFFIXES = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".svs", ".bmp", ".webp")
_NAMES = {"DX": "Radiograph", "CR": "Radiograph", "DMS": "Dermoscopy", "XC": "Photograph", "OT": "Picture"}
_BESIDE = "What an archive tells of the picture of the same name: read with that picture."


class PictureFamily:
    readings = (PICTURE,)

    def claims(self, path: Path, head: bytes) -> bool:
        suffix = path.suffix.lower()
        if head.startswith(_HEADS) or suffix in _SUFFIXES or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
            return True
        return suffix == ".json" and head[:1] in (b"{", b"\n", b" ") and _picture_beside(path)

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


def _picture_beside(path: Path) -> bool:
    return any(path.with_suffix(ending).is_file() for suffix in _SUFFIXES for ending in (suffix, suffix.upper()))


def _outcome(path: Path) -> Outcome:
    if path.suffix.lower() == ".json":
        return Outcome(path, SKIPPED, reason=_BESIDE)
    file = read_picture_file(path)
    if is_mask(path):
        return Outcome(path, LABELS, labels_reading=PICTURE_MASK, match_ids=names_of(path))
    if (named_as_labels(path) or in_label_folder(path)) and file.two_tone():
        return Outcome(path, SKIPPED, reason="A mask as a picture (two tones): Graticule does not read such labels yet.")
    beside = sidecar_facts(path)
    modality = _modality(path, file, beside)
    object_id = "sha256:" + sha256_of(path)
    doubts = picture_doubts(file, modality)
    facts = {"rows": file.rows, "columns": file.columns, "colour": file.colour, "orientation": file.orientation,
             "pages": file.pages, "doubts": doubt_facts(doubts), **_known(file, modality), **beside}
    return Outcome(path, CASE, Case(case_id(Kind.IMAGE.value, [object_id]), Kind.IMAGE, modality, _title(path, file, modality),
                                    PICTURE, (Source(str(path), object_id),), tuple(doubt.text for doubt in doubts), facts))


def _modality(path: Path, file: PictureFile, beside: dict[str, Any]) -> str:
    """What the archive says comes first, then names of files and folders."""
    if beside.get("acquisition") and file.colour:
        return "DMS" if beside["acquisition"] == "dermoscopic" else "XC"
    return modality_hint(path, ("XC", "DMS") if file.colour else ("DX", "CR")) or ("XC" if file.colour else "OT")


def _known(file: PictureFile, modality: str) -> dict[str, str]:
    facts = {"acquisition": "dermoscopic" if modality == "DMS" else "", "taken": file.taken}
    return {name: text for name, text in facts.items() if text}


def _title(path: Path, file: PictureFile, modality: str) -> str:
    title = f"{_NAMES[modality]} {safe_words('', [path.name, path.parent.name])}".strip() + f" · {file.columns} × {file.rows}"
    return f"{title} · {plural(file.pages, 'page')}" if file.pages > 1 else title


FAMILY = PictureFamily()
