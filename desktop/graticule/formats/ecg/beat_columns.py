"""A table of beats as JSON, columns as they are: gaps between ticks, one letter a beat, runs of authorship. No floats."""

from itertools import groupby
from typing import Any

import numpy as np

from graticule.domain.beats import BeatTable, rising, sound_rows
from graticule.domain.errors import GraticuleError


def table_json(table: BeatTable) -> dict[str, Any]:
    runs = [(author, len(list(run))) for author, run in groupby(table.authors.tolist())]
    return {"gaps": np.diff(table.ticks, prepend=0).tolist(), "symbols": table.symbols.tobytes().decode("ascii"),
            "authors": [number for run in runs for number in run]}


def fill_from_json(table: BeatTable, data: Any) -> None:
    """GraticuleError when these are no rows of a table."""
    try:
        ticks = np.cumsum(np.array(data["gaps"], np.int64))
        symbols = np.frombuffer(data["symbols"].encode("ascii"), np.uint8).copy()
        authors = np.repeat(np.array(data["authors"][0::2], np.uint8), np.array(data["authors"][1::2], np.int64))
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as fault:
        raise _damaged() from fault
    if not (ticks.size == symbols.size == authors.size and rising(ticks) and sound_rows(symbols, authors)):
        raise _damaged()
    table.fill(ticks, symbols, authors)


def _damaged() -> GraticuleError:
    return GraticuleError("The beats in this file are damaged.", "Export them again.")
