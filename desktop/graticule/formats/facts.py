"""Numbers and grids as a case's facts keep them: strings, since facts may be hashed and hashes know no floats."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Grid
from graticule.domain.volume import Doubt, Window


def number(value: float) -> str:
    """The shortest text that reads back as the same double."""
    return repr(float(value))


def numbers(values: Iterable[float]) -> list[str]:
    return [number(value) for value in values]


def rows(array: Array) -> list[list[str]]:
    return [numbers(row) for row in array]


def floats(texts: Any) -> Array:
    """Facts written by `numbers` or `rows` → float64 array of the same nesting."""
    return np.array(texts, dtype=np.float64)


def grid_facts(grid: Grid) -> dict[str, Any]:
    facts = {"shape": list(grid.shape), "affine": rows(grid.affine), "oriented": grid.oriented}
    return facts if grid.levels is None else facts | {"levels": numbers(grid.levels)}


def grid_of(facts: Mapping[str, Any]) -> Grid:
    """The grid of facts made by `grid_facts`; GraticuleError when they are of another version or damaged."""
    try:
        k, j, i = (int(n) for n in facts["shape"])
        levels = floats(facts["levels"]) if "levels" in facts else None
        return Grid((k, j, i), floats(facts["affine"]), bool(facts.get("oriented", True)), levels)
    except (KeyError, TypeError, ValueError) as error:
        raise GraticuleError("The worklist holds too little about this case to open it.", "Import its files again.") from error


def window_facts(windows: Iterable[Window]) -> list[list[Any]]:
    return [[number(window.width), number(window.level), window.name, window.inverted] for window in windows]


def windows_of(facts: Mapping[str, Any]) -> tuple[Window, ...]:
    return tuple(Window(float(width), float(level), name, inverted) for width, level, name, inverted in facts.get("windows", ()))


def doubt_facts(doubts: Iterable[Doubt]) -> list[list[str]]:
    return [[doubt.what, doubt.text] for doubt in doubts]


def doubts_of(facts: Mapping[str, Any]) -> tuple[Doubt, ...]:
    return tuple(Doubt(what, text) for what, text in facts.get("doubts", ()))


def signs_of(facts: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    """The rows of the case's sheet that were measured when it was listed."""
    return tuple((label, value, level) for label, value, level in facts.get("signs", ()))
