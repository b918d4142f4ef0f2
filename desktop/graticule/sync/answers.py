"""Reading what came back, or did not: the server's document, its refusal, or one sentence about the network."""

import ssl
from typing import Any

import httpx

from graticule.sync.label_server import Refused, ServerUnreachable
from graticule.sync.messages import MessageFault, read_fault
from graticule.sync.messages.fields import read_object

SAFE_HERE = "What you label is safe on this computer and is sent by itself later."
NOT_OURS = (
    "Something other than the Graticule server answered.",
    "It may be the log-in page of the network: open a web browser, log in there, then try again. " + SAFE_HERE,
)


def unreachable(fault: httpx.HTTPError) -> ServerUnreachable:
    """The sentence for a request that brought no answer."""
    if caused_by(fault, ssl.SSLError):
        return ServerUnreachable(
            "The server's certificate is not trusted by this computer, so nothing was sent.",
            "Ask your IT department whether the hospital's root certificate is installed here. " + SAFE_HERE,
        )
    if isinstance(fault, httpx.ConnectError | httpx.ConnectTimeout):
        return ServerUnreachable("The server cannot be reached.", SAFE_HERE)
    if isinstance(fault, httpx.TimeoutException):
        return ServerUnreachable("The server did not answer in time.", SAFE_HERE)
    if isinstance(fault, httpx.ProxyError):
        return ServerUnreachable("The network's proxy did not let the request through.", "Ask your IT department. " + SAFE_HERE)
    return ServerUnreachable("The connection to the server was cut.", SAFE_HERE)


def document_of(answer: httpx.Response, good: tuple[int, ...]) -> dict[str, Any]:
    if answer.status_code in good:
        try:
            return read_object(answer.content) if answer.content else {}
        except MessageFault as fault:
            raise ServerUnreachable(*NOT_OURS) from fault
    refusal = read_fault(answer.content)
    if refusal is None:
        raise ServerUnreachable(*NOT_OURS)
    raise Refused(refusal)


def offset_of(answer: httpx.Response) -> int:
    value = answer.headers.get("upload-offset", "")
    if not (value.isascii() and value.isdigit()):
        raise ServerUnreachable(*NOT_OURS)
    return int(value)


def caused_by(fault: BaseException | None, kind: type[BaseException]) -> bool:
    while fault is not None:
        if isinstance(fault, kind):
            return True
        fault = fault.__cause__ or fault.__context__
    return False
