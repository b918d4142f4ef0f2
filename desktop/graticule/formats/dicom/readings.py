"""Other readings of the files of one series, each under a name: what the geometry tells is the usual one, the reader may choose.

A reading that gives a group of images the items it has anyway leaves these as they are, with their ids.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from graticule.domain.volume import Doubt
from graticule.formats.dicom.by_contrast import by_contrast, by_station
from graticule.formats.dicom.by_repeats import by_repeats
from graticule.formats.dicom.by_room import by_block, by_scan
from graticule.formats.dicom.frame import Frame
from graticule.formats.dicom.grouping import alike, in_order_of_numbers, named_apart, piles
from graticule.formats.dicom.moments import MOMENT_NAMES
from graticule.formats.dicom.pile import FILE_ORDER, Pile, along_normal, by_value_of, divided
from graticule.formats.titles import plural
from graticule.imaging.slice_spacing import SAME_PLACE_MM

GEOMETRY, BY_PLACE, BY = "geometry", "by-place", "by-"
_DIVISIONS = (by_contrast, by_station, by_repeats, by_scan, by_block)


def readings(frames: Sequence[Frame]) -> dict[str, list[Pile]]:
    """Name → items, the usual reading first; only those that read something otherwise. Every frame lands in one item of each."""
    usual = piles(frames)
    found = {GEOMETRY: usual}
    for key, way in _ways(frames):
        read = _otherwise(usual, way)
        if read is not None and all(not _same(read, other) for other in found.values()):
            found[key] = [_marked(pile, key, len(usual)) if pile not in usual else pile for pile in read]
    return found


Way = Callable[[list[Frame]], "list[Pile] | None"]


def _ways(frames: Sequence[Frame]) -> list[tuple[str, Way]]:
    names = dict.fromkeys(key.split("/")[0] for frame in frames for key, _ in frame.moments)
    by_name: list[tuple[str, Way]] = [(BY + name.replace(" ", "-"), lambda group, name=name: _by_name(group, name))  # type: ignore[misc]
                                      for name in MOMENT_NAMES if name in names]
    return [*by_name, (BY_PLACE, _by_place), (FILE_ORDER, _in_file_order)]


def _otherwise(usual: Sequence[Pile], way: Way) -> list[Pile] | None:
    """The usual items with those of each group of alike images read the other way, where that can be; None where nowhere."""
    groups: dict[object, list[Pile]] = defaultdict(list)
    for pile in usual:
        first = pile.frames[0]
        groups[(first.study, first.series, *alike(first), None if way is _in_file_order else _plane(first))].append(pile)
    out: list[Pile] = []
    changed = False
    for same in groups.values():
        read = way([frame for pile in same for frame in pile.frames]) if way not in _JOINING or len(same) > 1 else None
        changed = changed or read is not None
        out += same if read is None else read
    return named_apart(out) if changed else None


def _in_file_order(frames: list[Frame]) -> list[Pile]:
    """One item of images that share no grid: it has no place in the patient, so it claims none."""
    places = {(frame.orientation, frame.position and tuple(round(value, 1) for value in frame.position)) for frame in frames}
    doubt = Doubt("file-order", f"{plural(len(frames), 'image')} of {plural(len(places), 'place')} lie one behind the other in "
                                "the order of their files: directions are unknown, and lengths across the images mean nothing.")
    bare = [replace(frame, position=None, orientation=None, location=None, frame_of_reference="")
            for frame in in_order_of_numbers(frames)]
    return [Pile(tuple(bare), "in file order", (doubt,))]


def _by_place(frames: list[Frame]) -> list[Pile] | None:
    """One stack by true place; none where two images share a place."""
    if any(frame.position is None or frame.orientation is None for frame in frames):
        return None
    along = along_normal(frames)
    order = np.argsort(along, kind="stable")
    if np.diff(along[order]).min() <= SAME_PLACE_MM:
        return None
    doubt = Doubt("as-one", f"{plural(len(frames), 'image')} that the geometry divides stand in one stack, by their places.")
    return [Pile(tuple(frames[at] for at in order), "one stack by place", (doubt,))]


def _by_name(frames: list[Frame], name: str) -> list[Pile] | None:
    """By the values of the first attribute of this name that makes items of several images each, which are divided as usual."""
    if any(frame.position is None or frame.orientation is None for frame in frames):
        return None
    for key in dict.fromkeys(key for frame in frames for key, _ in frame.moments if key.split("/")[0] == name):
        groups = list(by_value_of(frames, key).values())
        if len(groups) > 1 and all(len(group) > 1 for group in groups):
            return [part for number, group in enumerate(groups, 1)
                    for part in divided(_sorted(group, f"by {name}, {number} of {len(groups)}"), _DIVISIONS)]
    return None


_JOINING: tuple[Way, ...] = (_in_file_order, _by_place)


def _sorted(frames: list[Frame], interpretation: str) -> Pile:
    order = np.argsort(along_normal(frames), kind="stable")
    return Pile(tuple(frames[at] for at in order), interpretation)


def _plane(frame: Frame) -> object:
    return frame.orientation and tuple(round(value, 2) + 0.0 for value in frame.orientation)


def _same(one: Sequence[Pile], other: Sequence[Pile]) -> bool:
    return _content(one) == _content(other)


def _content(read: Sequence[Pile]) -> set[tuple[object, ...]]:
    return {(pile.placed, *((frame.object_id, frame.frame) for frame in pile.frames)) for pile in read}


def _marked(pile: Pile, key: str, usual: int) -> Pile:
    return replace(pile, chosen=key, alternatives=(f"{plural(usual, 'item')}, as the geometry divides the files",))
