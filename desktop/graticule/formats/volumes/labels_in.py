"""Whether a volume file holds labels or an image, and what it says about its segments."""

import re

import numpy as np

from graticule.domain.codes import Code
from graticule.domain.elements import BY_HAND
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.formats.hints import named_as_labels
from graticule.formats.label_maps import TISSUE, Meaning
from graticule.formats.volumes.volume_file import VolumeFile

# A file in which more than this many numbers occur is an image (TotalSegmentator has 117 labels).
MAX_LABELS = 300
# Without a name that says so: an 8-bit image may have 256 values, so only a handful makes labels of it.
FEW_LABELS = 32
_SEGMENT = re.compile(r"Segment(\d{1,4})_(\w+)$")
# Label maps shrink a hundredfold when compressed, images at most a few times.
_SHRUNK = 40


def holds_labels(file: VolumeFile) -> bool:
    """Few whole numbers, none below zero. Voxels are read only when the name, the size or the type suggests labels."""
    if file.voxels.layered:
        return True
    named = named_as_labels(file.path)
    if file.voxels.colour or (not named and (file.items > 1 or not file.whole)):
        return False
    likely = named or file.voxels.bytes > _SHRUNK * file.path.stat().st_size
    if not likely and file.stored.itemsize > 1:
        return False
    values = values_in(_stack(file))
    return _are_labels(values) and values.size <= (MAX_LABELS if likely else FEW_LABELS)


def _are_labels(values: Array) -> bool:
    """Whether the values that occur (rising) are whole numbers of labels."""
    return bool(values.size and values[0] >= 0 and 0 < values[-1] < 65536 and (values == np.rint(values)).all())


def _stack(file: VolumeFile) -> Array:
    return file.voxels.read_layers() if file.voxels.layered or file.items > 1 else file.read()[None]


def layers_of(file: VolumeFile) -> Array:
    """(layer, k, j, i) whole numbers; GraticuleError when the file holds something else than labels."""
    layers = _stack(file)
    values = values_in(layers)
    if values.tolist() != [0] and not _are_labels(values):
        raise GraticuleError("The file holds an image, not labels.", "Import it without the case open.")
    return layers if layers.dtype.kind in "iu" else np.asarray(layers.astype(np.uint16))


def values_in(array: Array) -> Array:
    """The values that occur, rising; [] when more than labels can have, or when some are no numbers. Looks at parts first."""
    if array.dtype == np.uint8:
        return np.flatnonzero(np.bincount(array.reshape(-1), minlength=256))
    found = np.zeros(0, array.dtype)
    for plane in array.reshape(-1, array.shape[-1] * array.shape[-2]):
        found = np.union1d(found, plane)
        if found.size > MAX_LABELS or (found.dtype.kind == "f" and not np.isfinite(found).all()):
            return np.zeros(0, array.dtype)
    return found


def meanings_of(file: VolumeFile) -> dict[tuple[int, int], Meaning]:
    """(layer, value) → meaning, from the header of a 3D Slicer segmentation (.seg.nrrd); empty for plain masks."""
    segments: dict[int, dict[str, str]] = {}
    for name, text in file.words.items():
        if found := _SEGMENT.match(name):
            segments.setdefault(int(found[1]), {})[found[2]] = text
    meanings = {}
    for number, words in segments.items():
        value, layer = _number(words.get("LabelValue")), _number(words.get("Layer"))
        # Before 4.11, Slicer kept each segment in a layer of its own, with the value 1, and said neither.
        where = layer if layer is not None else number if value is None else 0
        meanings[(where, 1 if value is None else value)] = _meaning(words)
    return meanings


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 6 else None


def _meaning(words: dict[str, str]) -> Meaning:
    entry = re.search(r"TerminologyEntry:([^|]*)", words.get("Tags", ""))
    parts = entry.group(1).split("~") if entry else []
    category, kind = (_code(parts[n]) if len(parts) > n else TISSUE for n in (1, 2))
    modifier, region = (_stated(parts[n]) if len(parts) > n else None for n in (3, 5))
    return Meaning(words.get("Name", ""), category, kind, _colour(words.get("Color", "")), BY_HAND, modifier=modifier,
                   region=region)


def _code(text: str) -> Code:
    return _stated(text) or TISSUE


def _stated(text: str) -> Code | None:
    """ "SCT^10200004^Liver"; None for "^^". """
    parts = text.split("^")
    return Code(parts[0], parts[1], "") if len(parts) >= 2 and parts[0] and parts[1] else None


def _colour(text: str) -> str:
    try:
        red, green, blue = (min(255, max(0, round(255 * float(part)))) for part in text.split())
    except ValueError:
        return ""
    return f"#{red:02x}{green:02x}{blue:02x}"
