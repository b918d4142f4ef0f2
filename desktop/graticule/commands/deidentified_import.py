"""Importing copies without identity: originals are read, never linked, and nothing of them stays but what the copies hold."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from graticule.commands.import_command import bring_in_as_it_is
from graticule.domain.progress import Progress
from graticule.formats.deidentify.copies import Copying
from graticule.formats.deidentify.findings import Findings
from graticule.formats.deidentify.key import ProjectKey
from graticule.formats.deidentify.profile import profile_named
from graticule.formats.deidentify.work import Work
from graticule.formats.door import troubled
from graticule.formats.family import REFUSED, Outcome
from graticule.formats.files import files_under
from graticule.store.store import Store

FOLDER = "without-identity"
_UNPACKED = "unpacking-"


class WithoutIdentity:
    """One import. findings: what was done, complete once `outcomes` has run to its end."""

    def __init__(self, store: Store, paths: Sequence[Path], progress: Progress, profile: str) -> None:
        self._store, self._progress = store, progress
        self._paths = [Path(os.path.abspath(path)) for path in paths]
        self._work = _work(store, profile, store.files / FOLDER)
        self._originals: dict[Path, Path] = {}

    @property
    def findings(self) -> Findings:
        return self._work.findings

    def outcomes(self) -> Iterator[Outcome]:
        """One for every file, under the name of the original. Copies that became nothing are removed again."""
        listing = files_under(self._paths, self._progress)
        yield from troubled(listing.troubles)
        with unpacking(self._store.path) as folder:
            for made in Copying(self._work, folder, self._progress).run(listing.files):
                self._originals.update({copy.copy: copy.original for copy in made.copies})
                yield from made.left
        for outcome in bring_in_as_it_is(self._store, list(self._originals), self._progress, copy=False):
            if outcome.outcome == REFUSED and outcome.path in self._originals:
                outcome.path.unlink(missing_ok=True)
            yield replace(outcome, path=self._originals.get(outcome.path, outcome.path))


def bring_in_without_identity(store: Store, paths: Sequence[Path], progress: Progress, profile: str) -> WithoutIdentity:
    return WithoutIdentity(store, paths, progress, profile)


def try_out(store: Store, paths: Sequence[Path], profile: str, progress: Progress) -> Findings:
    """What an import would remove and keep; nothing is written but what archives hold, for as long as it takes."""
    work = _work(store, profile, None)
    with unpacking(store.path) as folder:
        listing = files_under([Path(os.path.abspath(path)) for path in paths], progress)
        for _ in Copying(work, folder, progress).run(listing.files):
            pass
    return work.findings


@contextmanager
def unpacking(store: Path) -> Iterator[Path]:
    """A folder for what archives hold, gone afterwards; also what an import left that was killed."""
    for old in store.glob(_UNPACKED + "*"):
        shutil.rmtree(old, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=_UNPACKED, dir=store))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def rows_of(findings: Findings) -> Iterator[tuple[dict[str, Any], str]]:
    """What was done, as rows for a person or a program: by attribute, then the doubts."""
    for (group, what, action), count in sorted(findings.acts.items()):
        yield {"deidentified": action, "group": group, "what": what, "count": count}, f"{action:8} {group:8} {what}  × {count}"
    for sentence, count in sorted(findings.doubts.items()):
        yield {"doubt": sentence, "files": count}, f"LOOK     {sentence}  ({count})"


def _work(store: Store, profile: str, folder: Path | None) -> Work:
    _, document = store.protocols.current()
    return Work(ProjectKey(store.project_keys.of(document["project"])), profile_named(profile), folder)
