"""An edit as bytes: a row of the edit journal, and evidence of how a label was made.

A blob frame (frames.py) round: length of the head (4, little-endian) · head · run arrays. The head is canonical JSON
{v 1, title, changes: [{kind, id, before, after} | {group, runs}]}; for each voxel change, in order, follow little-endian:

    gaps    (runs) int64   first start, then from start to start: small numbers, which compress
    lengths (runs) int64
    before, after, before_author, after_author   (runs) uint8 each

An edit of beats is version 2, so that the bytes of every other act stay what they were: for each change of beats, {lead, rows} in
the head, then the gaps between the ticks and the four planes in the same form.
"""

import struct
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from graticule.domain.beats import PLANES, BeatChange, sound
from graticule.domain.edits import Change, Edit, ElementChange, VoxelChange
from graticule.domain.elements import Element, element_from_json, element_to_json, kind_of
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.records.canonical import canonical, parse
from graticule.records.frames import decode_frame, encode_frame

# An edit of 50 million runs: every voxel of a noisy volume. Decoding never allocates more than a few times this.
LARGEST_EDIT = 1 << 30
# Flat indices stay below this, so that no sum of hostile runs can overflow 64 bits.
_LAST_INDEX = 1 << 33
_RUN_BYTES = 8 + 8 + 4
_LENGTH = struct.Struct("<I")
_PLANES = PLANES
_BEAT_BYTES = 8 + 4


def encode_edit(edit: Edit) -> bytes:
    """The edit's bytes. GraticuleError for one that would not come back equal: what is written must be there to undo."""
    head = canonical({"v": _version(edit.changes), "title": edit.title,
                      "changes": [_change_to_json(change) for change in edit.changes]})
    _read_back(head, edit)
    runs = [part for change in edit.changes for part in _arrays(change)]
    raw = b"".join((_LENGTH.pack(len(head)), head, *runs))
    if len(raw) > LARGEST_EDIT:
        raise GraticuleError("This act changes too many scattered voxels to be stored.", "Do it on fewer slices at a time.")
    return encode_frame(raw, level=1)


def decode_edit(data: bytes) -> Edit:
    """The edit, equal to the one that was encoded; GraticuleError for anything else."""
    raw = decode_frame(data, LARGEST_EDIT)
    if len(raw) < _LENGTH.size:
        raise _damaged()
    end = _LENGTH.size + _LENGTH.unpack_from(raw)[0]
    head = parse(raw[_LENGTH.size:end])
    if not isinstance(head, dict) or head.keys() != {"v", "title", "changes"} or head["v"] not in (1, 2):
        raise _damaged()
    if not (isinstance(head["title"], str) and isinstance(head["changes"], list)):
        raise _damaged()
    changes: list[Change] = []
    for item in head["changes"]:
        change, end = _change_from_json(item, raw, end)
        changes.append(change)
    if end != len(raw) or head["v"] != _version(changes):
        raise _damaged()
    return Edit(head["title"], tuple(changes))


def _version(changes: Iterable[Change]) -> int:
    return 2 if any(isinstance(change, BeatChange) for change in changes) else 1


def _read_back(head: bytes, edit: Edit) -> None:
    for item, change in zip(parse(head)["changes"], edit.changes, strict=True):
        if isinstance(change, ElementChange) and _change_from_json(item, b"", 0)[0] != change:
            raise GraticuleError(f"A {change.kind} cannot be stored exactly.", "Nothing was changed.")


def _change_to_json(change: Change) -> dict[str, Any]:
    if isinstance(change, VoxelChange):
        return {"group": change.group, "runs": int(change.starts.size)}
    if isinstance(change, BeatChange):
        return {"lead": change.lead, "rows": int(change.ticks.size)}
    return {"kind": change.kind, "id": change.id,
            "before": None if change.before is None else element_to_json(change.before),
            "after": None if change.after is None else element_to_json(change.after)}


def _change_from_json(item: Any, raw: bytes, at: int) -> tuple[Change, int]:
    if not isinstance(item, dict):
        raise _damaged()
    if item.keys() == {"group", "runs"}:
        return _runs_from(item, raw, at)
    if item.keys() == {"lead", "rows"}:
        return _rows_from(item, raw, at)
    if item.keys() != {"kind", "id", "before", "after"} or not (isinstance(item["kind"], str) and isinstance(item["id"], str)):
        raise _damaged()
    return ElementChange(item["kind"], item["id"], _element(item, "before"), _element(item, "after")), at


def _element(item: Mapping[str, Any], name: str) -> Element | None:
    if item[name] is None:
        return None
    element = element_from_json(item["kind"], item[name])
    if (kind_of(element), element.id) != (item["kind"], item["id"]):
        raise _damaged()
    return element


def _arrays(change: Change) -> list[bytes]:
    if isinstance(change, VoxelChange):
        return _run_bytes(change)
    return _row_bytes(change) if isinstance(change, BeatChange) else []


def _row_bytes(change: BeatChange) -> list[bytes]:
    if not sound(change):
        raise _damaged()
    gaps = np.diff(change.ticks, prepend=0)
    return [gaps.astype("<i8").tobytes(), *(getattr(change, name).tobytes() for name in PLANES)]


def _rows_from(item: Mapping[str, Any], raw: bytes, at: int) -> tuple[BeatChange, int]:
    lead, rows = item["lead"], item["rows"]
    if not isinstance(lead, str) or type(rows) is not int or not 0 <= rows <= (len(raw) - at) // _BEAT_BYTES:
        raise _damaged()
    gaps = np.frombuffer(raw, "<i8", rows, at)
    if rows and (int(gaps.min()) < 0 or int(gaps.max()) >= _LAST_INDEX):
        raise _damaged()
    planes = [np.frombuffer(raw, np.uint8, rows, at + (8 + n) * rows).copy() for n in range(len(PLANES))]
    change = BeatChange(lead, np.cumsum(gaps, dtype=np.int64), *planes)
    if not sound(change):
        raise _damaged()
    return change, at + _BEAT_BYTES * rows


def _run_bytes(change: VoxelChange) -> list[bytes]:
    gaps = np.diff(change.starts, prepend=0)
    _check_runs(gaps, change.lengths)
    planes = [getattr(change, name) for name in _PLANES]
    if any(plane.shape != gaps.shape or plane.dtype != np.uint8 for plane in planes):
        raise _damaged()
    return [gaps.astype("<i8").tobytes(), change.lengths.astype("<i8").tobytes(), *(plane.tobytes() for plane in planes)]


def _runs_from(item: Mapping[str, Any], raw: bytes, at: int) -> tuple[VoxelChange, int]:
    group, runs = item["group"], item["runs"]
    if not isinstance(group, str) or type(runs) is not int or not 0 <= runs <= (len(raw) - at) // _RUN_BYTES:
        raise _damaged()
    gaps, lengths = (np.frombuffer(raw, "<i8", runs, at + n * 8 * runs).astype(np.int64) for n in (0, 1))
    _check_runs(gaps, lengths)
    planes = [np.frombuffer(raw, np.uint8, runs, at + (16 + n) * runs).copy() for n in range(len(_PLANES))]
    return VoxelChange(group, np.cumsum(gaps), lengths, *planes), at + _RUN_BYTES * runs


def _check_runs(gaps: Array, lengths: Array) -> None:
    if gaps.shape != lengths.shape or gaps.ndim != 1:
        raise _damaged()
    if gaps.size == 0:
        return
    in_range = gaps[0] >= 0 and lengths.min() >= 1 and gaps.max() < _LAST_INDEX and lengths.max() <= _LAST_INDEX
    if not in_range or bool((gaps[1:] < lengths[:-1]).any()) or int(gaps.sum() + lengths[-1]) > _LAST_INDEX:
        raise _damaged()


def _damaged() -> GraticuleError:
    return GraticuleError("A stored act is damaged and cannot be undone or redone.", "Run “graticule verify” on this store.")
