"""What the status bar says of the conversation, in whole words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from graticule.sync.sources import SyncStore


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the reader's work is, known without asking the server. Counts as in `SyncReport`; waiting counts label versions.

    last_contact: RFC 3339 of the server's last answer, "" when there was none. why_not: why the last try failed, or "".
    """

    server: str = ""
    here: int = 0
    on_server: int = 0
    backed_up: int = 0
    waiting: int = 0
    held: int = 0
    incomplete: int = 0
    last_contact: str = ""
    why_not: str = ""


def standing(store: SyncStore) -> Standing:
    """From the store alone."""
    status = store.sync_state.load()
    here = store.log.head()[0]
    return Standing(
        store.server_url,
        here,
        min(here, status.acknowledged),
        status.backed_up,
        store.sync_state.revisions_waiting(),
        status.counts.get("held", 0),
        status.counts.get("incomplete", 0),
        status.contact,
        status.trouble,
    )


def sentence(standing: Standing, now: datetime) -> str:
    """For the status bar: “3 waiting to send · last sent 14:02 · offline: the server cannot be reached”."""
    if not standing.server:
        return "No central server: everything stays on this computer"
    return " · ".join((_waiting(standing), *_held(standing), _contact(standing.last_contact, now), *_trouble(standing.why_not)))


def numbers(standing: Standing) -> str:
    """The three numbers behind the sentence."""
    return f"{standing.here} here · {standing.on_server} on server · {standing.backed_up} backed up"


def _waiting(standing: Standing) -> str:
    return f"{standing.waiting} waiting to send" if standing.waiting else "everything sent"


def _held(standing: Standing) -> Sequence[str]:
    held = (f"{standing.held} held at server",) if standing.held else ()
    return (*held, f"{standing.incomplete} incomplete at server") if standing.incomplete else held


def _contact(last: str, now: datetime) -> str:
    if not last:
        return "never sent yet"
    then = datetime.fromisoformat(last).astimezone(now.tzinfo)
    return f"last sent {then:%H:%M}" if then.date() == now.date() else f"last sent {then:%Y-%m-%d %H:%M}"


def _trouble(why_not: str) -> Sequence[str]:
    return (f"offline: {why_not[0].lower()}{why_not[1:].rstrip('.')}",) if why_not else ()
