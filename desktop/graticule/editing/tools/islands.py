"""Islands: click connected parts of a segment; keep only these, remove these, or make each a segment of its own."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from graticule.domain.case import Kind
from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Progress
from graticule.editing.operations.material import Material
from graticule.editing.operations.split import parted
from graticule.editing.proposal import Proposal
from graticule.editing.tools.computing import Voxel, voxel_pressed
from graticule.editing.tools.in_hand import segment_in_hand
from graticule.editing.tools.tool import Bench, Outline, Pointer
from graticule.imaging.authorship import GROWN
from graticule.imaging.islands import islands
from graticule.imaging.patch import Patch

KEEP, REMOVE, OWN = "keep", "remove", "own"


@dataclass(frozen=True, slots=True)
class IslandsOptions:
    what: str = field(default=REMOVE, metadata={"label": "Clicked parts", "choices": {
        REMOVE: "Remove", KEEP: "Keep only", OWN: "Own segment"}})


class IslandsTool:
    """Parts touch by faces, edges or corners. Each click adds a part, or takes it out again; nothing is done until Enter."""

    name: ClassVar[str] = "islands"
    title: ClassVar[str] = "Islands"
    key: ClassVar[str] = ""
    group: ClassVar[str] = "mark"
    family: ClassVar[str] = "cut"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.VOLUME, Kind.IMAGE)
    hint: ClassVar[str] = "Click parts of the selected segment; click one again to leave it out; Enter takes it, Esc drops it"

    def __init__(self) -> None:
        self.options = IslandsOptions()
        self._places: list[Voxel] = []
        self._of = ""

    def press(self, bench: Bench, pointer: Pointer) -> None:
        segment, place = segment_in_hand(bench), voxel_pressed(bench.canvas, pointer)
        if bench.workspace.labels.group(segment.group).values[place] != segment.value:
            raise GraticuleError("This place is not part of the selected segment.", "Click on one of its parts.")
        if segment.id != self._of:
            self._places.clear()
        self._of = segment.id
        self._places.append(place)
        self._propose(bench)

    def drag(self, bench: Bench, pointer: Pointer) -> None:
        return None

    def release(self, bench: Bench, pointer: Pointer) -> None:
        return None

    def hover(self, bench: Bench, pointer: Pointer | None) -> None:
        return None

    def cancel(self, bench: Bench) -> None:
        self._places.clear()

    def preview(self) -> tuple[Outline, ...]:
        return ()

    def changed(self, bench: Bench) -> None:
        if self._places and bench.proposals.now is not None:
            self._propose(bench)

    def labels_changed(self, bench: Bench) -> None:
        """The parts may be others now: the next click begins anew."""
        self._places.clear()

    def _propose(self, bench: Bench) -> None:
        segment = segment_in_hand(bench)
        material, places, what = Material.of(bench, (segment,)), list(self._places), self.options.what

        def then(proposal: Proposal) -> None:
            if proposal.parts:
                bench.proposals.show(proposal)
            else:
                bench.proposals.drop()

        def work(progress: Progress) -> Proposal:
            return clicked(material, segment, places, what)

        bench.thinking.ask(work, then, "Islands")


def clicked(material: Material, segment: Segment, places: list[Voxel], what: str) -> Proposal:
    """What becomes of the parts under (k, j, i) places; a part clicked twice is left out."""
    patch, name = material.patch(segment), material.names[segment.id]
    found = islands(patch.mask)
    numbers = [part for place in places if (part := found.at(_within(patch, place))) is not None]
    chosen = [number for number in dict.fromkeys(numbers) if numbers.count(number) % 2]
    marked = np.zeros(len(found), dtype=bool)
    marked[chosen] = True
    if not chosen or (what == KEEP and bool(marked.all())):
        return Proposal(f"Islands of {name}", (), GROWN)
    if what == OWN:
        values = np.zeros(len(found), dtype=np.uint8)
        values[chosen] = np.arange(1, len(chosen) + 1)
        numbered = found.drawn(values)
        return parted(material, segment, [Patch(patch.box, numbered == n).trimmed() for n in range(1, len(chosen) + 1)], "")
    gone = Patch(patch.box, found.drawn(marked if what == REMOVE else ~marked)).trimmed()
    note = f"{len(chosen)} of {len(found)} parts; {material.amount(gone)} would go"
    title = f"Remove parts of {name}" if what == REMOVE else f"Keep parts of {name}"
    return Proposal(title, material.loses(segment, gone), GROWN, note)


def _within(patch: Patch, place: Voxel) -> Voxel:
    k, j, i = (at - part.start for at, part in zip(place, patch.box, strict=True))
    return k, j, i
