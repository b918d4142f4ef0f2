"""The door of de-identification: files go in, copies without identity come out, and every file gets an answer."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Progress
from graticule.formats.archives import Allowance, is_archive, unpack
from graticule.formats.damage import DAMAGE
from graticule.formats.deidentify import ecg_xml, edf, ishne, jpeg, nifti, png, scp, text_headers, tiff, wfdb_record
from graticule.formats.deidentify.dicom_file import LeftOut, clean_dicom
from graticule.formats.deidentify.doubts import PHOTOGRAPH, dicom_doubts, picture_places, writing_doubt
from graticule.formats.deidentify.picture_sidecar import clean_sidecar
from graticule.formats.deidentify.work import Copy, Work
from graticule.formats.dicom.directory import is_directory, read_directory
from graticule.formats.dicom.family import FAMILY as DICOM
from graticule.formats.family import REFUSED, SKIPPED, Outcome
from graticule.formats.files import head_of
from graticule.formats.volumes.metaimage import is_metaimage
from graticule.formats.volumes.nifti import is_nifti
from graticule.formats.volumes.nrrd import is_nrrd

log = logging.getLogger("graticule.formats")

UNKNOWN = "A kind of file that cannot be de-identified: it was left out."
_DIRECTORY = "The index of a disc (DICOMDIR), which names patients: it was left out; its files are answered by themselves."
_BELONGS = "Belongs to a header beside it and came in with it."
_ALONE = "Nothing here says what this file is, so it cannot be de-identified: it was left out."
_DAMAGED = "The file is damaged and cannot be de-identified: it was left out."

Claim = Callable[[Path, bytes], bool]
Cleaning = Callable[[Path, Work], Sequence[Copy]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: how it is known, and what makes its copies."""

    claims: Claim
    clean: Cleaning


@dataclass(frozen=True, slots=True)
class Made:
    """copies: of one file and of those that belong to it. left: of files that have none, with their reason."""

    copies: tuple[Copy, ...] = ()
    left: tuple[Outcome, ...] = ()


class Copying:
    """One import. The same files give the same copies again, under the same names."""

    def __init__(self, work: Work, unpack_to: Path | None, progress: Progress) -> None:
        self._work, self._unpack_to, self._progress = work, unpack_to, progress
        self._allowance = Allowance()
        self._done: set[Path] = set()
        self._looked: set[str] = set()
        self._depth: dict[Path, int] = {}

    def run(self, files: Iterable[Path]) -> Iterator[Made]:
        """Copies or a reason for each of the files, and for those that archives and discs' indexes hold."""
        waiting = sorted(files, key=lambda path: path.suffix.lower() not in _HEADERS)  # what belongs to them comes with them
        for done, path in enumerate(waiting):  # grows while it runs
            self._progress.step(done, len(waiting), "files de-identified")
            if path in self._done:
                continue
            self._done.add(path)
            made = self._one(path, waiting)
            self._done.update(copy.original for copy in made.copies)
            yield made
        findings = self._work.findings
        log.info("de-identified %d files, %d kinds of change", findings.files, len(findings.acts))

    def _one(self, path: Path, waiting: list[Path]) -> Made:
        head = head_of(path)
        if not head:
            return _left(path, "The file is empty." if head is not None else "The file cannot be opened.")
        try:
            if is_archive(path, head):
                return self._open(path, head, waiting)
            if is_directory(path, head):
                return self._follow(path, waiting)
            return self._clean(path, head)
        except GraticuleError as error:
            return _left(path, str(error))
        except LeftOut as reason:
            return _left(path, str(reason), SKIPPED)
        except DAMAGE as error:
            log.info("a file could not be de-identified: %s", type(error).__name__)
            return _left(path, _DAMAGED)

    def _clean(self, path: Path, head: bytes) -> Made:
        if DICOM.claims(path, head):
            return Made((self._dicom(path),))
        kind = next((kind for kind in KINDS if kind.claims(path, head)), None)
        if kind is not None:
            copies = tuple(kind.clean(path, self._work))
            return Made(copies + self._beside(path, copies, kind))
        if _has_header(path):
            return _left(path, _BELONGS, SKIPPED)
        return _left(path, _ALONE if path.suffix.lower() in _PARTS else UNKNOWN, SKIPPED)

    def _dicom(self, path: Path) -> Copy:
        made = clean_dicom(path, self._work.key, self._work.profile, self._work.findings)
        copy = self._work.put(path, f"{self._work.stem(path)}.dcm", made.data, series=made.series)
        dicom_doubts(path, made.before, self._work.findings, self._looked)
        return copy

    def _beside(self, path: Path, copies: tuple[Copy, ...], kind: Kind) -> tuple[Copy, ...]:
        """What an archive wrote beside a picture, and the doubts about the picture."""
        if kind not in PICTURES:
            return ()
        places = picture_places(path)
        if places:
            self._work.findings.doubt(writing_doubt(places))
        if kind is PHOTOGRAPHS:
            self._work.findings.doubt(PHOTOGRAPH)
        sidecar = path.with_suffix(".json")
        made = clean_sidecar(sidecar, copies[0], self._work) if sidecar.is_file() else None
        return (made,) if made is not None else ()

    def _open(self, path: Path, head: bytes, waiting: list[Path]) -> Made:
        depth = self._depth.get(path, 0) + 1
        if depth > 2:
            return _left(path, "An archive in an archive in an archive: unpack it first.")
        members = unpack(path, head, self._unpack_to, self._allowance, self._progress)
        inside = [member.path for member in members if not member.reason]
        self._depth.update(dict.fromkeys(inside, depth))
        waiting += inside
        told = Outcome(path, SKIPPED, reason="An archive; each of its files is answered by itself.")
        return Made(left=(told, *(Outcome(member.path, REFUSED, reason=member.reason) for member in members if member.reason)))

    def _follow(self, path: Path, waiting: list[Path]) -> Made:
        there = {*waiting}
        waiting += [file for file in read_directory(path).files if file not in there]
        return _left(path, _DIRECTORY, SKIPPED)


def _left(path: Path, reason: str, outcome: str = REFUSED) -> Made:
    return Made(left=(Outcome(path, outcome, reason=reason),))


_HEADERS = (".hea", ".hdr", ".mhd", ".nhdr")
_PARTS = (".dat", ".mat", ".raw", ".zraw", ".img", ".atr", ".json", ".xyz")


def _has_header(path: Path) -> bool:
    """Whether a header of the same name lies beside the file."""
    return any(path.with_suffix(ending).is_file() for ending in _HEADERS)


def _starts(*marks: bytes) -> Claim:
    return lambda path, head: head.startswith(marks)


PHOTOGRAPHS = Kind(_starts(b"\xff\xd8\xff"), jpeg.clean_jpeg)
PICTURES = (
    PHOTOGRAPHS, Kind(_starts(b"\x89PNG\r\n\x1a\n"), png.clean_png),
    Kind(_starts(b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"), tiff.clean_tiff),
    Kind(lambda path, head: head[:4] == b"RIFF" and head[8:12] == b"WEBP", png.clean_webp),
    Kind(_starts(b"BM"), png.clean_bitmap),
)
KINDS = (
    Kind(lambda path, head: path.suffix.lower() == ".hea", wfdb_record.clean_record),
    Kind(lambda path, head: edf.claims_edf(head), edf.clean_edf), Kind(lambda path, head: scp.claims_scp(head), scp.clean_scp),
    Kind(lambda path, head: ishne.claims_ishne(head), ishne.clean_ishne),
    Kind(lambda path, head: ecg_xml.claims_ecg_xml(head), ecg_xml.clean_ecg_xml),
    Kind(is_nifti, nifti.clean_nifti), Kind(is_nrrd, text_headers.clean_nrrd), Kind(is_metaimage, text_headers.clean_metaimage),
    *PICTURES,
)
