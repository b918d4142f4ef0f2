"""A COCO file of instances: images, categories and masks, as run lengths (plain or packed) or polygons."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.formats.damage import DAMAGE

_LARGEST = 1 << 30
_DAMAGED = GraticuleError("The COCO file is damaged or cut off.", "Copy it again from its source.")


@dataclass(frozen=True, slots=True)
class CocoImage:
    """slice, object_id, frame: where Graticule's own files say which slice it is; −1 and "" from other makers."""

    id: int
    name: str
    rows: int
    columns: int
    slice: int = -1
    object_id: str = ""


@dataclass(frozen=True, slots=True)
class CocoObject:
    """instance: what one thing on several slices shares. shape: the file's own `segmentation`."""

    image: int
    category: int
    instance: str
    shape: Any


@dataclass(frozen=True, slots=True)
class CocoFile:
    """case: the id of the case it was exported from, "" from other makers. categories: id → (name, (scheme, code) or ())."""

    images: tuple[CocoImage, ...]
    categories: Mapping[int, tuple[str, tuple[str, str] | tuple[()]]]
    objects: tuple[CocoObject, ...]
    case: str = ""


def looks_like_coco(path: Path, head: bytes) -> bool:
    """By its name and first bytes alone."""
    names = (b'"annotations"', b'"images"', b'"categories"', b'"licenses"')
    return path.suffix.lower() == ".json" and any(name in head for name in names)


def read_coco(path: Path) -> CocoFile | None:
    """None for JSON of another kind; GraticuleError when it is damaged."""
    try:
        if path.stat().st_size > _LARGEST:
            raise GraticuleError("The COCO file is larger than 1 GB.", "Split it by image.")
        data = json.loads(path.read_bytes())
        if not isinstance(data, dict) or not isinstance(data.get("annotations"), list) or "images" not in data:
            return None
        info = data.get("info")
        names = {int(row["id"]): (str(row.get("name", "")), _code(row.get("code"))) for row in data.get("categories", ())}
        return CocoFile(tuple(_image(row) for row in data["images"]), names,
                        tuple(_object(row) for row in data["annotations"] if row.get("segmentation")),
                        str(info.get("case", "")) if isinstance(info, dict) else "")
    except DAMAGE as error:
        raise _DAMAGED from error


def mask_in(shape: Any, rows: int, columns: int) -> Array:
    """(rows, columns) bool of one object; GraticuleError when it does not fit an image of this size."""
    from pycocotools import mask as coco

    try:
        if isinstance(shape, dict):
            if [int(part) for part in shape["size"]] != [rows, columns]:
                raise ValueError
            counts = shape["counts"]
            return _from_runs(list(_unpacked(counts)) if isinstance(counts, str) else [int(run) for run in counts], rows, columns)
        for polygon in shape:
            _refuse_wild(polygon, max(rows, columns))
        parts = coco.frPyObjects([list(map(float, part)) for part in shape], rows, columns)
        return np.asarray(coco.decode(coco.merge(parts)) != 0)
    except DAMAGE as error:
        raise GraticuleError("A mask of the COCO file does not fit its image.", "Export it again.") from error


def _from_runs(runs: list[int], rows: int, columns: int) -> Array:
    """Down the columns, beginning with what is outside."""
    if min(runs, default=-1) < 0 or sum(runs) != rows * columns:
        raise ValueError
    inside = np.arange(len(runs)) % 2 == 1
    return np.repeat(inside, runs).reshape(columns, rows).T


def _unpacked(text: str) -> Iterator[int]:
    """COCO's packed counts: six bits a character, lowest first; from the third on, the difference to the count two before."""
    found: list[int] = []
    value = shift = 0
    for character in text.encode("ascii"):
        bits = character - 48
        if not 0 <= bits < 64 or shift > 50:
            raise ValueError
        value |= (bits & 31) << shift
        shift += 5
        if bits & 32:
            continue
        if bits & 16:
            value -= 1 << shift
        found.append(value + found[-2] if len(found) > 2 else value)
        value = shift = 0
    return iter(found)


def _refuse_wild(polygon: Any, side: int) -> None:
    """Corners far outside the image would take all the memory there is."""
    if len(polygon) < 6 or len(polygon) % 2 or any(not math.isfinite(v) or abs(v) > 2 * side for v in map(float, polygon)):
        raise ValueError


def _image(row: Mapping[str, Any]) -> CocoImage:
    return CocoImage(int(row["id"]), Path(str(row.get("file_name", ""))).stem, int(row["height"]), int(row["width"]),
                     int(row.get("slice", -1)), str(row.get("sop_instance_uid", "")))


def _object(row: Mapping[str, Any]) -> CocoObject:
    """A thing of its own, unless the file says that it goes on in other slices."""
    instance = str(row.get("segment") or row.get("region") or f"#{row.get('id', '')}")
    return CocoObject(int(row["image_id"]), int(row["category_id"]), instance, row["segmentation"])


def _code(value: Any) -> tuple[str, str] | tuple[()]:
    return (str(value[0]), str(value[1])) if isinstance(value, list) and len(value) == 2 else ()
