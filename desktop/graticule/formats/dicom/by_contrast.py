"""Images of another kind stand in a volume of their own: echoes, b-values, magnitude and phase; and stacks side by side."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from graticule.domain.geometry import Array
from graticule.formats.dicom.frame import Frame
from graticule.formats.dicom.moments import CONTRASTS
from graticule.formats.dicom.pile import Pile, along_normal, alongs, by_value_of, parted
from graticule.imaging.slice_spacing import SAME_PLACE_MM
from graticule.imaging.stack_geometry import Axes, axes_of, line_through

# More places in the plane than this are a stack that runs askew.
_MOST_STATIONS = 200


def by_contrast(pile: Pile) -> list[Pile]:
    """Echoes, b-values, magnitude and phase, energies: apart where they share places or reach into each other."""
    found = [pile]
    for name in CONTRASTS:
        found = [part for whole in found for part in _by_one_contrast(whole, name)]
    return found


def _by_one_contrast(pile: Pile, name: str) -> list[Pile]:
    for key in _keys(pile.frames, name):
        groups = by_value_of(pile.frames, key)
        if len(groups) > 1 and intertwined(list(groups.values())):
            return parted(pile, name, list(groups.values()))
    return [pile]


def _keys(frames: Sequence[Frame], name: str) -> list[str]:
    return [key for key in dict.fromkeys(key for frame in frames for key, _ in frame.moments) if key.split("/")[0] == name]


def intertwined(groups: list[list[Frame]]) -> bool:
    """Whether two groups share a place, or all have two images at least and two of them reach into each other."""
    spans = sorted((float(along.min()), float(along.max())) for along in alongs(groups))
    places = sorted((float(place), number) for number, along in enumerate(alongs(groups)) for place in along)
    if any(b[0] - a[0] <= SAME_PLACE_MM and a[1] != b[1] for a, b in pairwise(places)):
        return True
    return all(len(group) > 1 for group in groups) and any(b[0] < a[1] for a, b in pairwise(spans))


def by_station(pile: Pile) -> list[Pile]:
    """Stacks side by side, whose first pixels lie elsewhere in the plane: table stations, two breasts, another field of view.

    The slices of a tilted stack lie elsewhere, too, but on one line: stations share heights, or no line runs through them.
    """
    along = along_normal(pile.frames)
    axes = axes_of(np.array(pile.frames[0].orientation))
    apart_mm = 2 * max(pile.frames[0].spacing or (1.0, 1.0))
    positions = np.array([frame.position for frame in pile.frames])
    stations = _islands(np.stack([positions @ axes.x, positions @ axes.y], axis=1), apart_mm)
    heights = [{round(float(height), 1) for height, at in zip(along, stations) if at == station}
               for station in range(max(stations) + 1)]
    shared = len(heights) > 1 and sum(map(len, heights)) > len(set.union(*heights))
    several = len(heights) > 1 and all(len(one) > 1 for one in heights)
    if not shared and (not several or _on_a_line(positions, axes, apart_mm / 4)):
        return [pile]
    parts = [[frame for frame, at in zip(pile.frames, stations) if at == station] for station in range(len(heights))]
    return parted(pile, "station", parts)


def _on_a_line(positions: Array, axes: Axes, within_mm: float) -> bool:
    """Whether one line runs through the first pixels at all heights."""
    _, first = np.unique(np.round(positions @ axes.normal, 1), return_index=True)
    return len(first) < 2 or line_through(positions[first], axes).jitter_mm <= within_mm


def _islands(points: Array, apart_mm: float) -> list[int]:
    """(n, 2) → for each point the number of its island: points that a chain of steps shorter than `apart_mm` joins."""
    places, where = np.unique(np.round(points, 2), axis=0, return_inverse=True)
    if len(places) > _MOST_STATIONS:
        return [0] * len(points)
    near = np.linalg.norm(places[:, None] - places[None], axis=2) <= apart_mm
    island = np.arange(len(places))
    for _ in places:
        joined = np.where(near, island[None], len(places)).min(axis=1)
        if np.array_equal(joined, island):
            break
        island = joined
    return [int(number) for number in np.unique(island, return_inverse=True)[1][where.reshape(-1)]]
