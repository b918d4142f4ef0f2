"""Masks that come as pictures: a PNG whose grey or palette numbers are labels, and what its own words say of them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from graticule.domain.codes import Code
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.formats.damage import DAMAGE
from graticule.formats.guard.client import guarded
from graticule.formats.hints import bare_name, named_as_labels
from graticule.formats.label_maps import TISSUE, Meaning
from graticule.formats.matching import case_name, named_id

# The text chunk in which Graticule says what the numbers of its own PNG masks are.
CHUNK = "graticule-labels"
# Without such words more numbers than this make an image of a picture.
FEW_LABELS = 32
_MODES = ("1", "L", "P")
_LARGEST = 400_000_000


@dataclass(frozen=True, slots=True)
class MaskWords:
    """What the file says of itself. case: the case's id, frame: which of its frames (from 0); "" and 0 from other makers."""

    case: str = ""
    frame: int = 0
    group: int = 1
    meanings: tuple[tuple[int, Meaning], ...] = ()


def is_mask(path: Path) -> bool:
    """Whether a picture's name says that it holds labels, and its numbers can be some."""
    if path.suffix.lower() not in (".png", ".bmp", ".tif", ".tiff", ".gif"):
        return False
    try:
        with Image.open(path) as image:
            if CHUNK in image.info:
                return True
            usable = named_as_labels(path) and image.mode in _MODES and getattr(image, "n_frames", 1) == 1
        return usable and np.unique(read_numbers(path)).size <= FEW_LABELS
    except DAMAGE:
        return False


def read_numbers(path: Path) -> Array:
    """(rows, columns) uint8: grey values, or the numbers of a palette; GraticuleError when the file is damaged."""
    return guarded("graticule.formats.pictures.mask_file:decode_numbers", path, largest=_LARGEST, name="mask")


def decode_numbers(path: Path) -> Array:
    try:
        with Image.open(path) as image:
            if image.mode not in _MODES:
                raise GraticuleError("The file holds a picture, not labels.", "Import it without the case open.")
            return np.asarray(image.convert("L") if image.mode == "1" else image, dtype=np.uint8)
    except DAMAGE as error:
        raise GraticuleError("The mask is damaged or cut off.", "Copy it again from its source.") from error


def read_words(path: Path) -> MaskWords:
    """What Graticule wrote into the file; plain words where another program made it."""
    try:
        with Image.open(path) as image:
            said = json.loads(image.info.get(CHUNK, "{}"))
        return MaskWords(str(said.get("case", "")), int(said.get("frame", 0)), int(said.get("group", 1)),
                         tuple((int(row["value"]), _meaning(row)) for row in said.get("segments", ())))
    except DAMAGE as error:
        raise GraticuleError("The mask's description is damaged.", "Export it again.") from error


def names_of(path: Path) -> tuple[str, ...]:
    """How the mask may be matched: "case:" with the case's id, "named:" with what its name is without the words for masks."""
    words = read_words(path)
    if words.case:
        return (case_name(words.case),)
    name = bare_name(path)
    return (named_id(name),) if name else ()


def _meaning(row: dict[str, Any]) -> Meaning:
    codes = {name: Code.from_json(row[name]) for name in ("category", "type", "modifier", "region") if row.get(name)}
    return Meaning(str(row["name"]), codes.get("category", TISSUE), codes.get("type", TISSUE), str(row.get("colour", "")),
                   modifier=codes.get("modifier"), region=codes.get("region"), number=int(row.get("number", 1)), stated=True)
