"""The door for whole volumes in files of their own: NIfTI, NRRD and MetaImage, as images or as labels."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from graticule.domain.case import Case, Kind, Source
from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Progress
from graticule.domain.volume import Doubt, Window
from graticule.formats.facts import doubt_facts, grid_facts, window_facts
from graticule.formats.family import CASE, LABELS, REFUSED, SKIPPED, Opening, Outcome
from graticule.formats.files import head_of, sha256_of
from graticule.formats.hints import bare_name, modality_hint
from graticule.formats.matching import grid_id, named_id
from graticule.formats.titles import millimetres, plural, safe_words
from graticule.formats.volumes.labels_in import holds_labels
from graticule.formats.volumes.mask_reader import MASK, read_volume_file
from graticule.formats.volumes.metaimage import is_metaimage
from graticule.formats.volumes.nifti import is_nifti
from graticule.formats.volumes.nrrd import is_nrrd
from graticule.formats.volumes.opening import VolumeOpening
from graticule.formats.volumes.volume_file import VolumeFile
from graticule.records.ids import case_id

NIFTI, NRRD, METAIMAGE = "nifti", "nrrd", "metaimage"
# Files that hold nothing but the voxels of a header beside them.
_BARE = (".raw", ".zraw", ".img", ".raw.gz")
_CHANGED = ("The file was changed since it was imported.", "Import it again: it is another case now.")


class VolumeFamily:
    readings = (NIFTI, NRRD, METAIMAGE)

    def claims(self, path: Path, head: bytes) -> bool:
        return is_nifti(path, head) or is_nrrd(path, head) or is_metaimage(path, head) or path.name.lower().endswith(_BARE)

    def gather(self, paths: Sequence[Path], progress: Progress) -> Iterator[Outcome]:
        seen: set[str] = set()
        used: set[Path] = set()
        bare = [path for path in paths if _is_bare(path)]
        rest = [path for path in paths if path not in set(bare)]
        for done, path in enumerate(rest):
            progress.step(done, len(paths), "volumes read")
            try:
                yield from _once(_outcomes(path, used), seen)
            except GraticuleError as error:
                yield Outcome(path, REFUSED, reason=str(error))
        yield from (_bare_outcome(path, used) for path in bare)

    def open(self, case: Case) -> Opening:
        path = Path(case.sources[0].path)
        head = head_of(path)
        if head is None:
            raise GraticuleError("A file of this case is no longer where it was.", "Import the case again from its new place.")
        file = read_volume_file(path, head)
        number = int(case.facts.get("item", 0))
        if list(file.grid.shape) != list(case.facts.get("shape", file.grid.shape)) or number >= file.items:
            raise GraticuleError(*_CHANGED)
        return VolumeOpening(case, file, number)


def _is_bare(path: Path) -> bool:
    head = head_of(path) or b""
    return path.name.lower().endswith(_BARE) and not (is_nifti(path, head) or is_nrrd(path, head) or is_metaimage(path, head))


def _bare_outcome(path: Path, used: set[Path]) -> Outcome:
    if path.resolve() in used:
        return Outcome(path, SKIPPED, reason="The voxels of a header beside it; they came in with it.")
    return Outcome(path, SKIPPED, reason="Voxels without a header that says what they are.")


def _once(outcomes: list[Outcome], seen: set[str]) -> Iterator[Outcome]:
    """A case is told once, however many copies of its file there are."""
    for outcome in outcomes:
        if outcome.case is not None and outcome.case.id in seen:
            outcome = replace(outcome, outcome=SKIPPED, case=None, reason="The same file as another of this import.")
        elif outcome.case is not None:
            seen.add(outcome.case.id)
        yield outcome


def _outcomes(path: Path, used: set[Path]) -> list[Outcome]:
    head = head_of(path) or b""
    file = read_volume_file(path, head)
    used.update(other.resolve() for other in file.others)
    if holds_labels(file):
        return [Outcome(path, LABELS, labels_reading=MASK, match_ids=(grid_id(file.grid), named_id(bare_name(path))))]
    reading = NIFTI if is_nifti(path, head) else METAIMAGE if is_metaimage(path, head) else NRRD
    sources = tuple(Source(str(part), "sha256:" + sha256_of(part)) for part in (path, *file.others))
    return [Outcome(path, CASE, _case(file, reading, sources, number)) for number in range(file.items)]


def _case(file: VolumeFile, reading: str, sources: tuple[Source, ...], number: int) -> Case:
    """The format does not say what the image is, so name and folder are asked; what they say is marked as assumed."""
    modality = modality_hint(file.path, ("CT", "MR", "PT")) or "OT"
    unit = "HU" if modality == "CT" and not file.scaled and not file.voxels.colour else None
    doubts = [*file.doubts]
    if unit:
        doubts.append(Doubt("unit-assumed",
                            "The file does not say what it is; by its name it is a CT and its values are taken as HU."))
    interpretation = file.interpretation(number)
    key = sources[0].object_id.removeprefix("sha256:")[:16]
    facts = grid_facts(file.grid) | {
        "doubts": doubt_facts(doubts), "unit": unit, "transfer_syntax": None, "missing": 0, "scaled": file.measured,
        "series": f"s-{key}", **({"frame_of_reference": f"file-{key}"} if file.grid.oriented else {}),
        **({"item": number, "interpretation": interpretation} if interpretation else {}),
        **({"windows": window_facts([_window(file.window)])} if file.window else {})}
    words = safe_words("", [file.path.name, file.path.parent.name])
    start = " ".join(part for part in ("Volume" if modality == "OT" else modality, words) if part)
    step = millimetres(file.grid.spacing_mm[0]) if file.measured else ""
    parts = (start, interpretation, plural(file.grid.shape[0], "slice"), step)
    return Case(case_id(Kind.VOLUME.value, [source.object_id for source in sources], interpretation), Kind.VOLUME, modality,
                " · ".join(part for part in parts if part), reading, sources, tuple(doubt.text for doubt in doubts), facts)


def _window(shown: tuple[float, float]) -> Window:
    low, high = shown
    return Window(high - low, (low + high) / 2)


FAMILY = VolumeFamily()
