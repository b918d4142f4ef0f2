"""One value per time on a track: what happens to older episodes when a new one is laid over them."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from graticule.domain.edits import ElementChange
from graticule.domain.elements import Episode
from graticule.domain.recording import Recording

RHYTHM, CONDUCTION = "rhythm", "conduction"

def lay(episodes: Iterable[Episode], laid: Episode, new_id: Callable[[], str]) -> tuple[ElementChange, ...]:
    """The changes that put `laid` on its track: older episodes under it are removed, trimmed or split.

    episodes: all episodes of the case; those of other tracks stay. One with the id of `laid` is replaced by it.
    An older episode that sticks out on both sides becomes two, of which the earlier keeps the id.
    """
    existing = list(episodes)
    before = next((episode for episode in existing if episode.id == laid.id), None)
    others = [episode for episode in existing if episode.track == laid.track and episode.id != laid.id]
    room = [change for other in others for change in _make_room(other, laid, new_id)]
    first = ElementChange.make(laid) if before is None else ElementChange.replace(before, laid)
    return (*room, first)


def _make_room(other: Episode, laid: Episode, new_id: Callable[[], str]) -> list[ElementChange]:
    if other.end <= laid.start or other.start >= laid.end:
        return []
    left = replace(other, end=laid.start) if other.start < laid.start else None
    right = replace(other, start=laid.end) if other.end > laid.end else None
    if left is None and right is None:
        return [ElementChange.remove(other)]
    if left is None or right is None:
        return [ElementChange.replace(other, part) for part in (left, right) if part is not None]
    return [ElementChange.replace(other, left), ElementChange.make(replace(right, id=new_id()))]


def at(episodes: Iterable[Episode], track: str, tick: int) -> Episode | None:
    """The episode that holds on a track at a tick."""
    return next((e for e in episodes if e.track == track and e.start <= tick < e.end), None)


def span_text(recording: Recording, start: int, end: int) -> str:
    """ "97.6–149.0 s": how titles and lists name an interval."""
    return f"{recording.seconds(start):.1f}–{recording.seconds(end):.1f} s"
