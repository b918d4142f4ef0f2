"""Frames become volumes: apart by series, frame of reference, size and orientation, then by what they show, by place, by time.

Where the files leave room for another reading, the safest is taken, and the doubt says the other in numbers.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from graticule.domain.geometry import Array
from graticule.domain.volume import Doubt
from graticule.formats.dicom.by_contrast import by_contrast, by_station
from graticule.formats.dicom.by_repeats import by_repeats
from graticule.formats.dicom.by_room import by_block, by_scan
from graticule.formats.dicom.frame import Frame
from graticule.formats.dicom.pile import Pile, along_normal, divided

__all__ = ["Pile", "alike", "along_normal", "in_order_of_numbers", "named_apart", "piles"]

# Cosines that differ by less belong to one orientation (0.06 degrees).
SAME_COSINE = 1e-3
_DIVISIONS = (by_contrast, by_station, by_repeats, by_scan, by_block)


def piles(frames: Iterable[Frame]) -> list[Pile]:
    """Every frame lands in exactly one pile."""
    series: dict[tuple[str, str], list[Frame]] = defaultdict(list)
    for frame in frames:
        series[frame.study, frame.series or f"{frame.path.parent}"].append(frame)
    return [pile for group in series.values() for pile in _of_series(group)]


def _of_series(frames: list[Frame]) -> list[Pile]:
    groups: dict[tuple[object, ...], list[Frame]] = defaultdict(list)
    stacked = _stacks(frames)
    for frame in frames:
        groups[(*alike(frame), frame.stack if stacked else "")].append(frame)
    same = [part for group in groups.values() for part in _by_orientation(group)]
    told = _mixture(frames, same)
    found = named_apart([pile for part in same for pile in _volumes(part)])
    return [replace(pile, doubts=(*pile.doubts, *told)) for pile in found] if told else found


def named_apart(found: list[Pile]) -> list[Pile]:
    """Parts of the same files that nothing has named yet: stacks or orientations of one enhanced file."""
    twins: dict[tuple[frozenset[str], str], list[Pile]] = defaultdict(list)
    for pile in found:
        twins[frozenset(frame.object_id for frame in pile.frames), pile.interpretation].append(pile)
    out = []
    for piles_alike in twins.values():
        name = "stack" if len({pile.frames[0].stack for pile in piles_alike}) > 1 else "orientation"
        for number, pile in enumerate(piles_alike, 1):
            before = f"{name} {number} of {len(piles_alike)}" if len(piles_alike) > 1 else ""
            out.append(replace(pile, interpretation=", ".join(part for part in (before, pile.interpretation) if part)))
    return out


def _stacks(frames: list[Frame]) -> bool:
    """Whether Stack IDs tell stacks apart; a file that gives every frame one of its own says nothing with them."""
    ids = Counter(frame.stack for frame in frames)
    return len(ids) > 1 and max(ids.values()) > 1


def alike(frame: Frame) -> tuple[object, ...]:
    """What frames of one volume must share."""
    spacing = frame.spacing and tuple(round(value, 4) for value in frame.spacing)
    placed = frame.position is not None and frame.orientation is not None
    return (frame.modality, frame.frame_of_reference, frame.rows, frame.columns, spacing, frame.coding.samples,
            frame.coding.bits_allocated, frame.coding.floating, _localizer(frame), frame.unit, placed)


def _localizer(frame: Frame) -> bool:
    return "LOCALIZER" in frame.image_type


def _mixture(frames: list[Frame], parts: list[list[Frame]]) -> list[Doubt]:
    """What the series mixes beside localizers: sizes, frames of reference, orientations."""
    doubts = []
    shown = [part for part in parts if not _localizer(part[0])]
    sizes = Counter((f.columns, f.rows, f.spacing and tuple(round(v, 4) for v in f.spacing)) for part in shown for f in part)
    if len(sizes) > 1:
        said = ", ".join(f"{count} of {columns} × {rows}" + (f" at {spacing[1]:g} × {spacing[0]:g} mm" if spacing else "")
                         for (columns, rows, spacing), count in sizes.most_common(4))
        doubts.append(Doubt("mixed-sizes", f"The series mixes images of {len(sizes)} sizes, kept apart: {said}."))
    references = {frame.frame_of_reference for part in shown for frame in part}
    if len(references) > 1:
        doubts.append(Doubt("mixed-reference", f"The series mixes {len(references)} frames of reference, kept apart: positions "
                                               "in one mean nothing in the other."))
    turned = {part[0].orientation for part in shown if part[0].orientation is not None}
    if len(turned) > 2 and len(turned) == len(shown) and all(len(part) == 1 for part in shown):
        return [*doubts, Doubt("radial", f"The {len(turned)} images of the series are turned against each other: each stands "
                                         "alone.")]
    if len(turned) > 1:
        doubts.append(Doubt("orientations", f"The series holds slices in {len(turned)} orientations, kept apart."))
    return doubts


def _by_orientation(frames: list[Frame]) -> list[list[Frame]]:
    """Apart by orientation; every distinct orientation is compared with those already met, in one numpy step."""
    where: dict[object, int] = {}
    met: list[Array] = []
    out: dict[int, list[Frame]] = defaultdict(list)
    for frame in frames:
        if frame.orientation not in where:
            where[frame.orientation] = _nearest_orientation(frame, met)
        out[where[frame.orientation]].append(frame)
    return list(out.values())


def _nearest_orientation(frame: Frame, met: list[Array]) -> int:
    if frame.orientation is None:
        return -1
    cosines = np.array(frame.orientation)
    if met:
        misses = np.abs(np.array(met) - cosines).max(axis=1)
        if misses.min() < SAME_COSINE:
            return int(misses.argmin())
    met.append(cosines)
    return len(met) - 1


def _volumes(frames: list[Frame]) -> list[Pile]:
    """The volumes of frames that share size, orientation and frame of reference."""
    if frames[0].position is None or frames[0].orientation is None:
        return [Pile(tuple(_without_places(frames)))]
    order = np.argsort(along_normal(frames), kind="stable")
    return divided(Pile(tuple(frames[index] for index in order)), _DIVISIONS)


def _without_places(frames: list[Frame]) -> list[Frame]:
    """By slice location where all have one of their own, else by number."""
    locations = {frame.location for frame in frames}
    if None not in locations and len(locations) == len(frames):
        return sorted(frames, key=lambda frame: frame.location or 0.0)
    return in_order_of_numbers(frames)


def in_order_of_numbers(frames: list[Frame]) -> list[Frame]:
    """As the files are numbered, or named where they are not."""
    return sorted(frames, key=lambda frame: (frame.number, frame.place, frame.frame, str(frame.path)))
