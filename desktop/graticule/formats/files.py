"""Folders become a list of files, each with its size and time of change; what is no plain file gets a sentence instead."""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Progress, Silent
from graticule.formats.stamp import Stamp, stamp_of

HEAD_BYTES = 4096
_TELL_EVERY = 512
_HEAD_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)

GONE = "There is no such file or folder."
FOLDER_SHUT = "The folder cannot be opened: check that you may read it."
LINK_TO_FOLDER = "A link to another folder: it is not followed. Import that folder itself."
LINK_TO_NOTHING = "A link that leads nowhere."
NO_FILE = "No plain file but a device, a pipe or a socket."


@dataclass(slots=True)
class Listing:
    """files: the plain files in a stable order, each once. troubles: everything else that was met, with a sentence."""

    files: dict[Path, Stamp] = field(default_factory=dict)
    troubles: dict[Path, str] = field(default_factory=dict)


def files_under(paths: Iterable[Path], progress: Progress | None = None) -> Listing:
    """Everything under `paths`. Links to folders are not followed, so no loop of links is walked twice; depth has no limit."""
    listing = Listing()
    for path in paths:
        _add(path, listing, progress or Silent())
    return listing


def _add(path: Path, listing: Listing, progress: Progress) -> None:
    try:
        about = path.stat()
    except (OSError, ValueError):
        listing.troubles[path] = LINK_TO_NOTHING if path.is_symlink() else GONE
        return
    if not stat.S_ISDIR(about.st_mode):
        _note(path, about, listing)
        return
    for number, entry in enumerate(_entries(path, listing)):
        if number % _TELL_EVERY == 0:
            progress.step(len(listing.files), 0, "files found")
        _look(entry, listing)


def _entries(folder: Path, listing: Listing) -> Iterator[os.DirEntry[str]]:
    """Every entry below a folder that is no folder itself; by name, a folder's own files first."""
    waiting = [str(folder)]
    while waiting:
        where = waiting.pop()
        try:
            with os.scandir(where) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError:
            listing.troubles[Path(where)] = FOLDER_SHUT
            continue
        folders = [entry.path for entry in entries if entry.is_dir(follow_symlinks=False)]
        waiting += reversed(folders)
        below = set(folders)
        yield from (entry for entry in entries if entry.path not in below)


def _look(entry: os.DirEntry[str], listing: Listing) -> None:
    path = Path(entry.path)
    try:
        about = entry.stat()
    except OSError:
        listing.troubles[path] = LINK_TO_NOTHING if entry.is_symlink() else "The file vanished while the folder was read."
        return
    if stat.S_ISDIR(about.st_mode):
        listing.troubles[path] = LINK_TO_FOLDER
    else:
        _note(path, about, listing)


def _note(path: Path, about: os.stat_result, listing: Listing) -> None:
    if stat.S_ISREG(about.st_mode):
        listing.files[path] = stamp_of(about)
    else:
        listing.troubles[path] = NO_FILE


def head_of(path: Path) -> bytes | None:
    """The first 4,096 bytes; None when the file cannot be opened."""
    try:
        file = os.open(path, _HEAD_FLAGS)  # by descriptor: a hundred thousand file objects are dear
        try:
            return os.read(file, HEAD_BYTES)
        finally:
            os.close(file)
    except (OSError, ValueError):
        return None


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, lower-case hex; GraticuleError when it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise GraticuleError("The file cannot be read.", "Check that it still exists and that you may open it.") from error
