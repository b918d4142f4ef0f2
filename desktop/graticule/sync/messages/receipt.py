"""The receipt: the server signs which entries, by hash, it holds. A 200 alone proves nothing; a receipt does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graticule.records.canonical import canonical
from graticule.sync.messages.fields import Head, blob_ids, hash_text, head, hex_bytes, listed, mapping, number, text
from graticule.sync.messages.hello import LogHead

DOMAIN = b"graticule/receipt/1\n"
STORED, DUPLICATE, LATE, WAITING, INCOMPLETE, QUARANTINED = "stored", "duplicate", "late", "waiting", "incomplete", "quarantined"
RESULTS = (STORED, DUPLICATE, LATE, WAITING, INCOMPLETE, QUARANTINED)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one entry. hash: its chain hash; index: its place in the project's log."""

    seq: int
    hash: str
    ref: str
    result: str
    project: str
    index: int
    why: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "seq": self.seq,
            "hash": self.hash,
            "ref": self.ref,
            "result": self.result,
            "project": self.project,
            "index": self.index,
            "why": self.why,
        }

    @classmethod
    def from_json(cls, data: Any) -> "Result":
        found = mapping(data)
        return cls(
            number(found, "seq"),
            hash_text(found, "hash"),
            text(found, "ref"),
            text(found, "result"),
            text(found, "project"),
            number(found, "index"),
            text(found, "why", ""),
        )


@dataclass(frozen=True, slots=True)
class Broken:
    """The first line that does not continue the device's chain: kept aside at the server, not acknowledged."""

    seq: int
    why: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """request: hex SHA-256 of the push body it answers, so that no older receipt can stand in for it."""

    server: str
    timeline: str
    device: str
    request: str
    ack: Head
    time_ms: int
    results: tuple[Result, ...] = ()
    need_blobs: tuple[str, ...] = ()
    logs: tuple[LogHead, ...] = ()
    broken: Broken | None = None
    signature: bytes = field(default=b"", compare=False)

    def statement(self) -> bytes:
        return DOMAIN + canonical(self._signed())

    def as_json(self) -> dict[str, Any]:
        return {**self._signed(), "signature": self.signature.hex()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Receipt":
        broken = data.get("broken")
        return cls(
            text(data, "server"),
            text(data, "timeline"),
            text(data, "device"),
            hash_text(data, "request"),
            head(data, "ack"),
            number(data, "time_ms"),
            tuple(Result.from_json(item) for item in listed(data, "results")),
            blob_ids(data, "need_blobs"),
            tuple(LogHead.from_json(item) for item in listed(data, "logs")),
            None if broken is None else Broken(number(mapping(broken), "seq"), text(broken, "why")),
            hex_bytes(data, "signature", 64),
        )

    def _signed(self) -> dict[str, Any]:
        return {
            "v": 1,
            "server": self.server,
            "timeline": self.timeline,
            "device": self.device,
            "request": self.request,
            "ack": self.ack.as_json(),
            "time_ms": self.time_ms,
            "results": [result.as_json() for result in self.results],
            "need_blobs": list(self.need_blobs),
            "logs": [log.as_json() for log in self.logs],
            "broken": None if self.broken is None else {"seq": self.broken.seq, "why": self.broken.why},
        }


def sign_receipt(receipt: Receipt, sign: Callable[[bytes], bytes]) -> Receipt:
    return Receipt(
        receipt.server,
        receipt.timeline,
        receipt.device,
        receipt.request,
        receipt.ack,
        receipt.time_ms,
        receipt.results,
        receipt.need_blobs,
        receipt.logs,
        receipt.broken,
        sign(receipt.statement()),
    )


@dataclass(frozen=True, slots=True)
class Behind:
    """409: the server holds less of this device's log than the push starts from; send from `head`."""

    head: Head


@dataclass(frozen=True, slots=True)
class Fork:
    """409: the server holds another log under this device's id; `common` is the last entry known to be shared (0: none known)."""

    common: int
