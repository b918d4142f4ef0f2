"""Whether a receipt is one: signed by the known server, for this very request, naming every entry sent by its hash."""

from collections.abc import Sequence

from graticule.records.keys import verify
from graticule.sync.label_server import ServerUnreachable
from graticule.sync.messages import Head, Hello, Receipt

_HINT = "What you label is safe on this computer and is sent again later. If it stays so, tell the study's administrator."


def check_receipt(receipt: Receipt, hello: Hello, device: str, request_sha256: str, base: Head, sent: Sequence[Head]) -> None:
    """ServerUnreachable when the receipt proves nothing. sent: number and hash of each entry of the push, in order."""
    if not verify(hello.public_key, receipt.signature, receipt.statement()):
        raise ServerUnreachable("The server's receipt is not signed by the server this store knows.", _HINT)
    about = (receipt.server, receipt.timeline, receipt.device, receipt.request)
    if about != (hello.server, hello.timeline, device, request_sha256):
        raise ServerUnreachable("The server's receipt is for something else.", _HINT)
    taken = sent[: receipt.broken.seq - base.seq - 1] if receipt.broken else sent
    named = [Head(result.seq, result.hash) for result in receipt.results]
    last = taken[-1] if taken else base
    if named != list(taken) or receipt.ack.seq < last.seq:
        raise ServerUnreachable("The server's receipt does not name everything that was sent.", _HINT)
