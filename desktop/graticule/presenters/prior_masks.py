"""This reader's own segments of another examination, brought over to the case that is open."""

from collections.abc import Callable

from graticule.domain.case import Kind
from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Progress
from graticule.domain.volume import Volume
from graticule.editing.bringing import all_of, landings, planned
from graticule.editing.operations.material import Material
from graticule.editing.proposal import Proposal
from graticule.editing.tools.tool import Bench
from graticule.presenters.open_case import OpenCase
from graticule.presenters.relative_words import heading_of
from graticule.presenters.ways_between import way_to_case


class PriorMasks:
    """Only what this reader drew, in this store, and only of images the protocol lets lie beside the case (`relatives`)."""

    def __init__(self, opened: OpenCase, bench: Bench, failed: Callable[[GraticuleError], None]) -> None:
        self._opened, self._bench, self._failed = opened, bench, failed

    def sources(self) -> list[tuple[str, str]]:
        """(case id, words) of the series it could come from."""
        companions = self._opened.companions
        if companions is None or companions.own_labels is None or not isinstance(self._opened.content, Volume):
            return []
        return [(one.case.id, heading_of(one)) for one in companions.relatives if one.case.kind is Kind.VOLUME]

    def bring(self, case_id: str) -> None:
        """Propose what was drawn there. The other image is opened for its geometry; its pixels are not waited for."""
        companions = self._opened.companions
        if companions is not None:
            companions.bring(self._opened, case_id, self._came, self._failed, "Opening the other examination")

    def _came(self, other: OpenCase) -> None:
        try:
            self._ask(other)
        except GraticuleError as error:
            self._failed(error)

    def _ask(self, other: OpenCase) -> None:
        own, there, companions, bench = self._opened.content, other.content, self._opened.companions, self._bench
        if not (isinstance(own, Volume) and isinstance(there, Volume)) or companions is None or companions.own_labels is None:
            raise GraticuleError("Segments can only be brought over between volumes.")
        labels = bench.workspace.labels
        tie = way_to_case(labels, self._opened.case.id, own.frame_of_reference, other.case.id, there.frame_of_reference)
        found = all_of(companions.own_labels(other.case.id, there.grid.shape), self._name)
        if not found:
            raise GraticuleError("You have not segmented anything in that examination.", "Choose another one.")
        places = landings(labels, found, bench.active_segment, self._opened.new_id)
        material = Material.around(bench, tuple(place.segment for place in places if not place.new))
        grid, matrix = there.grid, tie.matrix

        def work(progress: Progress) -> Proposal:
            return planned(material, places, grid, matrix, "Bring over segments", progress)

        bench.thinking.ask(work, bench.proposals.show, "Bringing segments over")

    def _name(self, segment: Segment) -> str:
        return segment.name or self._bench.ontology.label(segment.type)
