"""Sending: everything after the server's head, blobs before or with the entries that name them, each confirmed by receipt."""

import hashlib
import json
import logging
import platform
from collections.abc import Iterable, Sequence
from dataclasses import replace

from graticule import __version__
from graticule.domain.errors import GraticuleError
from graticule.sync.label_server import LabelServer, Refused
from graticule.sync.messages import Behind, BlobLine, Enrolment, Fork, Handover, Head, Hello, PushRequest, ReaderCard, Receipt
from graticule.sync.messages.fields import EMPTY_LOG
from graticule.sync.messages.naming import named_blobs
from graticule.sync.messages.receipt import DUPLICATE, QUARANTINED
from graticule.sync.plan import FORKED, Enrol, Load, Rehome, blob_parcels, parcels, plan
from graticule.sync.receipts import check_receipt
from graticule.sync.sources import SyncStore

log = logging.getLogger("graticule.sync")

ASK_AT_ONCE = 5000
MOST_MOVES = 3  # new names in one conversation; more would mean that something else is wrong


# What the server says of a blob that is too large or not what it claims (refusal.py there).
UNFIT_BLOB = ("blob", "large", "length")


class Sending:
    """tally: sent, accepted, duplicate, quarantined. lacking: blobs that entries name and that are neither here nor there."""

    def __init__(self, store: SyncStore, server: LabelServer, hello: Hello) -> None:
        self._store, self._server, self._hello = store, server, hello
        self._moves = 0
        self._handover: Handover | None = None
        self.tally = {"sent": 0, "accepted": 0, "duplicate": 0, "quarantined": 0}
        self.lacking: set[str] = set()

    def run(self) -> None:
        """Until the server's head is ours."""
        there = self._hello.head
        while True:
            here = Head(*self._store.log.head())
            action = plan(here, self._store.log.hash_at, there)
            if isinstance(action, Enrol):
                there = self._enrol()
            elif isinstance(action, Rehome):
                self._move(action.reason)
                there = None
            else:
                self._confirm(action.after)
                if action.after.seq == here.seq:
                    break
                there = self._send_after(action.after)
        self._send_blobs(self._hello.wanted)

    def _send_after(self, after: Head) -> Head | None:
        """One portion of entries; the server's head after it, None when the device must enrol again under a new name."""
        lines = self._store.log.entries_after(after.seq, self._hello.limits.push_entries)
        if any(b"\n" in line for line in lines):  # damaged here: it could not even be framed
            self._move(FORKED)
            return None
        base = after
        for parcel in parcels(self._loads(lines), self._hello.limits):
            outcome = self._push(base, parcel.lines, parcel.blobs)
            if isinstance(outcome, Behind):
                return _further_back(outcome.head, base)
            if isinstance(outcome, Fork) or outcome.broken:
                self._move(FORKED)
                return None
            base = outcome.ack
        return base

    def _push(self, base: Head, lines: Sequence[bytes], blobs: Iterable[str]) -> Receipt | Behind | Fork:
        device = self._store.log.device_id
        bodies = tuple(BlobLine(blob, data) for blob in blobs if (data := self._read(blob)) is not None)
        body = PushRequest(device, base, tuple(lines), bodies).encode()
        outcome = self._server.push(body)
        if isinstance(outcome, Receipt):
            sent = [Head(seq, self._store.log.hash_at(seq) or "") for seq in range(base.seq + 1, base.seq + len(lines) + 1)]
            check_receipt(outcome, self._hello, device, hashlib.sha256(body).hexdigest(), base, sent)
            self._count(outcome)
            if not outcome.broken:
                self._confirm(outcome.ack)
        return outcome

    def _count(self, receipt: Receipt) -> None:
        self.tally["sent"] += len(receipt.results)
        for result in receipt.results:
            name = result.result if result.result in (DUPLICATE, QUARANTINED) else "accepted"
            self.tally[name] += 1
        self.lacking.update(blob for blob in receipt.need_blobs if not self._store.blobs.has(blob))

    def _confirm(self, head: Head) -> None:
        """Remember what is proven to be there, for showing; what is sent next never depends on it."""
        status = self._store.sync_state.load()
        if (status.acknowledged, status.acknowledged_hash) != (head.seq, head.hash):
            self._store.sync_state.save(
                replace(
                    status,
                    server=self._hello.server,
                    timeline=self._hello.timeline,
                    acknowledged=head.seq,
                    acknowledged_hash=head.hash,
                )
            )

    def _loads(self, lines: Sequence[bytes]) -> list[Load]:
        """The lines with the small blobs that the server lacks; larger ones are sent here and now."""
        named = [[blob for blob in _blobs_of(line) if self._store.blobs.has(blob)] for line in lines]
        absent = self._absent(dict.fromkeys(blob for blobs in named for blob in blobs))
        inline = self._send_large(absent)
        return [Load(line, tuple((blob, inline[blob]) for blob in blobs if blob in inline)) for line, blobs in zip(lines, named)]

    def _absent(self, blobs: Iterable[str]) -> list[str]:
        asked = list(blobs)
        return [
            blob
            for start in range(0, len(asked), ASK_AT_ONCE)
            for blob in self._server.missing(asked[start : start + ASK_AT_ONCE])
        ]

    def _send_large(self, blobs: Iterable[str]) -> dict[str, int]:
        """PUT what is too large for a push; sizes of the others."""
        inline = {}
        for blob in blobs:
            size = self._store.blobs.size(blob)
            if size <= self._hello.limits.inline_bytes:
                inline[blob] = size
            elif self._read(blob) is not None:
                self._put(blob)
        return inline

    def _put(self, blob: str) -> None:
        """A blob that the server will not take must not hold up what comes after it."""
        try:
            self._server.put_blob(blob, self._store.blobs.frame(blob))
        except Refused as refused:
            if refused.code not in UNFIT_BLOB:
                raise
            log.warning("the server does not take a blob (%s): %s", refused.code, blob)
            self.lacking.add(blob)

    def _send_blobs(self, wanted: Sequence[str]) -> None:
        """What the server still misses of earlier entries and is here now (restored, or damaged on the way)."""
        self.lacking.update(blob for blob in wanted if not self._store.blobs.has(blob))
        here = self._absent([blob for blob in wanted if self._store.blobs.has(blob)])
        for blobs in blob_parcels(list(self._send_large(here).items()), self._hello.limits):
            self._push(Head(*self._store.log.head()), (), blobs)

    def _read(self, blob: str) -> bytes | None:
        """The bytes, or None when they are damaged here: the entry goes without them and is incomplete until they are found."""
        try:
            return self._store.blobs.get(blob)
        except GraticuleError:
            log.warning("a blob cannot be read here: %s", blob)
            self.lacking.add(blob)
            return None

    def _move(self, reason: str) -> None:
        """Go on under a new name, with the old device's word that this is right."""
        self._moves += 1
        if self._moves > MOST_MOVES:
            raise GraticuleError(
                "The server does not accept this store's log.", "Run “graticule verify” on the store and ask for help."
            )
        device, reader = self._store.log.device_id, self._store.reader.id
        self._handover = Handover.give(self._hello.server, device, reader, self._hello.time_ms, self._store.log.sign)
        self._store.log.rehome(reason)
        log.warning("device %s goes on as %s: %s", device, self._store.log.device_id, reason)

    def _enrol(self) -> Head:
        log_source, reader = self._store.log, self._store.reader
        enrolment = Enrolment(
            self._hello.server,
            log_source.device_id,
            log_source.public_key,
            platform.node()[:200],
            ReaderCard(reader.id, reader.name, reader.public_key, reader.specialty),
            app=__version__,
            parent=log_source.parent,
            handover=self._handover,
        )
        self._server.enrol(enrolment.proved(log_source.sign(enrolment.statement())))
        return EMPTY_LOG


def _blobs_of(line: bytes) -> list[str]:
    try:
        body = json.loads(line)["body"]
    except (ValueError, LookupError, TypeError):  # damaged here; the server will say so, and of which entry
        return []
    return named_blobs(body) if isinstance(body, dict) else []


def _further_back(head: Head, base: Head) -> Head:
    if head.seq >= base.seq:
        raise GraticuleError(
            "The server contradicts itself about what it holds.", "Everything is kept here; it is tried again later."
        )
    return head
