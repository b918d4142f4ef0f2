"""The central server over HTTPS: signed requests, the computer's own trusted certificates, and failures told in words."""

import hashlib
import json
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any, Protocol, Self
from urllib.parse import urlencode, urlsplit

import httpx
import truststore

from graticule.domain.errors import GraticuleError
from graticule.sync.answers import NOT_OURS, SAFE_HERE, document_of, offset_of, unreachable
from graticule.sync.label_server import Refused, Reset, ServerUnreachable
from graticule.sync.messages import (
    Behind,
    Cursor,
    DeskStatus,
    Enrolment,
    FleetRow,
    Fork,
    Hello,
    Limits,
    PullPage,
    Receipt,
    SignedRequest,
    read_fault,
    request_statement,
)
from graticule.sync.messages.fields import blob_ids, head, listed, number, read_object
from graticule.sync.sources import SyncStore

TIMEOUT = httpx.Timeout(60.0, connect=10.0)


class Signer(Protocol):
    """The device in whose name requests go out; it may change during a conversation (`DeviceLog` is one)."""

    @property
    def device_id(self) -> str: ...

    def sign(self, message: bytes) -> bytes: ...


class HttpServer:
    """A `LabelServer` at `url`. invitation: the server's code, for the first contact from another machine.

    transport: for tests; clock_ms: the wall clock of this computer.
    """

    def __init__(
        self,
        url: str,
        signer: Signer,
        *,
        invitation: str = "",
        transport: httpx.BaseTransport | None = None,
        clock_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        self._base, self._signer, self._clock_ms = _checked_url(url), signer, clock_ms
        self._offset_ms, self._invitation = 0, invitation
        self._limits = Limits()
        local = urlsplit(self._base).hostname in ("127.0.0.1", "localhost", "::1")
        # Hospitals inspect TLS with a root certificate of their own: the system's store knows it, a bundled list would not.
        trust = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if self._base.startswith("https:") else True
        self._client = httpx.Client(
            transport=transport, timeout=TIMEOUT, verify=trust, trust_env=not local, follow_redirects=False
        )

    @classmethod
    def for_store(cls, store: SyncStore, invitation: str = "") -> "HttpServer":
        """The server whose address the store keeps, spoken to in the name of the store's device."""
        return cls(store.server_url, store.log, invitation=invitation)

    def hello(self, status: DeskStatus) -> Hello:
        hello = Hello.from_json(self._ask("GET", "/v1/hello?" + urlencode(status.as_query())))
        self._offset_ms = hello.time_ms - self._clock_ms()
        self._limits = hello.limits
        return hello

    def enrol(self, enrolment: Enrolment) -> None:
        told = self._ask("POST", "/v1/devices", _json(replace(enrolment, invitation=self._invitation).as_json()))
        if told.get("device") != enrolment.device:
            raise ServerUnreachable(*NOT_OURS)

    def missing(self, ids: Sequence[str]) -> list[str]:
        told = self._ask("POST", "/v1/blobs/missing", _json({"v": 1, "ids": list(ids)}))
        if "missing" not in told:
            raise ServerUnreachable(*NOT_OURS)
        return list(blob_ids(told, "missing"))

    def put_blob(self, blob: str, frame: bytes) -> None:
        if len(frame) > self._limits.blob_bytes:
            self._upload(blob, frame)
        else:
            self._ask("PUT", f"/v1/blobs/{blob}", frame, {"If-None-Match": "*"})

    def push(self, body: bytes) -> Receipt | Behind | Fork:
        try:
            return Receipt.from_json(self._ask("POST", "/v1/sync/push", body, {"Content-Type": "application/zstd"}))
        except Refused as refused:
            if refused.code == "behind":
                return Behind(head(refused.document, "head"))
            if refused.code == "fork":
                return Fork(number(refused.document, "common"))
            raise

    def pull(self, cursor: Cursor) -> PullPage:
        try:
            return PullPage.from_json(self._ask("GET", "/v1/sync/pull?" + urlencode(cursor.as_query())))
        except Refused as refused:
            if refused.code == "reset":
                raise Reset(refused.message, refused.hint) from refused
            raise

    def fleet(self) -> list[FleetRow]:
        return [FleetRow.from_json(row) for row in listed(self._ask("GET", "/v1/fleet"), "devices")]

    def close(self) -> None:
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _upload(self, blob: str, frame: bytes) -> None:
        """In parts, from wherever an earlier try ended."""
        begun = self._send(
            "POST",
            "/v1/uploads",
            _json({"v": 1, "blob": blob, "length": len(frame), "sha256": hashlib.sha256(frame).hexdigest()}),
            {},
        )
        document_of(begun, (201,))
        where, offset = begun.headers.get("location", ""), offset_of(begun)
        while True:
            part = frame[offset : offset + self._limits.part_bytes]
            answer = self._send("PATCH", where, part, {"Upload-Offset": str(offset), "Graticule-Blob": blob})
            if answer.status_code in (200, 201):
                return
            if answer.status_code == 409:
                offset = number(read_object(answer.content), "offset")
                continue
            document_of(answer, (204,))
            offset = offset_of(answer)

    def _ask(self, method: str, target: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        return document_of(self._send(method, target, body, headers or {}), (200, 201))

    def _send(self, method: str, target: str, body: bytes, headers: Mapping[str, str]) -> httpx.Response:
        """One request, signed; once more with the server's time when the clocks differ."""
        answer = self._exchange(method, target, body, headers)
        refusal = read_fault(answer.content) if answer.status_code == 401 else None
        if refusal is None or refusal["code"] != "clock":
            return answer
        self._offset_ms = number(refusal, "time_ms") - self._clock_ms()
        return self._exchange(method, target, body, headers)

    def _exchange(self, method: str, target: str, body: bytes, headers: Mapping[str, str]) -> httpx.Response:
        signed = {**headers, "Authorization": self._authorization(method, target, body)}
        try:
            return self._client.request(method, self._base + target, content=body, headers=signed)
        except httpx.HTTPError as fault:
            raise unreachable(fault) from fault
        except httpx.InvalidURL as fault:
            raise GraticuleError("The server answered with an address that cannot be used.", SAFE_HERE) from fault

    def _authorization(self, method: str, target: str, body: bytes) -> str:
        device, time_ms = self._signer.device_id, max(0, self._clock_ms() + self._offset_ms)
        statement = request_statement(device, time_ms, method, target, hashlib.sha256(body).hexdigest())
        return SignedRequest(device, time_ms, self._signer.sign(statement)).as_header()


def _checked_url(url: str) -> str:
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise GraticuleError("The address of the server cannot be used.", "It looks like https://labels.hospital.example.")
    return url.strip().rstrip("/")


def _json(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
