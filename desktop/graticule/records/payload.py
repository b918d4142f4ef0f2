"""Labels as bytes: the payload of a revision and the mask chunks beside it.

The payload is canonical JSON, frozen as version 1:

    {v 1, elements: {kind: [{…} by id]}, groups: {name: {shape [k, j, i], affine, values [[k, "b1:…"]], authors [[k, "b1:…"]]}}}

affine: the top three rows of the grid's matrix, row by row, 12 strings with nine decimals in mm; [] for a case without one.
levels: only of an uneven grid, the place of each slice in steps of the affine's third column, strings of the same form.
values, authors: the slices that hold anything but zeros, rising; a chunk is that of masks.py and its id hashes those bytes.
beats: only where there are rows of beats, {lead: [[n, "b1:…"]]}, rising: chunk n holds those of ticks n·2^20 … (beats.py). It
stands at the top level, so that a client from before there were tables passes it on.
Kinds without elements and groups that hold nothing are left out: equal labels give equal bytes, however they were made.
Other top-level fields come from a newer version and are passed on (`Labels.extra`).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import numpy as np

from graticule.domain.elements import element_from_json, element_to_json, kind_of
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Grid
from graticule.domain.labels import LabelMap, Labels
from graticule.records.beats import LAST_CHUNK, decode_chunk, encode_table, fill_table
from graticule.records.canonical import canonical, parse
from graticule.records.ids import blob_id, is_content_id
from graticule.records.masks import LARGEST_SLICE, decode_slice, encode_slice
from graticule.records.revision import BEATS_ROLE, MASK_ROLE, BlobRef

# Voxels of all groups together that a payload may ask for (as `LabelMap`, two bytes each).
LARGEST_LABELS = 1 << 31

# Top-level fields that this version reads; others belong to a newer one.
FIELDS = ("v", "elements", "groups", "beats")

# Nine decimals of a millimetre: over 2,000 slices a rounded step moves a voxel by a millionth of a millimetre.
_FIXED = re.compile(r"-?[0-9]{1,9}\.[0-9]{9}")

Shape = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Written:
    """A slice as it was written once: its version then (`LabelMap.versions`), the chunk's id ("" for nothing) and its bytes."""

    version: int
    id: str
    size: int


# What is known to be written of a group's planes, by (group, "values" or "authors", k).
Known = Mapping[tuple[str, str, int], Written]


@dataclass(frozen=True, slots=True)
class Packed:
    """A payload and the blobs it names; each of them is stored and sent under its id.

    written: every slice of it; of those that were known before, `blobs` does not hold the bytes again.
    beats: the chunks of beats by id, with their size.
    """

    payload: bytes
    blobs: dict[str, bytes]
    written: dict[tuple[str, str, int], Written] = field(default_factory=dict, compare=False)
    beats: dict[str, int] = field(default_factory=dict, compare=False)

    @property
    def id(self) -> str:
        return blob_id(self.payload)

    def refs(self) -> tuple[BlobRef, ...]:
        """What a revision's header says of the blobs."""
        sizes = {one.id: one.size for one in self.written.values() if one.id}
        masks = tuple(BlobRef(name, MASK_ROLE, size) for name, size in sorted(sizes.items()))
        return (*masks, *(BlobRef(name, BEATS_ROLE, size) for name, size in sorted(self.beats.items())))


def encode_labels(labels: Labels, grid: Grid | None, known: Known = MappingProxyType({})) -> Packed:
    """The labels as they are stored. grid: that of the voxels, None when the case has none.

    known: what `written` said when these same labels were written before; slices that did not change since are not read again.

    GraticuleError when the voxels belong to another grid, or an element holds what has no canonical form.
    """
    if grid is not None and labels.groups and labels.grid_shape != grid.shape:
        raise GraticuleError("The labels belong to an image of another size.", "Nothing was stored. Reopen the case.")
    blobs: dict[str, bytes] = {}
    written: dict[tuple[str, str, int], Written] = {}
    groups = {name: _group_to_json(name, group, grid, blobs, known, written) for name, group in labels.groups.items()}
    groups = {name: group for name, group in groups.items() if group["values"] or group["authors"]}
    beats, sizes = _beats_to_json(labels, blobs)
    document = {**labels.extra, "v": 1, "elements": _elements_to_json(labels), "groups": groups}
    if beats:
        document["beats"] = beats
    return Packed(canonical(document), blobs, written, sizes)


def decode_labels(payload: bytes, get_blob: Callable[[str], bytes], grid_shape: Shape | None = None) -> Labels:
    """The labels of a payload. get_blob gives the canonical bytes of a blob id and raises GraticuleError when it has none.

    grid_shape: (k, j, i) of the case; then voxels of any other shape are refused, whatever a hostile payload asks for.
    """
    document = read_payload(payload)
    shapes = {tuple(group["shape"]) for group in document["groups"].values()}
    if len(shapes | ({grid_shape} if grid_shape else set())) > 1:
        raise GraticuleError("The labels belong to an image of another size.", "Open the case they were made on.")
    labels = Labels(grid_shape or next(iter(shapes), None))
    labels.extra = {name: value for name, value in document.items() if name not in FIELDS}
    for kind, items in document["elements"].items():
        for item in items:
            _put_element(labels, kind, item)
    for name, group in document["groups"].items():
        _fill(labels.group(name), group, get_blob)
    for lead, named in document.get("beats", {}).items():
        fill_table(labels.beat_table(lead), [decode_chunk(n, _checked(chunk, get_blob)) for n, chunk in named])
    return labels


def read_payload(payload: bytes) -> dict[str, Any]:
    """The payload's JSON object, its form checked but its elements and chunks not read; GraticuleError when it is another."""
    document = parse(payload)
    if not isinstance(document, dict) or type(document.get("v")) is not int:
        raise _damaged("it is not in the agreed form")
    if document["v"] != 1:
        raise GraticuleError("These labels were made by a newer Graticule.", "Update Graticule to open them.")
    elements, groups = document.get("elements"), document.get("groups")
    if not isinstance(elements, dict) or not all(isinstance(items, list) for items in elements.values()):
        raise _damaged("its elements are not in the agreed form")
    if not isinstance(groups, dict):
        raise _damaged("its voxels are not in the agreed form")
    for group in groups.values():
        _check_group(group)
    _check_beats(document.get("beats", {}))
    if sum(int(np.prod(group["shape"], dtype=object)) for group in groups.values()) > LARGEST_LABELS:
        raise GraticuleError("These labels need more memory than any real image would.", "They are damaged.")
    return document


def payload_blobs(payload: bytes) -> list[str]:
    """Ids of the chunks a payload names, sorted, each once."""
    document = read_payload(payload)
    slices = {chunk for group in document["groups"].values() for plane in ("values", "authors") for _, chunk in group[plane]}
    return sorted(slices | {chunk for named in document.get("beats", {}).values() for _, chunk in named})


def payload_grid(payload: bytes) -> Grid | None:
    """The grid of a payload's voxels, to a millionth of a millimetre; None without voxels or on a case without one."""
    for group in read_payload(payload)["groups"].values():
        if group["affine"]:
            rows = np.array([float(text) for text in group["affine"]]).reshape(3, 4)
            levels = np.array([float(text) for text in group["levels"]]) if "levels" in group else None
            return Grid(tuple(group["shape"]), np.vstack([rows, (0.0, 0.0, 0.0, 1.0)]), levels=levels)
    return None


def _elements_to_json(labels: Labels) -> dict[str, list[dict[str, Any]]]:
    kinds: dict[str, list[dict[str, Any]]] = {}
    for element in sorted(labels.all(), key=lambda element: (kind_of(element), element.id)):
        kinds.setdefault(kind_of(element), []).append(element_to_json(element))
    return kinds


def _group_to_json(name: str, group: LabelMap, grid: Grid | None, blobs: dict[str, bytes], known: Known,
                   written: dict[tuple[str, str, int], Written]) -> dict[str, Any]:
    affine = [] if grid is None else [_fixed(float(number)) for number in grid.affine[:3].reshape(-1)]
    uneven = {} if grid is None or grid.levels is None else {"levels": [_fixed(float(level)) for level in grid.levels]}
    return {"shape": list(group.shape), "affine": affine, **uneven,
            "values": _chunks(name, group, "values", blobs, known, written),
            "authors": _chunks(name, group, "authors", blobs, known, written)}


def _beats_to_json(labels: Labels, blobs: dict[str, bytes]) -> tuple[dict[str, list[list[int | str]]], dict[str, int]]:
    """(chunks named by lead, size of each chunk by id)."""
    document: dict[str, list[list[int | str]]] = {}
    sizes: dict[str, int] = {}
    for lead, table in labels.beats.items():
        for number, data in encode_table(table):
            name = blob_id(data)
            blobs[name], sizes[name] = data, len(data)
            document.setdefault(lead, []).append([number, name])
    return document, sizes


def _checked(chunk: str, get_blob: Callable[[str], bytes]) -> bytes:
    data = get_blob(chunk)
    if blob_id(data) != chunk:
        raise _damaged("a stretch of beats is not the one it names")
    return data


def _check_beats(beats: Any) -> None:
    if not isinstance(beats, dict):
        raise _damaged("its beats are not in the agreed form")
    for named in beats.values():
        if not named:
            raise _damaged("its beats are not in the agreed form")
        _check_named(named, LAST_CHUNK)


def _fixed(number: float) -> str:
    text = f"{number:.9f}"
    if not _is_fixed(text):
        raise GraticuleError("The image lies too far from its origin to be stored.", "Its position or spacing is damaged.")
    return text if text.strip("-0.") else "0.000000000"


def _chunks(name: str, group: LabelMap, which: str, blobs: dict[str, bytes], known: Known,
            written: dict[tuple[str, str, int], Written]) -> list[list[int | str]]:
    box = group.extent
    if box is None:
        return []
    plane: Array = getattr(group, which)
    named: list[list[int | str]] = []
    for k in range(box[0].start, box[0].stop):
        before, version = known.get((name, which, k)), int(group.versions[k])
        if before is None or before.version != version:
            before = _write(plane[k], box[1:], version, blobs)
        written[name, which, k] = before
        if before.id:
            named.append([k, before.id])
    return named


def _write(plane: Array, part: tuple[slice, slice], version: int, blobs: dict[str, bytes]) -> Written:
    # Only the part within the box is looked at first: most pages of a large grid were never touched.
    if not plane[part].any():
        return Written(version, "", 0)
    data = encode_slice(plane)
    name = blob_id(data)
    blobs[name] = data
    return Written(version, name, len(data))


def _put_element(labels: Labels, kind: str, item: Any) -> None:
    element = element_from_json(kind, item)
    if labels.element(kind, element.id) is not None:
        raise _damaged("it names an element twice")
    labels.put(kind, element.id, element)


def _fill(group: LabelMap, data: Mapping[str, Any], get_blob: Callable[[str], bytes]) -> None:
    _, rows, columns = group.shape
    for plane, named in ((group.values, data["values"]), (group.authors, data["authors"])):
        for k, chunk in named:
            raw = get_blob(chunk)
            if blob_id(raw) != chunk:
                raise _damaged("a slice is not the one it names")
            plane[k] = decode_slice(raw, (rows, columns))
    touched = sorted({k for k, _ in (*data["values"], *data["authors"])})
    for k in touched:
        _count(group, k)


def _count(group: LabelMap, k: int) -> None:
    """Bring the group's counts and box up to date with slice k, which held nothing before."""
    marked = group.values[k] | group.authors[k]
    rows = np.flatnonzero(marked.any(axis=1))
    if rows.size == 0:
        return
    columns = np.flatnonzero(marked.any(axis=0))
    j, i = slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)
    part = group.values[k, j, i]
    group.counts += np.bincount(part.reshape(-1), minlength=256)
    group.counts[0] -= part.size
    group.grow_box((slice(k, k + 1), j, i))


def _check_group(group: Any) -> None:
    if not isinstance(group, dict) or group.keys() - {"levels"} != {"shape", "affine", "values", "authors"}:
        raise _damaged("its voxels are not in the agreed form")
    shape, affine = group["shape"], group["affine"]
    if not (isinstance(shape, list) and len(shape) == 3 and all(type(n) is int and n > 0 for n in shape)):
        raise _damaged("its voxels have no shape")
    if shape[1] * shape[2] > LARGEST_SLICE:
        raise _damaged("its slices are too large")
    if not (isinstance(affine, list) and len(affine) in (0, 12) and all(_is_fixed(text) for text in affine)):
        raise _damaged("its voxels have no place")
    if "levels" in group and not _rise(group["levels"], shape[0]):
        raise _damaged("its slices have no place")
    for plane in ("values", "authors"):
        _check_named(group[plane], shape[0])


def _check_named(named: Any, slices: int) -> None:
    if not isinstance(named, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in named):
        raise _damaged("its slices are not in the agreed form")
    places = [k for k, _ in named]
    if not all(type(k) is int and 0 <= k < slices for k in places) or any(a >= b for a, b in pairwise(places)):
        raise _damaged("its slices are out of order")
    if not all(is_content_id(chunk, "b1") for _, chunk in named):
        raise _damaged("a slice has no name")


def _rise(levels: Any, slices: int) -> bool:
    """Whether these are the places of so many slices, in the agreed form and each above the one before."""
    if not isinstance(levels, list) or len(levels) != slices or not all(_is_fixed(text) for text in levels):
        return False
    return all(float(a) < float(b) for a, b in pairwise(levels))


def _is_fixed(text: Any) -> bool:
    return isinstance(text, str) and _FIXED.fullmatch(text) is not None


def _damaged(why: str) -> GraticuleError:
    return GraticuleError(f"The stored labels are damaged: {why}.", "Run “graticule verify” on this store.")
