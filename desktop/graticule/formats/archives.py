"""Zip and tar files dropped on the window: unpacked into the store's own folder, never anywhere else, never without limit."""

import lzma
import os
import re
import shutil
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Progress
from graticule.formats.damage import DAMAGE
from graticule.formats.files import sha256_of

# Deflate cannot shrink by more than 1 : 1,032; a zip that claims more lies about what it holds.
MAX_ZIP_RATIO = 1100
# Images shrink to a half or a tenth. What claims to grow more than a hundredfold, to more than this, is a bomb.
FREE_BYTES, BOMB_RATIO = 2 << 30, 100
MAX_UNPACKED_BYTES = 64 << 30
MAX_MEMBERS = 1_000_000
ROOM_LEFT_BYTES = 256 << 20

_ZIP_HEADS = (b"PK\x03\x04", b"PK\x05\x06")
_TAR_NAMES = (".tar", ".tgz", ".tar.gz", ".tbz2", ".tar.bz2", ".txz", ".tar.xz")
_BROKEN: tuple[type[Exception], ...] = (zipfile.BadZipFile, tarfile.TarError, lzma.LZMAError, *DAMAGE)
_NOT_IN_WINDOWS_NAMES = re.compile(r'[<>:"|?*\\\x00-\x1f\ud800-\udfff]')
_WINDOWS_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_LONGEST_NAME = 100
_CHUNK = 1 << 20

TOO_MUCH = "The archive claims to hold more than it can; it was not unpacked."
NO_ROOM = "There is not enough room on this disk to unpack the archive."
LOCKED = "Protected by a password: unpack it with its password first, then import the folder."


@dataclass(slots=True)
class Allowance:
    """How many bytes all archives of one import may still unpack."""

    left: int = MAX_UNPACKED_BYTES

    def take(self, size: int) -> None:
        """GraticuleError when that is more than is left."""
        if size > self.left:
            raise GraticuleError(TOO_MUCH)
        self.left -= size


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive: where it lies now, or a sentence why it was not unpacked."""

    path: Path
    reason: str = ""


def is_archive(path: Path, head: bytes) -> bool:
    name = path.name.lower()
    if head.startswith(_ZIP_HEADS):
        return path.suffix.lower() in ("", ".zip")
    return name.endswith(_TAR_NAMES) and (head[257:262] == b"ustar" or head.startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ")))


def unpack(path: Path, head: bytes, unpack_to: Path | None, allowance: Allowance, progress: Progress) -> list[Member]:
    """Unpack into a sub-folder named by the archive's own hash, so the same archive lands in the same place.

    GraticuleError when it is damaged as a whole, locked, too large, or no folder was given. Names never leave the sub-folder;
    a member that cannot be read keeps none of the others back.
    """
    if unpack_to is None:
        raise GraticuleError("An archive: unpack it first, or import it from the worklist.")
    folder = unpack_to / sha256_of(path)[:16]
    try:
        if head.startswith(_ZIP_HEADS):
            with zipfile.ZipFile(path) as archive:
                return list(_zip_members(archive, path, folder, allowance, progress))
        with tarfile.open(path, "r|*") as bundle:
            return list(_tar_members(bundle, path, folder, allowance, progress))
    except _BROKEN as error:
        raise GraticuleError("The archive is damaged: copy it again from its source.") from error


def _zip_members(archive: zipfile.ZipFile, path: Path, folder: Path, allowance: Allowance,
                 progress: Progress) -> Iterator[Member]:
    members = [member for member in archive.infolist() if not member.is_dir()]
    if members and all(member.flag_bits & 1 for member in members):
        raise GraticuleError(LOCKED)
    total = sum(member.file_size for member in members)
    _check_size(total, path, len(members), folder)
    allowance.take(total)
    names = _Names(folder)
    for done, member in enumerate(members):
        progress.step(done, len(members), "files unpacked")
        target, shown = names.place(member.filename), path / "/".join(_safe_parts(member.filename))
        if member.flag_bits & 1:
            yield Member(shown, LOCKED)
            continue
        try:
            with archive.open(member) as source:
                _write(source, target, member.file_size, progress)
        except GraticuleError as error:
            yield Member(shown, str(error))
        except _BROKEN:
            yield Member(shown, "This file of the archive is damaged.")
        else:
            yield Member(target)


def _tar_members(bundle: tarfile.TarFile, path: Path, folder: Path, allowance: Allowance,
                 progress: Progress) -> Iterator[Member]:
    """In one pass, as a tar cannot say beforehand what it holds."""
    names, total = _Names(folder), 0
    for count, member in enumerate(bundle):
        progress.step(count, 0, "files unpacked")
        if member.isdir():
            continue
        shown = path / "/".join(_safe_parts(member.name))
        source = bundle.extractfile(member) if member.isreg() else None
        if source is None:
            yield Member(shown, "A link or device in the archive: it is left out.")
            continue
        total += member.size
        _check_size(total, path, count + 1, folder)
        allowance.take(member.size)
        target = names.place(member.name)
        _write(source, target, member.size, progress)
        yield Member(target)


def _check_size(total: int, path: Path, count: int, folder: Path) -> None:
    packed = max(1, path.stat().st_size)
    if count > MAX_MEMBERS or total > min(MAX_UNPACKED_BYTES, packed * MAX_ZIP_RATIO):
        raise GraticuleError(TOO_MUCH)
    if total > FREE_BYTES and total > packed * BOMB_RATIO:
        raise GraticuleError(TOO_MUCH)
    there = next(parent for parent in (folder, *folder.parents) if parent.exists())
    if total + ROOM_LEFT_BYTES > shutil.disk_usage(there).free:
        raise GraticuleError(NO_ROOM, "Make room, or unpack it onto another disk and import the folder.")


def _write(source: IO[bytes], target: Path, size: int, progress: Progress) -> None:
    """Exactly `size` bytes, under the target's name only when they are all there. What was unpacked before stays as it is."""
    if target.is_file() and target.stat().st_size == size:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(target.name + ".part")
    try:
        with unfinished.open("wb") as out:
            left = size
            while chunk := source.read(min(_CHUNK, left + 1)):
                left -= len(chunk)
                if left < 0:
                    raise GraticuleError(TOO_MUCH)
                out.write(chunk)
                progress.step(0, 0, "files unpacked")
        if left:
            raise EOFError
        os.replace(unfinished, target)
    finally:
        unfinished.unlink(missing_ok=True)


class _Names:
    """A place for each member, inside the folder and unlike every other even where case does not count."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._taken: set[str] = set()

    def place(self, name: str) -> Path:
        parts = _safe_parts(name)
        number, wanted = 1, parts[-1]
        while "/".join(parts).lower() in self._taken:
            number += 1
            parts[-1] = f"{number}-{wanted}"
        self._taken.add("/".join(parts).lower())
        return self._folder.joinpath(*parts)


def _safe_parts(name: str) -> list[str]:
    parts = [part for part in PurePosixPath(name.replace("\\", "/")).parts if part not in ("/", "//", "..", ".")]
    return [_safe(part) for part in parts[-32:]] or ["unnamed"]


def _safe(part: str) -> str:
    """A name that every file system takes: no device of Windows, no dot or blank at the end, not too long."""
    clean = _NOT_IN_WINDOWS_NAMES.sub("_", part).rstrip(". ") or "_"
    clean = "_" + clean if _WINDOWS_DEVICES.fullmatch(clean) else clean
    stem, dot, ending = clean.rpartition(".")
    if len(clean) > _LONGEST_NAME:
        clean = (stem[:_LONGEST_NAME - 12] + dot + ending[:11]) if dot and len(ending) <= 11 else clean[:_LONGEST_NAME]
    return clean
