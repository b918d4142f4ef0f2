"""The door for whole volumes in one file: NIfTI and NRRD, as images or as labels."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from graticule.domain.case import Case, Kind, Source
from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Progress
from graticule.domain.volume import Doubt
from graticule.formats.facts import doubt_facts, grid_facts
from graticule.formats.family import CASE, LABELS, REFUSED, SKIPPED, Opening, Outcome
from graticule.formats.files import head_of, sha256_of
from graticule.formats.hints import modality_hint
from graticule.formats.matching import grid_id
from graticule.formats.titles import millimetres, plural, safe_words
from graticule.formats.volumes.labels_in import holds_labels
from graticule.formats.volumes.mask_reader import MASK, read_volume_file
from graticule.formats.volumes.nifti import is_nifti
from graticule.formats.volumes.nrrd import is_nrrd
from graticule.formats.volumes.opening import VolumeOpening
from graticule.formats.volumes.volume_file import VolumeFile
from graticule.records.ids import case_id

NIFTI, NRRD = "nifti", "nrrd"


class VolumeFamily:
    readings = (NIFTI, NRRD)

    def claims(self, path: Path, head: bytes) -> bool:
        return is_nifti(path, head) or is_nrrd(path, head)

    def gather(self, paths: Sequence[Path], progress: Progress) -> Iterator[Outcome]:
        seen: set[str] = set()
        for done, path in enumerate(paths):
            progress.step(done, len(paths), "volumes read")
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
        path = Path(case.sources[0].path)
        head = head_of(path)
        if head is None:
            raise GraticuleError("A file of this case is no longer where it was.", "Import the case again from its new place.")
        file = read_volume_file(path, head)
        if list(file.grid.shape) != list(case.facts.get("shape", file.grid.shape)):
            raise GraticuleError("The file was changed since it was imported.", "Import it again: it is another case now.")
        return VolumeOpening(case, file)


def _outcome(path: Path) -> Outcome:
    head = head_of(path) or b""
    file = read_volume_file(path, head)
    if holds_labels(file):
        return Outcome(path, LABELS, labels_reading=MASK, match_ids=(grid_id(file.grid),))
    return Outcome(path, CASE, _case(file, NIFTI if is_nifti(path, head) else NRRD))


def _case(file: VolumeFile, reading: str) -> Case:
    """The format does not say what the image is, so name and folder are asked; what they say is marked as assumed."""
    modality = modality_hint(file.path, ("CT", "MR", "PT")) or "OT"
    unit = "HU" if modality == "CT" and not file.scaled else None
    doubts = [*file.doubts]
    if unit:
        doubts.append(Doubt("unit-assumed",
                            "The file does not say what it is; by its name it is a CT and its values are taken as HU."))
    object_id = "sha256:" + sha256_of(file.path)
    facts = grid_facts(file.grid) | {"doubts": doubt_facts(doubts), "unit": unit, "transfer_syntax": None, "missing": 0}
    words = safe_words("", [file.path.name, file.path.parent.name])
    start = f"{'Volume' if modality == 'OT' else modality} {words}".strip()
    title = f"{start} · {plural(file.grid.shape[0], 'slice')} · {millimetres(file.grid.spacing_mm[0])}"
    return Case(case_id(Kind.VOLUME.value, [object_id]), Kind.VOLUME, modality, title, reading,
                (Source(str(file.path), object_id),),
                tuple(doubt.text for doubt in doubts), facts)


FAMILY = VolumeFamily()
