"""Is every piece of data still what its name says?"""

from collections.abc import Iterator

from graticule.domain.errors import GraticuleError
from graticule.records.frames import decode_frame
from graticule.records.ids import blob_id
from graticule.store.audit import Audit, Problem


def check_blobs(audit: Audit) -> Iterator[Problem]:
    numbers = audit.database.all("SELECT number FROM blobs ORDER BY number")
    for (number,) in numbers:
        row = audit.database.one("SELECT id, size, frame FROM blobs WHERE number = ?", (number,))
        if row is not None:
            audit.look()
            fault = _fault(*row)
            if fault:
                yield Problem("Data", _where(audit, row[0]), fault)


def _fault(name: str, size: int, frame: bytes) -> str:
    try:
        raw = decode_frame(frame, limit=size)
    except GraticuleError as fault:
        return str(fault)
    if blob_id(raw) != name:
        return "It was changed after it was stored: its content no longer gives its name."
    return "" if len(raw) == size else "Its length is not the one that was noted."


def _where(audit: Audit, name: str) -> str:
    user = audit.users.get(name)
    return f"{audit.version(user)}, piece {name[:11]}" if user else f"piece {name[:11]}, which no version uses"
