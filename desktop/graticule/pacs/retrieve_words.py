"""Statuses of C-GET and C-MOVE (PS3.4 tables C.4-2 and C.4-3), in sentences."""

from pydicom.dataset import Dataset

from graticule.domain.archive import Node
from graticule.domain.errors import GraticuleError

_UNKNOWN_DESTINATION, _NOT_ALLOWED = 0xA801, 0x0124


def status_of(status: Dataset) -> int | None:
    """None when the association ended without a status."""
    return int(status.Status) if "Status" in status else None


def move_fault(status: int, node: Node) -> GraticuleError | None:
    """Why nothing can come at all; None when it is a matter of single objects."""
    if status == _UNKNOWN_DESTINATION:
        return GraticuleError(f"The archive does not know where to send: it has no computer called {node.own_ae}.",
                              f"Ask its administrator to enter {node.own_ae}, this computer's address and port {node.own_port}.")
    if status == _NOT_ALLOWED:
        return GraticuleError("The archive does not let this computer retrieve.", "Ask its administrator.")
    return None
