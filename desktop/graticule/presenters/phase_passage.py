"""From one phase of a series to the next: what goes along, so that the reader goes on where he was."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from graticule.domain.edits import ElementChange
from graticule.domain.elements import Group, Segment
from graticule.domain.geometry import Grid
from graticule.domain.labels import Labels
from graticule.domain.progress import Progress
from graticule.editing.bringing import Brought, landings, planned
from graticule.editing.operations.material import Material
from graticule.editing.proposal import Proposal
from graticule.editing.tools.tool import Bench
from graticule.editing.workspace import Workspace
from graticule.imaging.logic import mask_of

# What of a page's state says how one looks, not what is labelled or which other images stand beside.
LOOKS = ("cursor", "layout", "window", "labels", "views", "tool", "radius_mm", "3d")


@dataclass(frozen=True, slots=True)
class PhaseWanted:
    """The reader wants to go so many phases on. carry: with the selected segment's mask, as a proposal."""

    case_id: str
    step: int
    carry: bool = False


@dataclass(frozen=True, eq=False)
class Passage:
    """What goes along. segments: of the phase that is left; active: the one in hand; mask: what is to be proposed."""

    segments: tuple[Segment, ...]
    groups: tuple[Group, ...]
    active: Segment | None
    mask: Brought | None
    grid: Grid | None
    looks: Mapping[str, Any]


def passage_from(labels: Labels, grid: Grid | None, state: Mapping[str, Any], words: Callable[[Segment], str], *,
                 carry: bool) -> Passage:
    """state: the `view_state` of the page that is left."""
    segments = tuple(segment for segment in labels.of(Segment) if not segment.possible_of)
    active = next((segment for segment in segments if segment.id == state.get("segment")), None)
    mask = _mask_of(labels, active, words) if carry and active is not None else None
    looks = {name: state[name] for name in LOOKS if name in state}
    return Passage(segments, tuple(labels.of(Group)), active, mask, grid, looks)


def _mask_of(labels: Labels, segment: Segment, words: Callable[[Segment], str]) -> Brought | None:
    group = labels.groups.get(segment.group)
    if group is None or not group.counts[segment.value]:
        return None
    patch = mask_of(group, segment.value)
    return Brought(segment, words(segment), patch, group.authors[patch.box].copy())


def settle(passage: Passage, workspace: Workspace, new_id: Callable[[], str]) -> str | None:
    """Make the segments there are in the other phase and not in this one, as one act; the id of the one that was in hand.

    Nothing is made in a signed read.
    """
    if not workspace.locked:
        made = missing(passage.segments, workspace.labels, new_id)
        groups = [group for group in passage.groups if workspace.labels.get(Group, group.id) is None]
        changes = [ElementChange(element.KIND, element.id, None, element) for element in (*groups, *made)]
        if made:
            workspace.do("Take over the segments of the other phase", *changes)
    twin = next((s for s in workspace.labels.of(Segment) if passage.active is not None and alike(s, passage.active)), None)
    return twin.id if twin is not None else None


def missing(wanted: Iterable[Segment], labels: Labels, new_id: Callable[[], str]) -> list[Segment]:
    """Empty segments with the codes, names, colours and groups of those that are not here yet."""
    here, made = labels.of(Segment), list[Segment]()
    for segment in wanted:
        if any(alike(segment, other) for other in here):
            continue
        value = _free(segment, [*here, *made], labels)
        if value:
            made.append(replace(segment, id=new_id(), value=value, status="draft", locked=False, extra={}))
    return made


def alike(one: Segment, other: Segment) -> bool:
    """The same structure in another phase."""
    def told(segment: Segment) -> tuple[object, ...]:
        return (segment.name, segment.category, segment.type, segment.modifier, segment.region, segment.laterality,
                segment.number, bool(segment.possible_of))

    return told(one) == told(other)


def _free(segment: Segment, others: Sequence[Segment], labels: Labels) -> int:
    """Its own label value where that is free, else the lowest free one of its group; 0 when the group is full."""
    taken = {other.value for other in others if other.group == segment.group}
    counts = labels.groups[segment.group].counts if segment.group in labels.groups else np.zeros(256, dtype=np.int64)
    free = [value for value in (segment.value, *range(1, 256)) if value not in taken and not counts[value]]
    return free[0] if free else 0


def propose(passage: Passage, bench: Bench) -> bool:
    """Show the mask that came along, at its place in the patient, as a proposal; False when none came."""
    mask, grid = passage.mask, passage.grid
    if mask is None or grid is None or bench.workspace.locked:
        return False
    found = landings(bench.workspace.labels, [mask], bench.active_segment, bench.new_id)
    material = Material.around(bench, tuple(landing.segment for landing in found if not landing.new))

    def work(progress: Progress) -> Proposal:
        return planned(material, found, grid, None, f"Carry {mask.words} on from the other phase", progress)

    bench.thinking.ask(work, bench.proposals.show, "Carrying a mask on")
    return True
