"""Reading a request with limits, and answering: JSON for programs, one sentence and a hint for people."""

import hashlib
import ipaddress
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy.exc import OperationalError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from graticule.domain.errors import GraticuleError
from graticule.server.refusal import Refusal
from graticule.sync.messages import fault_document

log = logging.getLogger("graticule.server")

Route = Callable[[Request], Awaitable[Response]]


async def read_body(request: Request, most_bytes: int) -> bytes:
    """The body; Refusal 413 as soon as it is longer than allowed."""
    parts, length = [], 0
    async for part in request.stream():
        length += len(part)
        if length > most_bytes:
            raise Refusal(413, "large", "The request is larger than this server accepts.")
        parts.append(part)
    return b"".join(parts)


def target_of(request: Request) -> str:
    """Path and query exactly as they stood in the request line: what the sender signed."""
    path = request.scope.get("raw_path") or request.scope["path"].encode()
    query = request.scope["query_string"]
    return str((path + b"?" + query if query else path).decode("latin-1"))


def body_digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def from_loopback(request: Request) -> bool:
    """Whether the request came from this very machine and not through a proxy on it."""
    if request.client is None or "x-forwarded-for" in request.headers or "forwarded" in request.headers:
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def answer(document: dict[str, Any] | list[Any], status: int = 200) -> Response:
    return Response(json.dumps(document, ensure_ascii=False, separators=(",", ":")), status, media_type="application/json")


def refusing(route: Route) -> Route:
    """The route, its expected failures told in words. Anything else is a bug and becomes a 500 with its own sentence."""

    async def told(request: Request) -> Response:
        try:
            return await route(request)
        except Refusal as refusal:
            log.info("refused %s with %s", refusal.code, refusal.status)
            return JSONResponse(refusal.document(), refusal.status)
        except OperationalError:
            log.exception("the database does not work")
            return JSONResponse(fault_document("database", "The server cannot write at the moment: its disk may be full.",
                                               "Nothing is lost; it is sent again."), 507)
        except GraticuleError as fault:
            return JSONResponse(fault_document("request", fault.message, fault.hint), 400)
        except ClientDisconnect:
            return Response(status_code=400)

    return told


async def bug(_request: Request, _fault: Exception) -> Response:
    """The last answer: the traceback is in the server's log, not on the wire."""
    return JSONResponse(
        fault_document("server", "The server failed to carry this out.", "Nothing is lost; it is sent again."), 500
    )
