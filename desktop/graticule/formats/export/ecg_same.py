"""Whether labels that were read back say the same as those that were written, whatever ids they were given."""

from collections import Counter
from collections.abc import Iterable

from graticule.domain.elements import Beat, Element, Episode
from graticule.domain.labels import Labels
from graticule.formats.export.ecg_statements import beat_rows, episodes_to_write

_Rows = Counter[tuple[object, ...]]


def same_statements(labels: Labels, found: Iterable[Element]) -> str | None:
    """None when beats (tick, symbol, lead) and episodes (track, code, ends, lead) are equal, else what differs."""
    found = list(found)
    wanted: _Rows = Counter((lead, symbol, tick) for lead, symbol, _, ticks in beat_rows(labels) for tick in ticks.tolist())
    if wanted != Counter((one.lead, one.symbol, one.tick) for one in found if isinstance(one, Beat)):
        return "has other beats"
    episodes: _Rows = Counter(_row(one) for one in episodes_to_write(labels))
    return None if episodes == Counter(_row(one) for one in found if isinstance(one, Episode)) else "has other episodes"


def _row(one: Episode) -> tuple[object, ...]:
    return one.track, one.code.scheme, one.code.code, one.start, one.end, one.lead
