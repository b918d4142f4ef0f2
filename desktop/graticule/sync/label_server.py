"""What the conversation needs of a central server; `HttpServer` is the real one."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from graticule.domain.errors import GraticuleError
from graticule.sync.messages import Behind, Cursor, DeskStatus, Enrolment, Fork, Hello, PullPage, Receipt


class ServerUnreachable(GraticuleError):
    """Nobody, or somebody else, answered. Everything stays here and is tried again later."""


class Refused(GraticuleError):
    """The server said no, in words. code: one word for programs; document: everything it said."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        super().__init__(str(document["error"]), str(document.get("hint", "")))
        self.code, self.document = str(document["code"]), document


class Reset(GraticuleError):
    """The server's past is not the one this cursor was read from."""


class LabelServer(Protocol):
    """Every method may be called again after any failure: asking twice changes nothing.

    All raise ServerUnreachable when no Graticule server answered, GraticuleError when it refused.
    """

    def hello(self, status: DeskStatus) -> Hello: ...

    def enrol(self, enrolment: Enrolment) -> None: ...

    def missing(self, ids: Sequence[str]) -> list[str]:
        """Those of the blobs that the server does not hold."""
        ...

    def put_blob(self, blob: str, frame: bytes) -> None:
        """Send one blob as a compressed frame, of any size."""
        ...

    def push(self, body: bytes) -> Receipt | Behind | Fork:
        """Send an encoded push."""
        ...

    def pull(self, cursor: Cursor) -> PullPage:
        """The next page after the cursor; Reset when it must start anew."""
        ...
