"""Size and time of change of a file: by these a later look knows that it is the same."""

import os

Stamp = tuple[int, int]
"""(bytes, time of change in nanoseconds)."""


def stamp_of(about: os.stat_result) -> Stamp:
    return about.st_size, about.st_mtime_ns


def stamp_fact(stamp: Stamp) -> str:
    """A stamp as facts keep it: nanoseconds do not fit the numbers of JSON."""
    return f"{stamp[0]} {stamp[1]}"
