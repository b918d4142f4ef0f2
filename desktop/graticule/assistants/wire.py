"""One request at a time to an assistant's server: trusted TLS, time limits, progress, and an end when the reader cancels."""

import json
import secrets
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import httpx
import truststore

from graticule.assistants.faults import NOT_A_SERVER, TOO_LARGE, bad_address, garbled, refusal, unreachable
from graticule.domain.assistant import AssistantNode
from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Progress

CONNECT_S, WRITE_S, THINK_S = 10.0, 60.0, 300.0
CHUNK = 1 << 18
POLL_S = 0.1
SMALL = 4 << 20  # no answer but a mask is longer

Parts: TypeAlias = "Sequence[bytes | memoryview]"


@dataclass(frozen=True, slots=True)
class Answer:
    """content: decoded, never longer than the request allowed."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    def checked(self) -> "Answer":
        """Itself when it is a success; else GraticuleError says why not."""
        if self.status not in (200, 201, 202):
            raise refusal(self.status)
        return self

    def json(self) -> dict[str, Any]:
        """The JSON object it holds; GraticuleError when it holds none."""
        try:
            told = json.loads(self.content)
        except (ValueError, RecursionError) as fault:
            raise garbled() from fault
        if not isinstance(told, dict):
            raise garbled()
        return told


class Wire:
    """think_s: how long the server may be silent while it computes."""

    def __init__(self, node: AssistantNode, headers: Mapping[str, str] | None = None, think_s: float = THINK_S) -> None:
        self._base, self._ca_file = checked_address(node.address), node.ca_file
        self.headers = dict(headers or {})
        self._think_s = think_s
        self._client: httpx.Client | None = None

    def ask(self, method: str, target: str, progress: Progress, *, body: Parts = (), headers: Mapping[str, str] | None = None,
            limit: int = SMALL, text: str = "") -> Answer:
        """The answer, whatever its status. limit: bytes it may have; text: what the progress card says meanwhile."""
        request = _Request(body, limit)
        sent = {**self.headers, **(headers or {})}
        if body:
            sent["Content-Length"] = str(request.total)
        client = self._opened()
        answer = request.run(lambda: _exchange(client, method, self._base + target, sent, request), progress, text, self.drop)
        if answer.status in (301, 302, 303, 307, 308):
            raise refusal(answer.status)
        return answer

    def document(self, target: str, progress: Progress, text: str = "") -> dict[str, Any]:
        """The JSON object at an address; GraticuleError when something else lives there."""
        answer = self.ask("GET", target, progress, text=text)
        if answer.status == 404:
            raise GraticuleError(*NOT_A_SERVER)
        return answer.checked().json()

    def drop(self) -> None:
        """Hang up: a request under way ends at once."""
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def _opened(self) -> httpx.Client:
        if self._client is None:
            local = urlsplit(self._base).hostname in ("127.0.0.1", "localhost", "::1")
            timeout = httpx.Timeout(connect=CONNECT_S, read=self._think_s, write=WRITE_S, pool=CONNECT_S)
            verify = _trusted(self._ca_file) if self._base.startswith("https:") else True
            self._client = httpx.Client(timeout=timeout, verify=verify, trust_env=not local, follow_redirects=False)
        return self._client


class _Request:
    """What is under way: how much went out, and whether somebody gave it up. The work runs beside, so that it can be left."""

    def __init__(self, parts: Parts, limit: int) -> None:
        self.parts, self.limit = [memoryview(part).cast("B") for part in parts], limit
        self.total = sum(part.nbytes for part in self.parts)
        self.sent, self.given_up = 0, False

    def run(self, work: Callable[[], Answer], progress: Progress, text: str, hang_up: Callable[[], None]) -> Answer:
        found: list[Answer] = []
        faults: list[BaseException] = []

        def beside() -> None:
            try:
                found.append(work())
            except BaseException as fault:  # noqa: BLE001 - carried over to the thread that asked, and raised there
                faults.append(fault)

        thread = threading.Thread(target=beside, daemon=True, name="graticule-assistant")
        thread.start()
        try:
            while thread.is_alive():
                thread.join(POLL_S)
                self._tell(progress, text)
        except BaseException:
            self.given_up = True
            hang_up()
            raise
        if faults:
            hang_up()
            raise faults[0]
        return found[0]

    def _tell(self, progress: Progress, text: str) -> None:
        if self.sent < self.total and self.total > SMALL:
            progress.step(self.sent, self.total, "Sending the image to the assistant")
        else:
            progress.step(0, 0, text or "Asking the assistant")

    def stream(self) -> Iterator[bytes]:
        for part in self.parts:
            for start in range(0, part.nbytes, CHUNK):
                if self.given_up:
                    raise httpx.WriteError("given up")
                yield bytes(part[start:start + CHUNK])
                self.sent += min(CHUNK, part.nbytes - start)


def _exchange(client: httpx.Client, method: str, url: str, headers: Mapping[str, str], request: _Request) -> Answer:
    content = request.stream() if request.parts else None
    try:
        with client.stream(method, url, headers=headers, content=content) as answer:
            got = bytearray()
            for chunk in answer.iter_bytes():
                got += chunk
                if len(got) > request.limit:
                    raise GraticuleError(*TOO_LARGE)
            return Answer(answer.status_code, answer.headers, bytes(got))
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, RuntimeError) as fault:  # RuntimeError: hung up meanwhile
        raise unreachable(fault) from fault


def multipart(fields: Mapping[str, str],
              files: Sequence[tuple[str, str, Parts]]) -> tuple[dict[str, str], list[bytes | memoryview]]:
    """Headers and parts of a multipart/form-data body (RFC 7578). files: (field, file name, content)."""
    boundary = secrets.token_hex(16)
    parts: list[bytes | memoryview] = []
    for name, value in fields.items():
        parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
    for name, file, content in files:
        parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\n'
                     "Content-Type: application/octet-stream\r\n\r\n".encode())
        parts += [*content, b"\r\n"]
    return {"Content-Type": f"multipart/form-data; boundary={boundary}"}, [*parts, f"--{boundary}--\r\n".encode()]


def checked_address(address: str) -> str:
    """Without a slash at its end; GraticuleError for what is no address of a server."""
    text = address.strip().rstrip("/")
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.username or parts.query or parts.fragment:
        raise bad_address()
    return text


def _trusted(ca_file: str) -> ssl.SSLContext:
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if ca_file:
        try:
            context.load_verify_locations(cafile=ca_file)
        except (OSError, ssl.SSLError) as fault:
            raise GraticuleError("The file with the root certificate cannot be read.",
                                 "Choose the PEM file that your IT department gave you.") from fault
    return context
