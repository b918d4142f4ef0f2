"""Folders and zip files become a list of files."""

import hashlib
import lzma
import os
import re
import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from graticule.domain.errors import GraticuleError
from graticule.formats.damage import DAMAGE

HEAD_BYTES = 4096
ZIP_HEAD = b"PK\x03\x04"
# Deflate cannot shrink by more than 1 : 1,032; a zip that claims more lies about what it holds.
MAX_ZIP_RATIO = 1100
MAX_UNPACKED_BYTES = 64 << 30
_BROKEN: tuple[type[Exception], ...] = (zipfile.BadZipFile, lzma.LZMAError, *DAMAGE)
_NOT_IN_WINDOWS_NAMES = re.compile(r'[<>:"|?*\\\x00-\x1f]')


def files_under(paths: Iterable[Path]) -> tuple[list[Path], list[Path]]:
    """(regular files in a stable order, each once; paths that do not exist). Links to folders are not followed."""
    files: dict[Path, None] = {}
    missing: list[Path] = []
    for path in paths:
        if path.is_dir():
            files.update(dict.fromkeys(_walk(path)))
        elif path.is_file():
            files[path] = None
        else:
            missing.append(path)
    return list(files), missing


def _walk(folder: Path) -> list[Path]:
    found = []
    for where, folders, names in os.walk(folder):
        folders.sort()
        found += [Path(where, name) for name in sorted(names)]
    return [path for path in found if path.is_file()]


def head_of(path: Path) -> bytes | None:
    """The first 4,096 bytes; None when the file cannot be opened."""
    try:
        with path.open("rb") as file:
            return file.read(HEAD_BYTES)
    except OSError:
        return None


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, lower-case hex; GraticuleError when it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise GraticuleError("The file cannot be read.", "Check that it still exists and that you may open it.") from error


def is_zip(path: Path, head: bytes) -> bool:
    return head.startswith(ZIP_HEAD) and path.suffix.lower() in ("", ".zip")


def unzip(path: Path, unpack_to: Path | None) -> list[Path]:
    """Extract into a sub-folder named by the zip's own hash, so the same zip lands in the same place.

    GraticuleError when it is damaged, encrypted, too large, or no folder was given. Names never leave the sub-folder.
    """
    if unpack_to is None:
        raise GraticuleError("A zip file: unpack it first, or import it from the worklist.")
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            _check_size(path, members)
            return _extract(archive, members, unpack_to / sha256_of(path)[:16])
    except _BROKEN as error:
        raise GraticuleError("The zip file is damaged, or protected by a password.") from error


def _check_size(path: Path, members: list[zipfile.ZipInfo]) -> None:
    total = sum(member.file_size for member in members)
    if total > min(MAX_UNPACKED_BYTES, max(1, path.stat().st_size) * MAX_ZIP_RATIO):
        raise GraticuleError("The zip file claims to hold more than it can; it was not unpacked.")


def _extract(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], folder: Path) -> list[Path]:
    files = []
    for member in members:
        target = folder.joinpath(*_safe_parts(member.filename))
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(member) as source, target.open("wb") as out:
            shutil.copyfileobj(source, out)
        files.append(target)
    return files


def _safe_parts(name: str) -> list[str]:
    parts = [part for part in PurePosixPath(name.replace("\\", "/")).parts if part not in ("/", "..", ".")]
    return [_NOT_IN_WINDOWS_NAMES.sub("_", part) for part in parts] or ["unnamed"]
