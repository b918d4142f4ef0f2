"""Left and right of a segment, cross-checked: what its name and codes say, and on which side of the patient its voxels lie.

Always the patient's side, as in `study.sides`: where the file does not say how the patient lies, no side is concluded.
"""

import re

import numpy as np

from graticule.domain.elements import Segment
from graticule.domain.geometry import Floats, Grid
from graticule.study.sides import LEFT, RIGHT, WORDS

# Nearer to the middle than this share of the image's width tells no side.
_MIDDLE = 0.04
_NAMED = ((LEFT, re.compile(r"\b(left|links?e?[rsnm]?|lt|li|l)\b", re.IGNORECASE)),
          (RIGHT, re.compile(r"\b(right|rechte?[rsnm]?|rt|re|r)\b", re.IGNORECASE)))
_CODED = {"left": LEFT, "7771000": LEFT, "right": RIGHT, "24028007": RIGHT}


def side_in_name(name: str) -> str:
    """"L" or "R" as a name says it ("left kidney", "Niere rechts"); "" when it says neither, or both."""
    found = {side for side, pattern in _NAMED if pattern.search(name.replace("_", " "))}
    return found.pop() if len(found) == 1 else ""


def side_in_code(segment: Segment) -> str:
    """"L" or "R" of the coded laterality, "" for none, both or unilateral."""
    return _CODED.get(segment.laterality.code, "") if segment.laterality is not None else ""


def side_of_mask(middle_mm: Floats, grid: Grid) -> str:
    """"L" or "R" by a mask's centre against the middle of the image; "" near the middle, or when no side is known."""
    if not grid.oriented:
        return ""
    k, j, i = (n - 1 for n in grid.shape)
    across = grid.to_patient(np.array([(a, b, c) for a in (0, i) for b in (0, j) for c in (0, k)], dtype=np.float64))[:, 0]
    share = (float(middle_mm[0]) - across.min()) / max(float(np.ptp(across)), 1e-9)
    return "" if abs(share - 0.5) < _MIDDLE else RIGHT if share < 0.5 else LEFT


def side_conflict(segment: Segment, lies: str) -> str:
    """A sentence when left stands against right, "" otherwise. lies: `side_of_mask`, "" when nobody has looked yet."""
    coded, named = side_in_code(segment), side_in_name(segment.name)
    if coded and named and coded != named:
        return f"The name says {WORDS[named]}, the coded side is {WORDS[coded]}."
    said = coded or named
    if said and lies and said != lies:
        return f"It is called {WORDS[said]}, but its voxels lie on the patient’s {WORDS[lies]}."
    return ""
