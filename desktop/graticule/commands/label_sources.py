"""Where labels can be taken from: a reader's work in a store, imported labels, one revision."""

from collections.abc import Iterator
from dataclasses import dataclass

from graticule.domain.case import Case
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Grid
from graticule.domain.labels import Labels
from graticule.domain.recording import Recording
from graticule.domain.volume import Volume
from graticule.formats.door import open_case
from graticule.formats.family import Content
from graticule.store.store import Store

READER, IMPORTED = "reader", "imported"


@dataclass(frozen=True, eq=False)
class Found:
    """Labels with their origin. `content` has its geometry or clock, not necessarily its samples."""

    source: str
    author: str
    revision: str | None
    state: str
    labels: Labels
    content: Content

    @property
    def grid(self) -> Grid | None:
        return self.content.grid if isinstance(self.content, Volume) else None

    @property
    def rate_hz(self) -> float | None:
        return float(self.content.rate) if isinstance(self.content, Recording) else None


def labels_of_case(store: Store, case: Case, source: str = "all") -> Iterator[Found]:
    """The reader's current labels (saved or not), then the imported ones."""
    content = open_case(case).content
    if source in (READER, "all"):
        shape = content.grid.shape if isinstance(content, Volume) else getattr(content, "labels_shape", None)
        mine = store.labels.open(case.id, shape)
        revisions = store.labels.revisions(case.id)
        if revisions or not mine.labels.empty:
            newest = revisions[-1].id if revisions else None
            yield Found(READER, store.reader.name, newest, str(store.labels.states()[case.id]), mine.labels, content)
    if source in (IMPORTED, "all"):
        for row in store.labels.imported(case.id):
            yield Found(IMPORTED, row.author, row.id, IMPORTED, store.labels.load(row.id), content)


def named_source(store: Store, wanted: str, case: Case, source: str) -> Found:
    """`CASE@reader`, `CASE@imported` (the newest) or `CASE@<revision>`."""
    if source in (READER, IMPORTED):
        found = list(labels_of_case(store, case, source))
        if not found:
            raise GraticuleError(f"{wanted}: nothing has been labelled there.", "“graticule labels” shows what there is.")
        return found[-1]
    rows = [*store.labels.revisions(case.id), *store.labels.imported(case.id)]
    row = next((row for row in rows if row.id.startswith(source)), None)
    if row is None:
        raise GraticuleError(f"{wanted}: the case has no such version.", "“graticule labels” shows the versions.")
    return Found(READER, store.reader.name, row.id, "", store.labels.load(row.id), open_case(case).content)
