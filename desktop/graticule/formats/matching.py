"""To which case labels belong: by the objects they name, or by the grid they lie on."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from graticule.domain.case import Case, Kind
from graticule.domain.geometry import Grid
from graticule.formats.facts import grid_facts, grid_of
from graticule.formats.family import Outcome
from graticule.formats.placing import lies, place

_GRID = "grid:"
# Labels that name no object of any case may still say in which frame of reference they lie.
_FRAME = "frame:"


def grid_id(grid: Grid) -> str:
    """A `match_ids` entry for labels that know no object, only where their voxels lie."""
    return _GRID + json.dumps(grid_facts(grid))


class Index:
    """Cases by the ids of their objects and by the number of their voxels."""

    def __init__(self, cases: Iterable[Case]) -> None:
        self._by_object: dict[str, list[Case]] = defaultdict(list)
        self._by_voxels: dict[tuple[int, ...], list[Case]] = defaultdict(list)
        for case in cases:
            for name in {*(source.object_id for source in case.sources), *case.facts.get("match_ids", ())}:
                self._by_object[name].append(case)
            if case.kind is Kind.IMAGE:
                for name in _picture_names(case):
                    self._by_object[name].append(case)
            if case.kind is Kind.VOLUME and case.facts.get("frame_of_reference"):
                self._by_object[_FRAME + case.facts["frame_of_reference"]].append(case)
            if case.kind is Kind.VOLUME and "shape" in case.facts:
                self._by_voxels[tuple(sorted(case.facts["shape"]))].append(case)

    def match(self, outcome: Outcome) -> Outcome:
        """The outcome with its case, or with a sentence why there is none."""
        if outcome.case is not None or not outcome.match_ids:
            return outcome
        grids = [name for name in outcome.match_ids if name.startswith(_GRID)]
        others = [name for name in outcome.match_ids if not name.startswith(_GRID)]
        found = (self._on_grid(grids[0]) if grids else []) or self._of_objects(others)
        if len(found) > 1:
            found = _nearest(outcome, found)
        if len(found) == 1:
            return replace(outcome, case=found[0])
        if found:
            return replace(outcome, reason=f"The labels fit {len(found)} cases equally well; put them beside their own.")
        return replace(outcome, reason="No case on this worklist has the images these labels were drawn on.")

    def _of_objects(self, names: Iterable[str]) -> list[Case]:
        """The cases that share most objects with the labels (a series may be several cases, e.g. time points)."""
        named = [name for name in names if not name.startswith(_FRAME)]
        return self._sharing(named) or self._sharing(name for name in names if name.startswith(_FRAME))

    def _sharing(self, names: Iterable[str]) -> list[Case]:
        shared: dict[str, int] = defaultdict(int)
        cases: dict[str, Case] = {}
        for name in set(names):
            for case in self._by_object.get(name, ()):
                shared[case.id] += 1
                cases[case.id] = case
        most = max(shared.values(), default=0)
        return [case for case in cases.values() if shared[case.id] == most]

    def _on_grid(self, name: str) -> list[Case]:
        """The cases with the same voxels, or else those of which the labels' grid is a part."""
        grid = grid_of(json.loads(name[len(_GRID):]))
        same = [case for case in self._by_voxels.get(tuple(sorted(grid.shape)), ()) if place(grid, grid_of(case.facts))]
        return same or [case for shape, cases in self._by_voxels.items() if all(a <= b for a, b in zip(sorted(grid.shape), shape))
                        for case in cases if lies(grid, grid_of(case.facts))]


def _picture_names(case: Case) -> set[str]:
    """By which a mask may call a picture: its case's id, or its file's name or the name of our exports without an ending."""
    files = {named_id(Path(source.path).stem) for source in case.sources}
    return {case_name(case.id), named_id(case.id.partition(":")[2][:12]), *files}


def case_name(case_id: str) -> str:
    return f"case:{case_id}"


def named_id(stem: str) -> str:
    """A `match_ids` entry for masks that go by the name of their picture."""
    return f"named:{stem.lower()}"


def _nearest(outcome: Outcome, cases: list[Case]) -> list[Case]:
    """The cases that lie nearest to the labels: those whose path begins most like theirs."""
    def nearness(case: Case) -> int:
        here = str(outcome.path)
        return max((_common(here, source.path) for source in case.sources), default=0)

    best = max(nearness(case) for case in cases)
    return [case for case in cases if nearness(case) == best]


def _common(one: str, two: str) -> int:
    return next((n for n, (a, b) in enumerate(zip(one, two)) if a != b), min(len(one), len(two)))
