"""Read the files of a listed case another way: new items in its place in the worklist; what is labelled stays."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from graticule.domain.case import Case
from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Progress
from graticule.formats.dicom.reading_ways import Way, relatives_in_series, ways_to_read
from graticule.store.store import Store


@dataclass(frozen=True, slots=True)
class Reread:
    """cases: what the files are now. kept: older items of theirs that stay listed, because somebody labelled them."""

    cases: tuple[Case, ...]
    kept: tuple[Case, ...]


def ways_of(store: Store, case: Case, progress: Progress) -> list[Way]:
    """The readings of the series of a case, the usual one first; [] when its files can be read one way only."""
    items = relatives_in_series(case, store.cases.all())
    for item in items:
        store.cases.require_files(item.id)
    ways = ways_to_read(items, progress)
    return ways if len(ways) > 1 else []


def way_now(case: Case) -> str:
    """The name of the reading that a listed case comes from."""
    return str(case.facts.get("read_as", "geometry"))


def read_as(store: Store, case: Case, name: str, progress: Progress) -> Reread:
    """List the items of a reading where the case stands. GraticuleError when the files have no reading of this name."""
    ways = {way.name: way for way in ways_of(store, case, progress)}
    if name not in ways:
        others = ", ".join(ways)
        raise GraticuleError(f"The files of this case cannot be read “{name}”.",
                             f"They can be read: {others}." if others else "They can be read one way only.")
    items = relatives_in_series(case, store.cases.all())
    new = ways[name].cases
    ids = {one.id for one in new}
    with store.writing():
        place = min(store.cases.place(item.id) for item in items)
        known = {item.id for item in items}
        for one in new:
            if one.id not in known:
                store.cases.add(one, order=place)
        kept = tuple(item for item in items if item.id not in ids and not store.cases.drop(item.id))
        _note_files(store, (*items, *new), (*new, *kept))
    return Reread(new, kept)


def _note_files(store: Store, touched: Iterable[Case], listed: Iterable[Case]) -> None:
    """The next import of these files knows them as what they are now."""
    holders: dict[str, list[str]] = {}
    for case in listed:
        for source in case.sources:
            holders.setdefault(source.path, []).append(case.id)
    paths = {source.path for case in touched for source in case.sources}
    seen = store.seen_files.under(paths)
    store.seen_files.note(replace(row, cases=tuple(dict.fromkeys(holders.get(path, ())))) for path, row in seen.items())
