"""Whether a volume file holds labels or an image, and what it says about its segments."""

import re

import numpy as np

from graticule.domain.codes import Code
from graticule.domain.elements import BY_HAND
from graticule.formats.hints import named_as_labels
from graticule.formats.label_maps import TISSUE, Meaning
from graticule.formats.volumes.volume_file import VolumeFile

# A file in which more than this many numbers occur is an image (TotalSegmentator has 117 labels).
MAX_LABELS = 300
# Without a name that says so: an 8-bit image may have 256 values, so only a handful makes labels of it.
FEW_LABELS = 32
# Label maps shrink a hundredfold when compressed, images at most a few times.
_SHRUNK = 40


def holds_labels(file: VolumeFile) -> bool:
    """Few whole numbers, none below zero. Voxels are read only when the name, the size or the type suggests labels."""
    if file.layers > 1 or "Segment0_ID" in file.words:
        return True
    if not file.whole:
        return False
    voxel_bytes = int(np.prod(file.grid.shape)) * file.stored.itemsize
    likely = named_as_labels(file.path) or voxel_bytes > _SHRUNK * file.path.stat().st_size
    if not likely and file.stored.itemsize > 1:
        return False
    values = np.unique(file.read())
    return bool(values.size <= (MAX_LABELS if likely else FEW_LABELS) and values[0] >= 0 and 0 < values[-1] < 65536)


def meanings_of(file: VolumeFile) -> dict[tuple[int, int], Meaning]:
    """(layer, value) → meaning, from the header of a 3D Slicer segmentation (.seg.nrrd); empty for plain masks."""
    meanings = {}
    for number in range(sum(name.endswith("_ID") and name.startswith("Segment") for name in file.words)):
        words = {name.partition("_")[2]: text for name, text in file.words.items() if name.startswith(f"Segment{number}_")}
        if words.get("LabelValue", "").isdigit():
            layer = int(words["Layer"]) if words.get("Layer", "").isdigit() else 0
            meanings[(layer, int(words["LabelValue"]))] = _meaning(words)
    return meanings


def _meaning(words: dict[str, str]) -> Meaning:
    entry = re.search(r"TerminologyEntry:([^|]*)", words.get("Tags", ""))
    parts = entry.group(1).split("~") if entry else []
    category, kind = (_code(parts[n]) if len(parts) > n else TISSUE for n in (1, 2))
    return Meaning(words.get("Name", ""), category, kind, _colour(words.get("Color", "")), BY_HAND)


def _code(text: str) -> Code:
    """ "SCT^10200004^Liver" """
    parts = text.split("^")
    return Code(parts[0], parts[1], "") if len(parts) >= 2 and parts[0] and parts[1] else TISSUE


def _colour(text: str) -> str:
    try:
        red, green, blue = (min(255, max(0, round(255 * float(part)))) for part in text.split())
    except ValueError:
        return ""
    return f"#{red:02x}{green:02x}{blue:02x}"
