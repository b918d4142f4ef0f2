"""One value per time on a track: what happens to older episodes when a new one is laid over them, and how one is cut and joined.

A track has one lane for the whole record and one for each lead: an episode that holds for all leads and one of a single lead may
lie over each other, two of the same lane never do.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from graticule.domain.edits import ElementChange
from graticule.domain.elements import Episode
from graticule.domain.errors import GraticuleError
from graticule.domain.recording import Recording

RHYTHM, CONDUCTION, SINUS_NODE, INTRAVENTRICULAR, PACING = "rhythm", "conduction", "sinus_node", "intraventricular", "pacing"
QUALITY, ST, EVENT, BEAT = "quality", "st", "event", "beat"
MARKS = "marks"   # stretches whose P waves and QRS complexes were set by hand (`ecg/marks.py`); no track a reader tags
TRACKS = (RHYTHM, CONDUCTION, SINUS_NODE, INTRAVENTRICULAR, PACING, QUALITY, ST, EVENT)
LEFT_OUT = ("q_severe", "q_nosignal")   # quality that takes a stretch out of every analysis

Lane = tuple[str, str | None]


def lane_of(episode: Episode) -> Lane:
    return episode.track, episode.lead


def lay(episodes: Iterable[Episode], laid: Episode, new_id: Callable[[], str]) -> tuple[ElementChange, ...]:
    """The changes that put `laid` on its lane: older episodes under it are removed, trimmed or split.

    episodes: all episodes of the case; those of other lanes stay. One with the id of `laid` is replaced by it.
    An older episode that sticks out on both sides becomes two, of which the earlier keeps the id.
    """
    existing = list(episodes)
    before = next((episode for episode in existing if episode.id == laid.id), None)
    others = [episode for episode in existing if lane_of(episode) == lane_of(laid) and episode.id != laid.id]
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


def split(episode: Episode, tick: int, new_id: Callable[[], str]) -> tuple[ElementChange, ...]:
    """Two episodes of the same code that meet at `tick`; the earlier keeps the id. GraticuleError outside it."""
    if not episode.start < tick < episode.end:
        raise GraticuleError("There is nothing to split here.", "Bring the cursor inside the episode.")
    return (ElementChange.replace(episode, replace(episode, end=tick)),
            ElementChange.make(replace(episode, id=new_id(), start=tick)))


def merge(episodes: Iterable[Episode], episode: Episode) -> tuple[ElementChange, ...]:
    """The episode grown over the next one of its lane, which goes, and over what lies between them.

    GraticuleError when there is no next one.
    """
    following = next_on_lane(episodes, episode)
    if following is None:
        raise GraticuleError("There is no later episode on this track to join with.")
    return ElementChange.remove(following), ElementChange.replace(episode, replace(episode, end=following.end))


def until_next_change(episodes: Iterable[Episode], episode: Episode, ticks: int) -> tuple[ElementChange, ...]:
    """The episode made to last until the next one of its lane begins, or to the end of the record (`ticks`); () when it does."""
    following = next_on_lane(episodes, episode)
    end = following.start if following is not None else ticks
    return (ElementChange.replace(episode, replace(episode, end=end)),) if end > episode.end else ()


def next_on_lane(episodes: Iterable[Episode], episode: Episode) -> Episode | None:
    """The episode that begins next after one, on its lane."""
    later = [e for e in episodes if lane_of(e) == lane_of(episode) and e.id != episode.id and e.start >= episode.end]
    return min(later, key=lambda e: e.start, default=None)


def gap_at(episodes: Iterable[Episode], track: str, tick: int, ticks: int) -> tuple[int, int] | None:
    """[start, end) of what nobody has labelled round a tick, on the lane for all leads; None inside an episode."""
    row = [e for e in episodes if lane_of(e) == (track, None)]
    if any(e.start <= tick < e.end for e in row):
        return None
    return max((e.end for e in row if e.end <= tick), default=0), min((e.start for e in row if e.start > tick), default=ticks)


def at(episodes: Iterable[Episode], track: str, tick: int, lead: str | None = None) -> Episode | None:
    """The episode that holds on a lane at a tick."""
    return next((e for e in episodes if lane_of(e) == (track, lead) and e.start <= tick < e.end), None)


def left_out(episodes: Iterable[Episode], lead: str | None = None) -> list[tuple[int, int]]:
    """[start, end) stretches, rising, that noise takes out of every analysis: of all leads, and of `lead` where one is named."""
    return sorted((e.start, e.end) for e in episodes
                  if e.track == QUALITY and e.code.code in LEFT_OUT and e.lead in (None, lead))


def span_text(recording: Recording, start: int, end: int) -> str:
    """ "97.6–149.0 s": how titles and lists name an interval."""
    return f"{recording.seconds(start):.1f}–{recording.seconds(end):.1f} s"
