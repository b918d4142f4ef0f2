"""How much of a picture a segment covers: square millimetres where the file justifies them for all of it, else pixels."""

import numpy as np

from graticule.domain.elements import Segment
from graticule.domain.geometry import Array
from graticule.domain.labels import Labels
from graticule.domain.picture import Picture
from graticule.editing.canvas import pixel_of
from graticule.presenters.segment_amounts import square


def area_words(labels: Labels, segment: Segment, picture: Picture) -> str:
    """ "12.4 mm²" or "1,234 px"; of a loop the largest area on one frame and on how many frames: "12.4 mm² · 3 frames"."""
    counts = frame_counts(labels, segment)
    largest, frames = int(counts.max(initial=0)), int(np.count_nonzero(counts))
    mm2 = pixel_mm2(labels, segment, picture)
    words = square(largest * mm2) if mm2 is not None else f"{largest:,} px"
    return f"{words} · {frames} frames" if frames > 1 else words


def frame_counts(labels: Labels, segment: Segment) -> Array:
    """(frames of the group's box,) int: pixels of a segment on each of them; empty without any."""
    group = labels.groups.get(segment.group)
    if group is None or group.box is None or not group.counts[segment.value]:
        return np.zeros(0, dtype=np.int64)
    box = group.box
    if box[0].stop - box[0].start == 1:
        return np.array([group.counts[segment.value]])
    return np.asarray(np.count_nonzero(group.values[box] == segment.value, axis=(1, 2)))


def pixel_mm2(labels: Labels, segment: Segment, picture: Picture) -> float | None:
    """Square millimetres of a pixel, where one scale holds for every pixel of the segment; else None."""
    length, (row, column) = pixel_of(picture)
    if length != "mm" or not (not picture.calibrated or _inside(labels, segment, picture)):
        return None
    return row * column


def _inside(labels: Labels, segment: Segment, picture: Picture) -> bool:
    """Whether all of a segment lies in the parts of an ultrasound image that have a scale."""
    group = labels.groups.get(segment.group)
    if group is None or group.box is None:
        return True
    scaled = np.zeros((picture.rows, picture.columns), dtype=bool)
    for part in picture.calibrated:
        scaled[part.top:part.bottom, part.left:part.right] = True
    outside = ~scaled[group.box[1:]]
    return not bool(((group.values[group.box] == segment.value) & outside).any())

