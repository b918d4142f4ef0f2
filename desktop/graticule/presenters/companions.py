"""The companions of the open case: other images of the same patient, opened to be looked at, never to be changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from graticule.domain.acts import Act, Row, Told
from graticule.domain.errors import GraticuleError
from graticule.editing.events import Bus

if TYPE_CHECKING:  # NumPy, and all that stands on it, is imported after the first paint
    from graticule.domain.edits import Edit
    from graticule.domain.labels import Labels
    from graticule.jobs import Handle
    from graticule.presenters.open_case import OpenCase, Opening
    from graticule.presenters.ports import Opener
    from graticule.presenters.relatives import Relative

# Companions never take more than this together; the one that was not shown for longest goes first.
MOST_BYTES = 3_000_000_000
LANE = "companion"


class Companions:
    """relatives: what may be shown beside the case. What is open here ends with the case.

    own_labels: what this reader has labelled in another case, of a grid of this shape; None where nobody can say.
    """

    def __init__(self, relatives: Sequence[Relative], opener: Opener, most_bytes: int = MOST_BYTES,
                 own_labels: Callable[[str, tuple[int, int, int]], Labels] | None = None) -> None:
        self.relatives = tuple(relatives)
        self.opener = opener
        self.own_labels = own_labels
        self._most_bytes = most_bytes
        self._open: dict[str, OpenCase] = {}
        self._coming: dict[str, Handle] = {}

    def relative(self, case_id: str) -> Relative | None:
        return next((relative for relative in self.relatives if relative.case.id == case_id), None)

    def get(self, case_id: str) -> OpenCase | None:
        """The companion, when it is open; it is then the one used last."""
        opened = self._open.pop(case_id, None)
        if opened is not None:
            self._open[case_id] = opened
        return opened

    def coming(self, case_id: str) -> bool:
        return case_id in self._coming

    def bring(self, beside: OpenCase, case_id: str, done: Callable[[OpenCase], None], failed: Callable[[GraticuleError], None],
              title: str = "") -> None:
        """Open a companion in a job of the case's runner; `done` at once when it is open already."""
        relative, ready = self.relative(case_id), self.get(case_id)
        if ready is not None:
            done(ready)
            return
        if relative is None:
            failed(GraticuleError("This image may not be shown beside the case.", "It belongs to somebody else, or the protocol "
                                  "hides it."))
            return
        if case_id in self._coming:
            return
        case = relative.case

        def arrived(opening: Opening) -> None:
            self._coming.pop(case_id, None)
            opened = self._open[case_id] = beside_case(beside, case, opening)
            done(opened)

        def trouble(error: GraticuleError) -> None:
            self._coming.pop(case_id, None)
            failed(error)

        handle = beside.runner.start(lambda progress: self.opener(case), done=arrived, failed=trouble, lane=LANE, title=title)
        if not handle.finished:
            self._coming[case_id] = handle

    def too_many(self, shown: Sequence[str]) -> list[str]:
        """Companions to put away so that the rest fits the memory: not those that are shown, longest unused first."""
        sizes = {case_id: size_of(opened.content) for case_id, opened in self._open.items()}
        away = []
        for case_id in list(sizes):
            if sum(sizes.values()) <= self._most_bytes:
                break
            if case_id not in shown:
                away.append(case_id)
                sizes.pop(case_id)
        return away

    def full(self) -> bool:
        """What is open takes all the memory that companions may have."""
        return sum(size_of(opened.content) for opened in self._open.values()) > self._most_bytes

    def put_away(self, case_id: str) -> None:
        self._open.pop(case_id, None)
        handle = self._coming.pop(case_id, None)
        if handle is not None:
            handle.cancel()

    def close(self) -> None:
        for case_id in [*self._open, *self._coming]:
            self.put_away(case_id)


def beside_case(beside: OpenCase, case: Any, opening: Opening) -> OpenCase:
    """A companion as a page's parts know a case: locked, without labels, on a bus of its own."""
    from graticule.domain.labels import Labels
    from graticule.domain.volume import Volume
    from graticule.editing.workspace import Workspace
    from graticule.presenters.open_case import OpenCase

    content, bus = opening.content, Bus()
    shape = content.grid.shape if isinstance(content, Volume) else None
    workspace = Workspace(case.id, Labels(shape), NoJournal(), bus, locked=True)
    return OpenCase(case, content, opening, workspace, bus, beside.protocol, beside.ontology, beside.runner, beside.new_id)


class NoJournal:
    """Nothing is ever written beside a case."""

    def append(self, edit: Edit, act: Act, of: int) -> Row:
        raise GraticuleError("This image is here for comparison; it cannot be labelled.", "Open it from the worklist.")

    def rows(self) -> list[Row]:
        return []

    def edit(self, seq: int) -> Edit:
        raise GraticuleError("Nothing was done to this image.")

    def told(self) -> list[Told]:
        return []

    def seals(self) -> list[int]:
        return []


def size_of(content: Any) -> int:
    """Bytes of the samples."""
    samples, leads = getattr(content, "voxels", None), getattr(content, "leads", None)
    if leads is not None:
        return sum(int(lead.digital.nbytes) for lead in leads)
    if samples is None:
        frames = getattr(content, "frames", None)
        samples = content.pixels if frames is None else frames
    return int(samples.nbytes)
