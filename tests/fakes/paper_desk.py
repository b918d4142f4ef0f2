"""A device that is only a key and a list of lines, for saying exactly what one wants to a server."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from graticule.records.canonical import canonical
from graticule.records.chain import START
from graticule.records.entry import ENTRY_DOMAIN, REVISION, Entry, read_entry
from graticule.records.ids import blob_id, event_id, new_id, new_salt, revision_id, sha256_hex, task_id
from graticule.records.keys import SigningKey
from graticule.records.revision import App, Header, Slot, attestation
from graticule.server.central_store import CentralStore
from graticule.sync.messages import BlobLine, Enrolment, Head, PushRequest, ReaderCard, Receipt

PROTOCOL = "p1:" + sha256_hex(b"protocol")


class PaperDesk:
    def __init__(self, name: str, like: "PaperDesk | None" = None) -> None:
        self.id, self.key = new_id(), SigningKey.generate()
        self.reader_key = like.reader_key if like else SigningKey.generate()
        self.reader = like.reader if like else ReaderCard(new_id(), name, self.reader_key.public)
        self.lines: list[bytes] = []
        self.head = Head(0, START)

    def enrolment(self, server: str, **more: Any) -> Enrolment:
        asked = Enrolment(server, self.id, self.key.public, "paper", self.reader, **more)
        return asked.proved(self.key.sign(asked.statement()))

    def enrolled(self, store: CentralStore) -> "PaperDesk":
        store.enrol(self.enrolment(store.identity.server), from_loopback=True)
        return self

    def header(self, case: str = "case", payload: bytes = b"{}", **more: Any) -> Header:
        case_id = "c1:" + sha256_hex(case.encode())
        usual = {
            "project": "demo",
            "case": case_id,
            "protocol": PROTOCOL,
            "slot": Slot(task_id(PROTOCOL, case_id), self.reader.id),
            "op": "put",
            "salt": new_salt(),
            "payload": blob_id(payload),
            "hlc": "018f00000000-0000",
            "wall": "2026-03-01T09:00:00+01:00",
            "device": self.id,
            "app": App("1"),
        }
        return Header(**{**usual, **more})

    def attest(self, put: Header, **more: Any) -> Header:
        read = replace(put, op="attest", parents=(put.id,), salt=new_salt())
        return replace(attestation(read, self.reader_key, name=self.reader.name, meaning="my read", time=put.wall), **more)

    def write(self, header: Header) -> bytes:
        return self.append(Entry.of_revision(self.id, self.head.seq + 1, self.head.hash, header))

    def write_body(self, body: Mapping[str, Any], kind: str = REVISION, ref: str = "") -> bytes:
        """Any body at all, authentic all the same."""
        names = {REVISION: revision_id, "event": event_id}
        ref = ref or names[kind](body)
        return self.append(Entry(self.id, self.head.seq + 1, self.head.hash, kind, ref, canonical(body)))

    def append(self, entry: Entry) -> bytes:
        """Signed without the checks that an honest program makes of itself."""
        line = _sign_anything(entry, self.key)
        self.lines.append(line)
        self.head = Head(entry.seq, entry.hash)
        return line

    def forget(self, many: int) -> None:
        """As if the last entries had never been written."""
        self.lines = self.lines[:-many]
        last = read_entry(self.lines[-1]) if self.lines else None
        self.head = Head(last.seq, last.hash) if last else Head(0, START)

    def base(self, seq: int) -> Head:
        return Head(seq, read_entry(self.lines[seq - 1]).hash) if seq else Head(0, START)

    def request(self, after: int = 0, blobs: Sequence[bytes] = (), lines: Sequence[bytes] | None = None) -> PushRequest:
        chosen = self.lines[after:] if lines is None else lines
        return PushRequest(self.id, self.base(after), tuple(chosen), tuple(BlobLine(blob_id(data), data) for data in blobs))


def push(
    store: CentralStore, desk: PaperDesk, after: int = 0, blobs: Sequence[bytes] = (b"{}",), lines: Sequence[bytes] | None = None
) -> Receipt:
    answer = send(store, desk, desk.request(after, blobs, lines))
    assert isinstance(answer, Receipt)
    return answer


def send(store: CentralStore, desk: PaperDesk, request: PushRequest) -> Any:
    device = store.device(desk.id)
    assert device is not None
    return store.push(device, request, sha256_hex(request.encode()))


def _sign_anything(entry: Entry, key: SigningKey) -> bytes:
    signature = key.sign(ENTRY_DOMAIN + entry.hash.encode())
    return entry._open() + b',"sig":"' + signature.hex().encode() + b'","v":1}'
