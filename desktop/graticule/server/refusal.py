"""A request the server does not carry out, with the status and the code a client acts on."""

from typing import Any

from graticule.domain.errors import GraticuleError
from graticule.sync.messages import fault_document


class Refusal(GraticuleError):
    """status: of HTTP. code: one word for programs; message and hint are for people."""

    def __init__(self, status: int, code: str, message: str, hint: str = "", **more: Any) -> None:
        super().__init__(message, hint)
        self.status, self.code, self.more = status, code, more

    def document(self) -> dict[str, Any]:
        return fault_document(self.code, self.message, self.hint, **self.more)
