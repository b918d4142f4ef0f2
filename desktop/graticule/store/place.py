"""Whether a folder can carry a store: SQLite's write-ahead log needs a disk of this machine."""

import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path, PurePath

from graticule.domain.errors import GraticuleError

# A store in use is well under this; below it the reader hears of it while there is still room to work.
SCARCE_BYTES = 256 * 1024 * 1024

_NETWORK = {"nfs", "nfs4", "cifs", "smb2", "smb3", "smbfs", "afpfs", "webdav", "ncpfs", "9p", "afs", "ceph", "glusterfs",
            "fuse.sshfs", "fuse.rclone", "fuse.davfs", "fuse.gvfsd-fuse", "davfs"}
_SYNCED = ("onedrive", "dropbox", "google drive", "googledrive", "icloud drive", "mobile documents", "nextcloud", "owncloud",
           "box sync")


def refuse_unfit(folder: Path) -> None:
    """GraticuleError when the folder lies on a network share or in a folder that a cloud program copies while we write."""
    where = folder.resolve()
    if _on_network(where):
        raise GraticuleError("The store would lie on a network share, where a cut connection can damage it.",
                             "Choose a folder on this computer's own disk; the central server keeps the copies.")
    cloud = synced_by(where)
    if cloud:
        raise GraticuleError(f"The store would lie in a folder that {cloud} copies while Graticule writes, which can damage it.",
                             "Choose a folder outside it; the central server keeps the copies.")


def warn_scarce(folder: Path) -> tuple[str, ...]:
    """A sentence when the disk is nearly full."""
    free = shutil.disk_usage(folder).free
    if free >= SCARCE_BYTES:
        return ()
    return (f"Only {free // (1024 * 1024)} MB are free on the disk of this store. Free some space before you go on.",)


def sync_folder(folder: Path) -> None:
    """Make a rename in the folder survive a power cut. Windows keeps folder entries in its own journal and opens no folders."""
    if os.name == "posix":
        file = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)


def synced_by(where: PurePath) -> str:
    """The part of the path that names a cloud folder, or ""."""
    return next((part for part in where.parts if any(part.lower().startswith(name) for name in _SYNCED)), "")


def network_mount(where: PurePath, mounts: Iterable[tuple[str, str]]) -> bool:
    """Whether the innermost of `mounts` (folder, file system type) that holds `where` is a network file system."""
    holding = [(len(PurePath(folder).parts), kind) for folder, kind in mounts if where.is_relative_to(folder)]
    return bool(holding) and max(holding)[1].lower() in _NETWORK


if sys.platform == "win32":
    import ctypes

    _DRIVE_REMOTE = 4  # GetDriveTypeW, fileapi.h

    def _on_network(where: Path) -> bool:
        return where.drive.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(where.anchor) == _DRIVE_REMOTE

elif sys.platform == "darwin":
    import re
    import subprocess

    _MOUNT_LINE = re.compile(r".+ on (?P<folder>/.*) \((?P<kind>\w+)")

    def _on_network(where: Path) -> bool:
        listed = subprocess.run(["/sbin/mount"], capture_output=True, text=True, check=False).stdout
        found = filter(None, map(_MOUNT_LINE.fullmatch, (line.split(",")[0] for line in listed.splitlines())))
        return network_mount(where, [(match["folder"], match["kind"]) for match in found])

else:

    def _on_network(where: Path) -> bool:
        try:
            rows = [line.split() for line in Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace").splitlines()]
        except OSError:
            return False
        return network_mount(where, [(row[1].replace("\\040", " "), row[2]) for row in rows if len(row) > 2])
