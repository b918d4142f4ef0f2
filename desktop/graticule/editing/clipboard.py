"""What was copied: one segment's voxels with their place in the patient, their makers and their meaning. One for the desk."""

from dataclasses import dataclass

from graticule.domain.elements import Segment
from graticule.domain.geometry import Array, Grid
from graticule.editing.operations.material import Cut
from graticule.imaging.patch import Patch


@dataclass(frozen=True, eq=False)
class Clip:
    """patch: the whole segment on `grid`; authors: uint8 of its box. cut: the layer that was shown, None when none was.

    case_id, patient, frame_of_reference: where it comes from, "" when not known. image: of a picture, which has no patient space.
    """

    case_id: str
    patient: str
    frame_of_reference: str
    segment: Segment
    words: str
    grid: Grid
    patch: Patch
    authors: Array
    cut: Cut | None
    image: bool = False


@dataclass
class Clipboard:
    """now: None while nothing was copied."""

    now: Clip | None = None
