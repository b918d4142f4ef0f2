"""The segments of a case in the order and with the numbers an export gives them, and names by which others follow them."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from graticule.domain.codes import Ontology
from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.labels import Box, Labels
from graticule.formats.export.exported import Check
from graticule.imaging.logic import mask_of
from graticule.imaging.patch import Patch

NOWHERE: Box = (slice(0, 0), slice(0, 0), slice(0, 0))


@dataclass(frozen=True, eq=False, slots=True)
class SegmentRow:
    """One painted segment. number: 1, 2, 3 … in the file. values: (k, j, i) label map of its group. box: what it may fill.

    possible: the boundary it may reach, of which most formats know nothing.
    """

    number: int
    segment: Segment
    name: str
    values: Array
    box: Box
    voxels: int
    possible: Patch | None = None

    @property
    def mask(self) -> Array:
        """(k, j, i) bool of the whole grid."""
        return np.asarray(self.values == self.segment.value)

    @property
    def tracking_id(self) -> str:
        return f"{self.name} {self.segment.number}"

    @property
    def tracking_uid(self) -> str:
        """The same in every export of this segment, from any computer."""
        return uid_of("segment", self.segment.id)


def rows_of(labels: Labels, ontology: Ontology, group: str | None = None, *, soft: bool = False) -> list[SegmentRow]:
    """The segments of which at least one voxel is painted, by group and value; GraticuleError when there are none.

    A possible boundary is no segment of its own: it stands with the sure one. soft: also segments of which nothing is sure yet.
    """
    segments = sorted((segment for segment in labels.of(Segment) if labels.sure_of(segment) is None),
                      key=lambda segment: (_order(segment.group), segment.value))
    rows = list(_numbered((s for s in segments if group in (None, s.group)), labels, ontology, soft))
    if not rows:
        raise GraticuleError("There are no painted segments to export.")
    return rows


def _numbered(segments: Iterable[Segment], labels: Labels, ontology: Ontology, soft: bool) -> Iterable[SegmentRow]:
    number = 0
    for segment in segments:
        voxels, possible = labels.voxels_of(segment), possible_patch(labels, segment)
        if not (voxels or (soft and possible)):
            continue
        group = labels.group(segment.group)
        box = group.box or (possible.box if possible is not None else NOWHERE)
        number += 1
        name = segment.name or ontology.label(segment.type)
        yield SegmentRow(number, segment, name[:60] or f"Segment {number}", group.values, box, voxels, possible)


def possible_patch(labels: Labels, segment: Segment) -> Patch | None:
    """The voxels of a segment's possible boundary; None where it has none or is it all sure."""
    outer = labels.possible_of(segment)
    group = labels.groups.get(outer.group) if outer is not None else None
    if outer is None or group is None or labels.voxels_of(outer) in (0, labels.voxels_of(segment)):
        return None
    return mask_of(group, outer.value)


def possible_left_out(rows: Iterable[SegmentRow], format: str) -> tuple[Check, ...]:
    """A sentence for a format that holds only what is sure, where a segment has more."""
    names = [row.name for row in rows if row.possible is not None]
    said = f"only what is sure is in it; {format} cannot say how far these may reach: {', '.join(names)}"
    return (Check("Graticule", said),) if names else ()


def overlapping(rows: Iterable[SegmentRow]) -> bool:
    """Whether a voxel carries two segments: only those of different groups can."""
    groups = {row.segment.group: row.values for row in rows}
    seen: Array | None = None
    for values in groups.values():
        if seen is not None and bool((seen & (values != 0)).any()):
            return True
        seen = (values != 0) if seen is None else seen | (values != 0)
    return False


def groups_of(rows: Iterable[SegmentRow]) -> list[str]:
    return list(dict.fromkeys(row.segment.group for row in rows))


def uid_of(*parts: str) -> str:
    """A UID under 2.25 that depends only on its parts."""
    digest = hashlib.sha256("\n".join(parts).encode()).digest()
    return f"2.25.{int.from_bytes(digest[:16], 'big')}"


def _order(group: str) -> tuple[int, str]:
    return (int(group) if group.isdigit() else 1 << 30, group)
