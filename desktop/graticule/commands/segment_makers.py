"""Who made, edited and approved each segment, as far as this store knows: from authorship, versions and signatures."""

from itertools import pairwise

import numpy as np

from graticule.commands.label_sources import READER, Found
from graticule.domain.case import Case
from graticule.domain.elements import MACHINE, MACHINE_CORRECTED, Segment
from graticule.domain.labels import AUTHOR_MACHINE, Labels
from graticule.formats.export.makers import APPROVED, EDITED, MADE, Maker, Makers
from graticule.formats.label_maps import IMPORTED_FROM
from graticule.imaging.authorship import shares
from graticule.store.store import Store


def makers_of_case(store: Store, case: Case, found: Found) -> Makers:
    """By segment, in order of time; {} for labels out of a file, which name nobody.

    Made: by the reader, unless a program proposed it or it came in a file. Edited: by who changed such a one, or one that was
    signed before. Approved: by who signed exactly what is exported.
    """
    if found.source != READER:
        return {}
    signed = [(row.author, store.labels.load(row.id)) for row in store.labels.revisions(case.id) if row.signed]
    return {segment.id: tuple(_of(segment, found, signed)) for segment in found.labels.of(Segment)}


def _of(segment: Segment, found: Found, signed: list[tuple[str, Labels]]) -> list[Maker]:
    theirs = [(author, labels) for author, labels in signed if labels.get(Segment, segment.id) is not None]
    first = theirs[0][0] if theirs else found.author
    foreign = segment.provenance in (MACHINE, MACHINE_CORRECTED) or IMPORTED_FROM in segment.extra
    makers = [] if foreign else [Maker(first, MADE)]
    if foreign and _touched(segment, found.labels):
        makers.append(Maker(first, EDITED))
    states = [*theirs, (found.author, found.labels)]
    for (_, before), (author, after) in pairwise(states):
        if not _same(segment, before, after):
            makers.append(Maker(author, EDITED))
    if theirs and _same(segment, theirs[-1][1], found.labels):
        makers.append(Maker(theirs[-1][0], APPROVED))
    return list(dict.fromkeys(makers))


def _touched(segment: Segment, labels: Labels) -> bool:
    """Whether any of its voxels is not as the program left it."""
    group = labels.groups.get(segment.group)
    if group is None or group.box is None or IMPORTED_FROM in segment.extra:
        return segment.provenance == MACHINE_CORRECTED
    by = shares(group.values[group.box], group.authors[group.box], segment.value)
    return any(author != AUTHOR_MACHINE for author in by)


def _same(segment: Segment, before: Labels, after: Labels) -> bool:
    one, other = before.get(Segment, segment.id), after.get(Segment, segment.id)
    if one is None or other is None:
        return one is other
    first, second = before.groups.get(one.group), after.groups.get(other.group)
    if first is None or second is None:
        return before.voxels_of(one) == after.voxels_of(other) == 0
    return bool(np.array_equal(first.values == one.value, second.values == other.value))
