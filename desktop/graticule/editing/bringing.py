"""Masks that come from elsewhere, another case, phase or examination, as a proposal for the case that is open.

Who made a voxel goes with it (DERIVED): the reader, or whoever it was, drew it there; bringing it here only moves it. It is not
marked as a machine's proposal, for no machine found the structure. What moving it did to it is said in the proposal's warning.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Floats, Grid
from graticule.domain.labels import Labels
from graticule.domain.progress import Progress
from graticule.editing.kin import free_colour, free_name
from graticule.editing.operations.material import Material
from graticule.editing.operations.operation import stopped
from graticule.editing.proposal import GAINS, Proposal, Proposed
from graticule.editing.segment_groups import FIRST, group_with_room
from graticule.imaging.authorship import DERIVED
from graticule.imaging.carrying import carried, carry_words, ml_of
from graticule.imaging.logic import mask_of
from graticule.imaging.patch import Patch


@dataclass(frozen=True, eq=False)
class Brought:
    """A segment as it is where it comes from; authors: uint8 of the patch's box."""

    segment: Segment
    words: str
    patch: Patch
    authors: Array


@dataclass(frozen=True, eq=False)
class Landing:
    """Where what is brought will lie: a segment of the case, or a new one."""

    brought: Brought
    segment: Segment
    new: bool


def all_of(labels: Labels, words: Callable[[Segment], str]) -> list[Brought]:
    """Every painted segment that says what is sure; a possible boundary is drawn anew where its structure has moved to."""
    found = []
    for segment in labels.of(Segment):
        group = labels.groups.get(segment.group)
        if group is not None and group.counts[segment.value] and not segment.possible_of:
            patch = mask_of(group, segment.value)
            found.append(Brought(segment, words(segment), patch, group.authors[patch.box].copy()))
    return found


def landings(labels: Labels, what: Sequence[Brought], active: str | None, new_id: Callable[[], str]) -> list[Landing]:
    """The selected segment where it means the same; else one with the same codes and name; else a new one."""
    there = labels.of(Segment)
    known, used = list(there), set[str]()
    found = []
    for item in what:
        fitting = sorted((s for s in there if _alike(s, item) and s.id not in used), key=lambda s: s.id != active)
        segment = fitting[0] if fitting else _new(labels, item, known, new_id)
        if not fitting:
            known.append(segment)
        used.add(segment.id)
        found.append(Landing(item, segment, not fitting))
    return found


def planned(material: Material, found: Sequence[Landing], source: Grid, matrix: Floats | None, title: str,
            progress: Progress) -> Proposal:
    """GraticuleError when nothing of it lies in this image."""
    parts, words, before, after, held = [], [], 0.0, 0.0, 0
    for landing in found:
        brought = landing.brought
        patch, authors = carried(brought.patch, brought.authors, source, material.grid, matrix, progress)
        allowed = material.allowed(landing.segment, patch)
        held += patch.voxels - allowed.voxels
        if allowed.voxels:
            parts.append(Proposed(landing.segment.id, allowed, GAINS, authors))
            words.append(carry_words(brought.patch, source, patch, material.grid))
        before, after = before + ml_of(brought.patch, source), after + ml_of(allowed, material.grid)
    if not parts:
        raise GraticuleError("Nothing of what was copied lies in this image.", "It lies elsewhere, or is protected.")
    used = {part.segment for part in parts}
    makes = tuple(landing.segment for landing in found if landing.new and landing.segment.id in used)
    warning = " ".join(filter(None, (words[0] if len(words) == 1 else _several(words), stopped(held))))
    return Proposal(title, tuple(parts), DERIVED, f"{before:.2f} mL there, {after:.2f} mL here", warning, makes=makes)


def _several(words: list[str]) -> str:
    return f"{len(words)} segments resampled to the nearest voxel of this image." if any(words) else ""


def _alike(segment: Segment, item: Brought) -> bool:
    own = item.segment
    same = (segment.type, segment.category, segment.modifier, segment.laterality) == (own.type, own.category, own.modifier,
                                                                                       own.laterality)
    return same and segment.name == own.name and not segment.possible_of


def _new(labels: Labels, item: Brought, known: list[Segment], new_id: Callable[[], str]) -> Segment:
    group = group_with_room(labels, FIRST)
    taken = {segment.value for segment in known if segment.group == group}
    counts = labels.groups[group].counts if group in labels.groups else None
    value = next(v for v in range(1, 256) if v not in taken and (counts is None or counts[v] == 0))
    return replace(item.segment, id=new_id(), group=group, value=value, name=free_name(item.words, known),
                   colour=free_colour(item.segment.colour, known), status="draft", locked=False, possible_of="", extra={})
