"""A bench with painted segments, and what an operation proposes and does there."""

from dataclasses import replace
from itertools import count

import numpy as np

from fakes.images import ontology
from fakes.journal import FakeJournal
from graticule.domain.codes import Code
from graticule.domain.edits import ElementChange, voxel_change
from graticule.domain.elements import Segment
from graticule.domain.geometry import Grid
from graticule.domain.labels import AUTHOR_HAND, Labels
from graticule.domain.progress import Silent
from graticule.domain.volume import Volume
from graticule.editing.events import Bus
from graticule.editing.operations.material import Cut, Material, Sheet
from graticule.editing.proposal import Proposal
from graticule.editing.tools.tool import Bench
from graticule.editing.workspace import Workspace

CODE = Code("graticule", "liver", "1")


class Room:
    """A bench with painted segments: masks by name, each in its group."""

    def __init__(self, grid: Grid, *masks: tuple[str, np.ndarray], groups: dict[str, str] | None = None) -> None:
        self.grid = grid
        self.labels = Labels(grid.shape)
        self.workspace = Workspace("c1:x", self.labels, FakeJournal(), Bus())
        numbers = count(1)
        self.bench = Bench(self.workspace, Volume(np.zeros(grid.shape, np.int16), grid, "CT"), ontology(),
                           lambda: f"new-{next(numbers)}")
        for name, mask in masks:
            self.add(name, mask, (groups or {}).get(name, "1"))
        self.bench.active_segment = masks[0][0]

    def add(self, name: str, mask: np.ndarray, group: str = "1", author: int = AUTHOR_HAND) -> None:
        segment = Segment(id=name, group=group, value=self.labels.free_value(group), colour="#e69f00", category=CODE, type=CODE,
                          name=name)
        change = voxel_change(group, self.labels.group(group), np.flatnonzero(mask), segment.value, author)
        self.workspace.do("Add", ElementChange.make(segment), *([change] if change else []))

    def mask(self, name: str) -> np.ndarray:
        segment = self.labels.get(Segment, name)
        assert segment is not None
        return self.labels.group(segment.group).values == segment.value

    def authors(self, name: str) -> np.ndarray:
        segment = self.labels.get(Segment, name)
        assert segment is not None
        return self.labels.group(segment.group).authors[self.mask(name)]

    def plan(self, operation, *names: str, cut: Cut | None = None, plane: Sheet | None = None) -> Proposal:
        chosen = [self.labels.get(Segment, name) for name in names or (self.bench.active_segment,)]
        return operation.plan(Material.of(self.bench, chosen, cut, plane), Silent())

    def do(self, operation, *names: str, cut: Cut | None = None, plane: Sheet | None = None) -> Proposal:
        proposal = self.plan(operation, *names, cut=cut, plane=plane)
        self.bench.proposals.show(proposal)
        assert self.bench.proposals.accept()
        return proposal

    def undone(self, before: Labels) -> bool:
        self.workspace.undo()
        return self.labels == before


def made(operation, **options):
    operation.options = replace(operation.options, **options)
    return operation
