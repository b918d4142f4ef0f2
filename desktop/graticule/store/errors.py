"""The one door through which the database's and the disk's failures become sentences."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from sqlcipher3 import dbapi2

from graticule.domain.errors import GraticuleError

# Not sqlite3's class of the same name: whoever catches that one catches nothing.
IntegrityError = dbapi2.IntegrityError
DatabaseError = dbapi2.DatabaseError

DISK_FULL = ("The disk is full. Nothing was written.", "Free some space, then do it again.")
READ_ONLY = ("The store cannot be written to. Nothing was changed.",
             "Its folder or disk is read-only: ask for the right to write there.")
IN_USE = ("The store is in use by another program.", "Close the other Graticule window or backup program, then do it again.")
DAMAGED = ("A part of the store's file is damaged.",
           "Close Graticule, keep the folder as it is, run “graticule verify” on it and ask for help.")
NOT_OURS = ("The store cannot be read: this is not its key, or the file is damaged.",
            "Check that keys.json and labels.db belong together.")
UNREACHABLE = ("The store's file cannot be opened.", "Check that its folder exists and that you may read and write there.")
DISK_FAULT = ("The disk failed while the store was at work. Nothing was half written.", "Check the disk, then do it again.")
TOO_BIG = ("This is too large to be stored in one piece.", "Divide the act into smaller ones.")

_BY_CODE = {
    dbapi2.SQLITE_FULL: DISK_FULL, dbapi2.SQLITE_READONLY: READ_ONLY, dbapi2.SQLITE_PERM: READ_ONLY,
    dbapi2.SQLITE_BUSY: IN_USE, dbapi2.SQLITE_LOCKED: IN_USE, dbapi2.SQLITE_CORRUPT: DAMAGED, dbapi2.SQLITE_NOTADB: NOT_OURS,
    dbapi2.SQLITE_CANTOPEN: UNREACHABLE, dbapi2.SQLITE_IOERR: DISK_FAULT, dbapi2.SQLITE_TOOBIG: TOO_BIG,
}
_BY_ERRNO = {
    errno.ENOSPC: DISK_FULL, errno.EDQUOT: DISK_FULL, errno.EFBIG: DISK_FULL, errno.EROFS: READ_ONLY, errno.EACCES: READ_ONLY,
    errno.EPERM: READ_ONLY, errno.EIO: DISK_FAULT, errno.ENOENT: UNREACHABLE,
}


@contextmanager
def in_words() -> Iterator[None]:
    """Turn what a user can understand into GraticuleError; let bugs (constraints, wrong SQL) pass as they are."""
    try:
        yield
    except dbapi2.DatabaseError as fault:
        sentence = _BY_CODE.get(getattr(fault, "sqlite_errorcode", 0) & 0xFF)
        if sentence is None:
            raise
        raise GraticuleError(*sentence) from fault
    except OSError as fault:
        sentence = _BY_ERRNO.get(fault.errno or 0)
        if sentence is None:
            raise
        raise GraticuleError(*sentence) from fault
