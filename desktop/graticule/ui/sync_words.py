"""Where the work is, in words: the three numbers, when, and why not."""

from datetime import datetime

from graticule.presenters.ports import SyncCounts
from graticule.presenters.sync_status import SyncStatus
from graticule.ui.theme import TOKENS
from graticule.ui.words import tr, trn


def in_words(status: SyncStatus) -> tuple[str, str]:
    """The line for the status bar, and the longer story for its tooltip."""
    counts = status.counts
    if not status.has_server:
        return trn(counts.here, "1 here", "{n} here"), tr("No server is set: the work stays on this computer. Click to set one.")
    numbers = tr("{here} here · {server} on server · {backup} backed up",
                 here=counts.here, server=counts.on_server, backup=counts.backed_up)
    return f"{numbers}  ·  {_when(status)}", "\n".join(_story(status))


def sign_of(status: SyncStatus) -> tuple[str, str]:
    """Icon and colour beside the words."""
    if status.running:
        return "sync", TOKENS.accent
    if not status.has_server or status.counts.why_not:
        return "cloud-off", TOKENS.warn if status.counts.why_not else TOKENS.muted
    if status.counts.waiting:
        return "clock", TOKENS.muted
    return "synced", TOKENS.good


def _when(status: SyncStatus) -> str:
    counts = status.counts
    if status.running:
        return tr("sending…")
    if counts.why_not:
        return tr("waiting to send: {n}", n=counts.waiting) if counts.waiting else tr("server not reached")
    if counts.waiting:
        return tr("waiting to send: {n}", n=counts.waiting)
    return tr("synced {time}", time=_clock(counts.last_contact)) if counts.last_contact else tr("not yet sent")


def _story(status: SyncStatus) -> list[str]:
    counts = status.counts
    return [part for part in (
        tr("Server: {address}", address=counts.server),
        _contact(counts),
        tr("Waiting to send: {n}", n=counts.waiting),
        tr("Held at server: {n}. The study lead has been told; nothing is lost.", n=counts.held) if counts.held else "",
        _why_not(counts),
        tr("Click to send now. You can go on working either way."),
    ) if part]


def _contact(counts: SyncCounts) -> str:
    if not counts.last_contact:
        return tr("The server has not been reached yet.")
    return tr("Last contact: {time}", time=_clock(counts.last_contact))


def _why_not(counts: SyncCounts) -> str:
    return tr("Why not: {reason} Your work is safe on this computer.", reason=tr(counts.why_not)) if counts.why_not else ""


def _clock(moment: str) -> str:
    """An RFC 3339 time as this computer's clock shows it: HH:MM today, the date before it otherwise."""
    try:
        local = datetime.fromisoformat(moment).astimezone()
    except ValueError:
        return moment
    today = local.date() == datetime.now().astimezone().date()
    return local.strftime("%H:%M" if today else "%Y-%m-%d %H:%M")
