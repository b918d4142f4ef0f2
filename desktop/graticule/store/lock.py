"""One Graticule at a time may write to a store. The operating system drops the lock when the process dies, however it dies."""

import os
import sys
from pathlib import Path

from graticule.domain.errors import GraticuleError
from graticule.store.errors import in_words

_HELD = ("This store is open in another Graticule window.", "Use that window, or close it first.")


class StoreLock:
    """Held from the making of the object until `release`."""

    def __init__(self, path: Path) -> None:
        with in_words():
            self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _take(self._file)
        except OSError as fault:
            os.close(self._file)
            raise GraticuleError(*_HELD) from fault

    def release(self) -> None:
        if self._file >= 0:
            _give_back(self._file)
            os.close(self._file)
            self._file = -1


if sys.platform == "win32":
    import msvcrt

    def _take(file: int) -> None:
        os.lseek(file, 0, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

    def _give_back(file: int) -> None:
        os.lseek(file, 0, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    # flock, not lockf: it belongs to the open file, so a second window of the same process is refused as well.
    def _take(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _give_back(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)
