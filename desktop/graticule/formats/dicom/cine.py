"""A loop of frames: how fast they follow each other (PS3.3 C.7.6.5)."""

from typing import Any

import numpy as np

from graticule.formats.dicom.groups import several

# (0018,1063) Frame Time, (0018,1065) Frame Time Vector: pointers that make the frames moments of time.
_TIMES = {0x00181063, 0x00181065}


def frame_ms(dataset: Any) -> float:
    """Milliseconds from one frame to the next; 0 when the file does not say, or its frames are no moments of time."""
    if not in_time(dataset):
        return 0.0
    vector = [_positive(part) for part in several(dataset.get("FrameTimeVector"))][1:]  # the first is always 0
    steps = [part for part in vector if part]
    rates = [_positive(dataset.get(keyword)) for keyword in ("CineRate", "RecommendedDisplayFrameRate")]
    median = float(np.median(steps)) if steps else 0.0
    times = [_positive(dataset.get("FrameTime")), median, *(1000 / rate for rate in rates if rate)]
    return next((time for time in times if time), 0.0)


def in_time(dataset: Any) -> bool:
    """Whether the frames follow each other in time: pages of a scanned document or of a report do not."""
    pointers = {int(part) for part in several(dataset.get("FrameIncrementPointer"))}
    return not pointers or bool(pointers & _TIMES)


def _positive(value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return 0.0
    return number if 0 < number < 1e7 else 0.0
