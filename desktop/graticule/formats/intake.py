"""The files of one import: archives opened, discs' indexes followed, each file handed to the family that claims it."""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path

from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Progress
from graticule.formats.archives import Allowance, is_archive, unpack
from graticule.formats.family import REFUSED, SKIPPED, Family, Outcome
from graticule.formats.files import head_of
from graticule.formats.titles import plural

log = logging.getLogger("graticule.formats")

# An archive in an archive is opened, one in that is not.
_DEEPEST = 2
_TELL_EVERY = 64


class Intake:
    """listed: all files of the import, which may be more than `files`, those to be read.

    families: called when the first file needs one, as the libraries behind them take their time.
    """

    def __init__(self, files: Iterable[Path], listed: Collection[Path], families: Callable[[], Sequence[Family]],
                 progress: Progress, unpack_to: Path | None) -> None:
        self._files = list(files)
        self._listed = {*listed, *self._files}
        self._families = families
        self._progress = progress
        self._unpack_to = unpack_to
        self._allowance = Allowance()
        self._depth: dict[Path, int] = {}
        self._claimed: dict[int, list[Path]] = {}

    def outcomes(self) -> Iterator[Outcome]:
        for done, path in enumerate(self._files):  # grows while it runs: what an archive holds is added at the end
            if done % _TELL_EVERY == 0:
                self._progress.step(done, len(self._files), "files looked at")
            yield from self._look(path)
        for number, theirs in sorted(self._claimed.items()):
            log.info("family %d gathers %d files", number, len(theirs))
            yield from self._families()[number].gather(theirs, self._progress)

    def _look(self, path: Path) -> Iterable[Outcome]:
        head = head_of(path)
        if head is None:
            return [Outcome(path, REFUSED, reason="The file cannot be opened.")]
        if not head:
            return [Outcome(path, REFUSED, reason="The file is empty.")]
        if is_archive(path, head):
            return self._open(path, head)
        for number, family in enumerate(self._families()):
            if family.claims(path, head):
                return self._keep(number, path, head)
        return [Outcome(path, SKIPPED, reason="Not an image, a recording or labels that Graticule reads.")]

    def _keep(self, number: int, path: Path, head: bytes) -> Iterable[Outcome]:
        from graticule.formats.dicom.directory import is_directory

        if is_directory(path, head):
            return self._follow(path)
        self._claimed.setdefault(number, []).append(path)
        return ()

    def _open(self, path: Path, head: bytes) -> Iterator[Outcome]:
        depth = self._depth.get(path, 0) + 1
        if depth > _DEEPEST:
            yield Outcome(path, REFUSED, reason="An archive in an archive in an archive: unpack it first.")
            return
        try:
            members = unpack(path, head, self._unpack_to, self._allowance, self._progress)
        except GraticuleError as error:
            yield Outcome(path, REFUSED, reason=str(error))
            return
        inside = [member.path for member in members if not member.reason]
        self._depth.update(dict.fromkeys(inside, depth))
        self._add(inside)
        yield Outcome(path, SKIPPED, reason=f"An archive with {plural(len(members), 'file')}; each is answered by itself.")
        for member in members:
            if member.reason:
                yield Outcome(member.path, REFUSED, reason=member.reason)

    def _follow(self, path: Path) -> Iterator[Outcome]:
        from graticule.formats.dicom.directory import read_directory

        try:
            directory = read_directory(path)
        except GraticuleError as error:
            yield Outcome(path, REFUSED, reason=str(error))
            return
        self._add(directory.files)
        yield Outcome(path, SKIPPED, reason=_words(len(directory.files), len(directory.missing), directory.outside))
        for missing in directory.missing:
            yield Outcome(missing, REFUSED, reason="The index of the disc names this file, but it is not there.")

    def _add(self, paths: Iterable[Path]) -> None:
        new = [path for path in dict.fromkeys(paths) if path not in self._listed]
        self._files += new
        self._listed.update(new)


def _words(there: int, missing: int, outside: int) -> str:
    said = f"The index of a disc (DICOMDIR) that names {plural(there + missing, 'file')}; each is answered by itself."
    said += f" {missing} of them not there." if missing else ""
    return said + (f" {plural(outside, 'name')} led out of the disc's folder and were not followed." if outside else "")
