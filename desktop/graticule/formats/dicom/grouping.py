"""Frames become volumes: apart by series, frame of reference, size and orientation, then by repeated positions."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from graticule.domain.geometry import Array
from graticule.formats.dicom.frame import Frame

# Two slices closer than this lie at the same place: headers are written with 3 to 6 decimals.
SAME_PLACE_MM = 0.01
# Cosines that differ by less belong to one orientation (0.06 degrees).
SAME_COSINE = 1e-3


@dataclass(frozen=True, slots=True)
class Pile:
    """The frames of one volume, sorted along the slice normal (by number when positions are unknown).

    interpretation: which of several volumes of the same frames' series this is ("time 1 of 2"), "" when it is the only one.
    """

    frames: tuple[Frame, ...]
    interpretation: str = ""

    @property
    def placed(self) -> bool:
        return all(frame.position is not None and frame.orientation is not None for frame in self.frames)


def piles(frames: Iterable[Frame]) -> list[Pile]:
    """Every frame lands in exactly one pile."""
    groups: dict[tuple[object, ...], list[Frame]] = defaultdict(list)
    for frame in frames:
        groups[_key(frame)].append(frame)
    return [pile for group in groups.values() for same in _by_orientation(group) for pile in _split_repeats(same)]


def _key(frame: Frame) -> tuple[object, ...]:
    """What frames of one volume must share. Without a series name the folder stands in for it."""
    spacing = frame.spacing and tuple(round(value, 4) for value in frame.spacing)
    series = frame.series or f"{frame.path.parent}"
    placed = frame.position is not None and frame.orientation is not None
    return (frame.study, series, frame.modality, frame.frame_of_reference, frame.rows, frame.columns, spacing,
            frame.coding.samples,
            frame.coding.bits_allocated, "LOCALIZER" in frame.image_type, frame.unit, placed)


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


def along_normal(frames: Sequence[Frame]) -> Array:
    """(n,) float64 mm: each frame's position along the normal of the first frame's plane."""
    orientation = np.array(frames[0].orientation)
    normal = np.cross(orientation[:3], orientation[3:])
    return np.asarray(np.array([frame.position for frame in frames]) @ (normal / np.linalg.norm(normal)))


def _split_repeats(frames: list[Frame]) -> list[Pile]:
    if frames[0].position is None or frames[0].orientation is None:
        return [Pile(tuple(sorted(frames, key=lambda frame: (frame.number, str(frame.path), frame.frame))))]
    order = np.argsort(along_normal(frames), kind="stable")
    ordered = [frames[index] for index in order]
    places = _places(along_normal(ordered))
    most = max(Counter(places).values())
    if most == 1:
        return [Pile(tuple(ordered))]
    name, volumes = _by_moment(ordered, places, most) or ("time" if places[-1] else "image", _by_turn(ordered, places))
    return [Pile(tuple(volume), f"{name} {number} of {len(volumes)}") for number, volume in enumerate(volumes, 1)]


def _places(positions: Array) -> list[int]:
    """The rank of each rising position; positions that coincide share one."""
    return [0, *np.cumsum(np.diff(positions) > SAME_PLACE_MM).tolist()]


def _by_moment(frames: list[Frame], places: list[int], most: int) -> tuple[str, list[list[Frame]]] | None:
    """Split by the first attribute that has `most` values and meets each position once per value."""
    names = dict.fromkeys(name for frame in frames for name, _ in frame.moments)
    for name in names:
        values = [dict(frame.moments).get(name) for frame in frames]
        distinct = set(values)
        if None in distinct or len(distinct) != most or len(set(zip(values, places))) != len(frames):
            continue
        volumes: dict[str | None, list[Frame]] = defaultdict(list)
        for frame, value in zip(frames, values):
            volumes[value].append(frame)
        return name, [volumes[value] for value in sorted(volumes, key=_numeric)]
    return None


def _by_turn(frames: list[Frame], places: list[int]) -> list[list[Frame]]:
    """Without a telling attribute: the first image at every position by instance number, then the second, …"""
    volumes: dict[int, list[Frame]] = defaultdict(list)
    met: Counter[int] = Counter()
    turns = {}
    for index in sorted(range(len(frames)), key=lambda n: (places[n], frames[n].number, frames[n].frame, frames[n].object_id)):
        turns[index] = met[places[index]]
        met[places[index]] += 1
    for index, frame in enumerate(frames):
        volumes[turns[index]].append(frame)
    return [volumes[turn] for turn in sorted(volumes)]


def _numeric(value: str | None) -> tuple[float, str]:
    try:
        return float(value or ""), ""
    except ValueError:
        return float("inf"), value or ""
