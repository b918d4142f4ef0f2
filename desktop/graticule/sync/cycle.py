"""One conversation with the central server: hello, send what it lacks, fetch what it may tell."""

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from graticule import __version__
from graticule.domain.errors import GraticuleError
from graticule.sync.label_server import LabelServer
from graticule.sync.messages import PROTOCOL_MAX, PROTOCOL_MIN, DeskStatus, Hello
from graticule.sync.pulling import pull
from graticule.sync.report import SyncReport
from graticule.sync.sending import Sending
from graticule.sync.sources import SyncStore

log = logging.getLogger("graticule.sync")


def cycle(store: SyncStore, server: LabelServer, clock_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000) -> SyncReport:
    """Bring the server up to date and the store's assignments with it; safe to call at any time and as often as one likes.

    GraticuleError says why it did not work out; what was confirmed until then stays confirmed, and the reason is kept
    for the status bar.
    """
    try:
        report = _converse(store, server, clock_ms)
    except GraticuleError as fault:
        store.sync_state.save(replace(store.sync_state.load(), trouble=str(fault)))
        log.info("sync failed: %s", type(fault).__name__)
        raise
    log.info(
        "sync: sent %d, duplicate %d, held %d, waiting %d", report.sent, report.duplicate, report.quarantined, report.waiting
    )
    return report


def _converse(store: SyncStore, server: LabelServer, clock_ms: Callable[[], int]) -> SyncReport:
    before = store.sync_state.load()
    waits = store.log.head()[0] - before.acknowledged
    asked_ms = clock_ms()
    hello = server.hello(DeskStatus(max(0, waits), __version__, before.offset_ms))
    check_server(hello, before.server)
    sending = Sending(store, server, hello)
    sending.run()
    pulled = pull(store, server, hello)
    here = store.log.head()[0]
    status = replace(
        store.sync_state.load(),
        server=hello.server,
        timeline=hello.timeline,
        backed_up=hello.backed_up,
        trouble="",
        offset_ms=hello.time_ms - asked_ms,
        contact=_wall(clock_ms()),
        counts={"held": hello.held + sending.tally["quarantined"], "incomplete": len(sending.lacking)},
    )
    store.sync_state.save(status)
    return SyncReport(
        **sending.tally,
        waiting=max(0, here - status.acknowledged),
        pulled=pulled,
        here=here,
        on_server=status.acknowledged,
        backed_up=status.backed_up,
        incomplete=len(sending.lacking),
        held=status.counts["held"],
    )


def check_server(hello: Hello, known: str) -> None:
    """GraticuleError when this is not the server the store belongs to, or one that speaks another language."""
    if not hello.genuine or (known and known != hello.server):
        raise GraticuleError(
            "This is not the server that this store belongs to, so nothing was sent.",
            "If the study's server was replaced, ask its administrator; otherwise check the address.",
        )
    least, most = hello.protocol
    if most < PROTOCOL_MIN:
        raise GraticuleError(
            "The server is older than this Graticule and does not understand it.", "Ask for the server to be updated."
        )
    if least > PROTOCOL_MAX:
        raise GraticuleError(
            "The server asks for a newer Graticule.", "Update Graticule; everything here stays and is sent then."
        )


def _wall(now_ms: int) -> str:
    return datetime.fromtimestamp(now_ms / 1000, UTC).astimezone().isoformat(timespec="seconds")
