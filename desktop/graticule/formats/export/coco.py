"""COCO instances: every segment on every slice, and every outlined area of a picture, as a run-length mask with its box."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from graticule.domain.case import Case
from graticule.domain.codes import Code, Ontology
from graticule.domain.elements import Region, Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.labels import Labels
from graticule.domain.picture import Picture
from graticule.domain.volume import Volume
from graticule.formats.export.coded import dicom_code
from graticule.formats.export.exported import NOT_HERE, Check, Exported, differs, stem_of
from graticule.formats.export.segment_rows import possible_left_out, rows_of
from graticule.formats.family import Content
from graticule.imaging.inside import pixels_inside
from graticule.imaging.lengths import from_stored
from graticule.imaging.measure import frame_of
from graticule.imaging.shapes import AREAS

FORMAT = "coco"


@dataclass(frozen=True, eq=False, slots=True)
class _Object:
    """One instance on one image, numbered from 0. plane: (row, column) bool."""

    image: int
    name: str
    code: Code | None
    plane: Array
    more: dict[str, Any]


@dataclass(frozen=True, slots=True)
class CocoExporter:
    format: str = FORMAT

    def export(self, case: Case, content: Content, labels: Labels, ontology: Ontology, out: Path) -> Sequence[Exported]:
        if isinstance(content, Volume):
            found = list(_on_slices(labels, ontology))
        elif isinstance(content, Picture):
            found = list(_on_picture(content, labels, ontology))
        else:
            raise GraticuleError("Only images can be exported as COCO, and this case is none.", "Choose WFDB for an ECG.")
        if not found:
            raise GraticuleError("There are no painted segments and no outlined areas to export.")
        path = out / f"{stem_of(case)}_coco.json"
        path.write_text(json.dumps(_document(case, found, ontology), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        soft = possible_left_out(rows_of(labels, ontology), "COCO") if labels.of(Segment) and _painted(labels) else ()
        return [Exported(path, FORMAT, (_checked(path, found), _by_pycocotools(path, found), *soft))]


def _on_slices(labels: Labels, ontology: Ontology) -> Iterator[_Object]:
    for row in rows_of(labels, ontology):
        for k in range(row.box[0].start, row.box[0].stop):
            plane = row.values[k] == row.segment.value
            if plane.any():
                yield _Object(k, row.name, row.segment.type, plane, {"segment": row.segment.id, "instance": row.segment.number})


def _on_picture(picture: Picture, labels: Labels, ontology: Ontology) -> Iterator[_Object]:
    if _painted(labels):
        yield from _on_slices(labels, ontology)
    for region in labels.of(Region):
        if region.shape not in AREAS or region.space != "image" or len(region.points) < 2:
            continue
        points = from_stored(region.points)
        plane = np.zeros((picture.rows, picture.columns), bool)
        plane[pixels_inside((picture.rows, picture.columns), region.shape, points)] = True
        if plane.any():
            name = ontology.label(region.code) if region.code else region.shape
            yield _Object(frame_of(points), name, region.code, plane, {"region": region.id, "instance": region.number})


def _painted(labels: Labels) -> bool:
    return any(labels.voxels_of(segment) for segment in labels.of(Segment) if labels.sure_of(segment) is None)


def _document(case: Case, found: Sequence[_Object], ontology: Ontology) -> dict[str, Any]:
    names = list(dict.fromkeys((one.name, one.code) for one in found))
    images = sorted({one.image for one in found})
    rows, columns = found[0].plane.shape
    return {
        "info": {"description": "Made by Graticule", "version": "1", "case": case.id}, "licenses": [],
        "images": [{"id": number + 1, "file_name": f"{stem_of(case)}_{number:04d}", "height": rows, "width": columns,
                    "slice": number, **_source(case, number)} for number in images],
        "categories": [{"id": n, "name": name, "supercategory": "", **_code(code, ontology)}
                       for n, (name, code) in enumerate(names, 1)],
        "annotations": [{"id": n, "image_id": one.image + 1, "category_id": names.index((one.name, one.code)) + 1, "iscrowd": 1,
                         "area": int(np.count_nonzero(one.plane)), "bbox": _box(one.plane),
                         "segmentation": {"size": [rows, columns], "counts": runs(one.plane)}, **one.more}
                        for n, one in enumerate(found, 1)]}


def _source(case: Case, number: int) -> dict[str, Any]:
    slices = case.facts.get("slices", ())
    if number >= len(slices):
        return {}
    return {"sop_instance_uid": case.sources[slices[number][0]].object_id, "frame": int(slices[number][1]) + 1}


def _code(code: Code | None, ontology: Ontology) -> dict[str, Any]:
    return {"code": list(dicom_code(code, ontology)[:2][::-1])} if code else {}


def _box(plane: Array) -> list[int]:
    """[left, top, width, height] in pixels."""
    rows, columns = (np.flatnonzero(plane.any(axis=axis)) for axis in (1, 0))
    return [int(columns[0]), int(rows[0]), int(columns[-1] - columns[0]) + 1, int(rows[-1] - rows[0]) + 1]


def runs(plane: Array) -> list[int]:
    """COCO's uncompressed run lengths: down the columns, beginning with the zeros."""
    flat = plane.T.reshape(-1)
    ends = np.flatnonzero(np.diff(flat.view(np.int8))) + 1
    counts = np.diff(np.concatenate([[0], ends, [flat.size]])).tolist()
    return [0, *counts] if flat[0] else counts


def _checked(path: Path, found: Sequence[_Object]) -> Check:
    document = json.loads(path.read_text(encoding="utf-8"))
    for one, row in zip(found, document["annotations"], strict=True):
        again = np.zeros(one.plane.size, bool)
        ends = np.cumsum(row["segmentation"]["counts"]).tolist()
        for start, stop in list(pairwise(ends))[::2]:
            again[start:stop] = True
        if not np.array_equal(again.reshape(one.plane.T.shape).T, one.plane):
            raise differs(path, "json", "has other pixels")
    return Check("json", f"equal: {len(found)} masks, {sum(int(one.plane.sum()) for one in found)} pixels")


def _by_pycocotools(path: Path, found: Sequence[_Object]) -> Check:
    """COCO's own library decodes every mask, finds its box and counts its pixels."""
    try:
        from pycocotools import mask as coco
    except ImportError:
        return Check("pycocotools", NOT_HERE)
    for one, row in zip(found, json.loads(path.read_text(encoding="utf-8"))["annotations"], strict=True):
        size = row["segmentation"]["size"]
        packed = coco.frPyObjects(row["segmentation"], *size)
        same = np.array_equal(coco.decode(packed) != 0, one.plane) and int(coco.area(packed)) == row["area"]
        if not same or not np.array_equal(coco.toBbox(packed), row["bbox"]):
            raise differs(path, "pycocotools", "has other pixels")
    return Check("pycocotools", f"equal: {len(found)} masks, {sum(int(one.plane.sum()) for one in found)} pixels", proves=True)


EXPORTER = CocoExporter()
