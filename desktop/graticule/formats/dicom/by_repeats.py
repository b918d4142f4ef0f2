"""Places that hold several images: times, phases, acquisitions, or repeats that nothing tells apart."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from graticule.domain.geometry import Array
from graticule.domain.volume import Doubt
from graticule.formats.dicom.frame import Frame
from graticule.formats.dicom.moments import CONTRASTS
from graticule.formats.dicom.pile import Pile, along_normal, by_value_of, numeric, parted
from graticule.formats.titles import plural
from graticule.imaging.slice_spacing import SAME_PLACE_MM


def by_repeats(pile: Pile) -> list[Pile]:
    """Places that hold several images: one volume for each time, phase or acquisition; without such, for each turn."""
    places = _places(along_normal(pile.frames), min(frame.thickness or 0.0 for frame in pile.frames))
    often = Counter(places)
    most = max(often.values())
    if most == 1:
        return [pile]
    uneven = _unequal(often, pile.interpretation)
    as_one = f"one item of {plural(len(pile.frames), 'image')}, in the order of their files"
    ways = (_by_value, _by_rank) if 2 * sum(times > 1 for times in often.values()) >= len(often) else (_by_value,)
    for telling in ways:
        told = telling(pile.frames, places, most)
        if told is not None:
            return parted(pile, *told, uneven, (as_one,))
    parts = _by_turn(pile.frames, _turns(places, [(frame.number, frame.frame, frame.object_id) for frame in pile.frames]))
    return parted(pile, "time" if _one_after_another(parts) else "repeat", parts, (_untold(often), *uneven), (as_one,))


def _one_after_another(parts: list[list[Frame]]) -> bool:
    """Whether the numbers run through one whole volume, then through the next, as they do when a scan is repeated."""
    return all(len(part) == len(parts[0]) > 1 for part in parts) and all(
        max(frame.number for frame in one) < min(frame.number for frame in two) for one, two in pairwise(parts))


def _untold(often: Counter[int]) -> Doubt:
    more, places = sum(often.values()) - len(often), sum(times > 1 for times in often.values())
    lie = "1 image lies" if more == 1 else f"{more} images lie"
    return Doubt("duplicates", f"{lie} where another lies already ({plural(places, 'place')} of {len(often)}), and no attribute "
                               "tells them apart: they are taken in the order of their numbers.")


def _unequal(often: Counter[int], interpretation: str) -> list[Doubt]:
    low, high = min(often.values()), max(often.values())
    if low == high:
        return []
    return [Doubt("incomplete", f"The {len(often)} places hold {low} to {high} images: some of these volumes lack slices.")]


def _places(positions: Array, thickness_mm: float) -> list[int]:
    """The rank of each rising position. Those a fiftieth of a slice apart share one: tables do not return exactly."""
    return [0, *np.cumsum(np.diff(positions) > max(SAME_PLACE_MM, thickness_mm / 50)).tolist()]


def telling_keys(frames: Sequence[Frame]) -> list[str]:
    """Attributes that all frames have, contrasts aside, most telling first."""
    counts = Counter(key for frame in frames for key, _ in frame.moments)
    return [key for key, count in counts.items() if count == len(frames) and key.split("/")[0] not in CONTRASTS]


def _by_value(frames: Sequence[Frame], places: list[int], most: int) -> tuple[str, list[list[Frame]]] | None:
    """Split by the first attribute that has `most` values and meets each place once per value at most."""
    for key in telling_keys(frames):
        groups = by_value_of(frames, key)
        values = [dict(frame.moments)[key] for frame in frames]
        if len(groups) == most and len(set(zip(values, places))) == len(frames):
            return key.split("/")[0], list(groups.values())
    return None


def _by_rank(frames: Sequence[Frame], places: list[int], most: int) -> tuple[str, list[list[Frame]]] | None:
    """Split by the first attribute that differs at every place, in its order there: each slice has times of its own."""
    for key in telling_keys(frames):
        values = [dict(frame.moments)[key] for frame in frames]
        if len(set(zip(values, places))) == len(frames):
            return key.split("/")[0], _by_turn(frames, _turns(places, [numeric(value) for value in values]))
    return None


def _turns(places: list[int], order: Sequence[tuple[object, ...]]) -> list[int]:
    """For each frame how many of its place come before it in `order`."""
    met: Counter[int] = Counter()
    turns = [0] * len(places)
    for index in sorted(range(len(places)), key=lambda n: (places[n], order[n])):
        turns[index] = met[places[index]]
        met[places[index]] += 1
    return turns


def _by_turn(frames: Sequence[Frame], turns: list[int]) -> list[list[Frame]]:
    volumes: dict[int, list[Frame]] = defaultdict(list)
    for frame, turn in zip(frames, turns):
        volumes[turn].append(frame)
    return [volumes[turn] for turn in sorted(volumes)]
