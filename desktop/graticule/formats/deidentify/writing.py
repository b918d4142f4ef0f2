"""Doubts about writing in a picture: small strokes of high contrast in a row.

It can be wrong both ways, and never says that there is none.
"""

import numpy as np
from scipy import ndimage

from graticule.domain.geometry import Array

_LONGEST_SIDE = 1400
_SMALLEST, _TALLEST = 5, 48
_FEWEST = 4
_PLACES = (("top left", "top", "top right"), ("left", "middle", "right"), ("bottom left", "bottom", "bottom right"))


def written_places(picture: Array) -> tuple[str, ...]:
    """Where text-like rows lie: "top left" …, () when none was found, which proves nothing.

    picture: (rows, columns) or (rows, columns, 3) of any type.
    """
    grey = picture.astype(np.float32) if picture.ndim == 2 else picture[..., :3].astype(np.float32).mean(axis=-1)
    step = max(1, round(max(grey.shape) / _LONGEST_SIDE))
    grey = grey[::step, ::step]
    if min(grey.shape) < 4 * _SMALLEST:
        return ()
    low, high = np.percentile(grey, (0.5, 99.8))
    if high <= low:
        return ()
    scaled = np.clip((grey - low) / (high - low), 0, 1)
    found: dict[str, None] = {}
    for strokes in (scaled - ndimage.grey_opening(scaled, size=(9, 9)), ndimage.grey_closing(scaled, size=(9, 9)) - scaled):
        for row, column in _rows_of_letters(strokes > 0.36):
            found[_place(row / grey.shape[0], column / grey.shape[1])] = None
    return tuple(found)


def _rows_of_letters(strokes: Array) -> list[tuple[float, float]]:
    """Centres of at least four pieces of letter size that stand on one line, close to each other."""
    labels, count = ndimage.label(strokes, structure=np.ones((3, 3), dtype=int))
    if not 0 < count < 60_000:
        return []
    boxes = ndimage.find_objects(labels)
    areas = np.bincount(labels.ravel(), minlength=count + 1)[1:]
    letters = [(box[0].start, box[0].stop, box[1].start, box[1].stop) for box, area in zip(boxes, areas)
               if _letter(box, int(area))]
    letters.sort(key=lambda one: (one[1], one[2]))
    return _lines(letters)


def _letter(box: tuple[slice, slice], area: int) -> bool:
    height, width = box[0].stop - box[0].start, box[1].stop - box[1].start
    return _SMALLEST <= height <= _TALLEST and 1 <= width <= 1.6 * height + 2 and 0.15 <= area / (height * width) <= 0.95 \
        and area >= 5


def _lines(letters: list[tuple[int, int, int, int]]) -> list[tuple[float, float]]:
    found, used = [], set()
    for n, first in enumerate(letters):
        if n in used:
            continue
        height = first[1] - first[0]
        same = [m for m, one in enumerate(letters) if abs(one[1] - first[1]) <= max(1, 0.2 * height)
                and 0.7 <= (one[1] - one[0]) / height <= 1.4]
        for run in _runs(sorted(same, key=lambda m: letters[m][2]), letters, height):
            if len(run) >= _FEWEST:
                used.update(run)
                found.append((float(np.mean([letters[m][0] for m in run])), float(np.mean([letters[m][2] for m in run]))))
    return found


def _runs(same: list[int], letters: list[tuple[int, int, int, int]], height: int) -> list[list[int]]:
    """Split where the gap is wider than a word's."""
    runs: list[list[int]] = []
    for m in same:
        if runs and letters[m][2] - letters[runs[-1][-1]][3] <= 1.5 * height and letters[m][2] >= letters[runs[-1][-1]][2]:
            runs[-1].append(m)
        else:
            runs.append([m])
    return runs


def _place(down: float, across: float) -> str:
    return _PLACES[min(2, int(down * 3))][min(2, int(across * 3))]
