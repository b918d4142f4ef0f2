"""NIfTI label maps, one file per group, with a table of the segments beside them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import SimpleITK

from graticule.domain.case import Case
from graticule.domain.codes import Ontology
from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Grid
from graticule.domain.labels import Labels
from graticule.domain.volume import Volume
from graticule.formats.export.even_grid import even_grid
from graticule.formats.export.exported import Check, Exported, differs, stem_of
from graticule.formats.export.segment_rows import uid_of
from graticule.formats.family import Content
from graticule.formats.volumes.nifti import RAS_TO_LPS

FORMAT = "nifti"
_TOLERANCE_MM = 0.01  # NIfTI keeps its affine in 32-bit floats
_SCANNER = 1


@dataclass(frozen=True, slots=True)
class NiftiExporter:
    format: str = FORMAT

    def export(self, case: Case, content: Content, labels: Labels, ontology: Ontology, out: Path) -> Sequence[Exported]:
        if not isinstance(content, Volume):
            raise GraticuleError("Only voxels can be exported as NIfTI, and this case has none.",
                                 "Choose another format for this case.")
        grid = even_grid(content.grid, "NIfTI")
        names = sorted(name for name, group in labels.groups.items() if int(group.counts[1:].sum()))
        if not names:
            raise GraticuleError("There are no painted segments to export.")
        stem = stem_of(case)
        exported = []
        for number, name in enumerate(names, 1):
            path = out / f"{stem}_labels{number}.nii.gz"
            exported.append(_write(path, labels.groups[name].values, grid))
        return [*exported, _table(out / f"{stem}_labels.json", labels, ontology, names)]


def _write(path: Path, values: Array, grid: Grid) -> Exported:
    affine = RAS_TO_LPS @ grid.affine  # the same matrix turns LPS into RAS
    image = nibabel.Nifti1Image(np.ascontiguousarray(values.transpose(2, 1, 0)), affine)
    image.header.set_xyzt_units("mm")
    image.header.set_sform(affine, _SCANNER if grid.oriented else 0)
    image.header.set_qform(affine, _SCANNER if grid.oriented and not _sheared(grid) else 0)
    nibabel.save(image, path)
    return Exported(path, FORMAT, (_checked_by_nibabel(path, values, grid), _checked_by_simpleitk(path, values, grid)))


def _sheared(grid: Grid) -> bool:
    axes = grid.direction
    return bool(np.abs(axes.T @ axes - np.eye(3)).max() > 1e-4)


def _checked_by_nibabel(path: Path, values: Array, grid: Grid) -> Check:
    image = nibabel.load(path)
    if not np.array_equal(np.asarray(image.dataobj).transpose(2, 1, 0), values):
        raise differs(path, "nibabel", "has other voxels")
    if not Grid(grid.shape, RAS_TO_LPS @ image.header.get_sform(), grid.oriented).same_as(grid, _TOLERANCE_MM):
        raise differs(path, "nibabel", "lies elsewhere in the patient")
    return Check("nibabel", f"equal: {int(np.count_nonzero(values))} voxels")


def _checked_by_simpleitk(path: Path, values: Array, grid: Grid) -> Check:
    """ITK refuses axes that are not at right angles (a tilted gantry): then only nibabel has checked, and it says so."""
    if _sheared(grid) or not grid.oriented:
        return Check("SimpleITK", "not comparable: it cannot hold this geometry")
    try:
        image = SimpleITK.ReadImage(str(path))
    except RuntimeError:
        return Check("SimpleITK", "not comparable: it cannot hold this geometry")
    if not np.array_equal(SimpleITK.GetArrayViewFromImage(image), values):
        raise differs(path, "SimpleITK", "has other voxels")
    far = [n - 1 for n in grid.shape[::-1]]
    for corner in ([0, 0, 0], far, [far[0], 0, 0], [0, far[1], 0], [0, 0, far[2]]):
        if np.abs(np.array(image.TransformIndexToPhysicalPoint(corner)) - grid.to_patient(corner)).max() > 0.05:
            raise differs(path, "SimpleITK", "lies elsewhere in the patient")
    return Check("SimpleITK", f"equal: {int(np.count_nonzero(values))} voxels, corners within 0.05 mm")


def _table(path: Path, labels: Labels, ontology: Ontology, names: Sequence[str]) -> Exported:
    """Which number of which file is which structure."""
    rows = [_row(segment, labels, ontology, names) for segment in labels.of(Segment) if segment.group in names]
    path.write_text(json.dumps({"segments": rows}, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    if json.loads(path.read_text(encoding="utf-8")) != {"segments": rows}:
        raise differs(path, "json", "has other segments")
    return Exported(path, FORMAT, (Check("json", f"equal: {len(rows)} segments"),))


def _row(segment: Segment, labels: Labels, ontology: Ontology, names: Sequence[str]) -> dict[str, Any]:
    return {"file": names.index(segment.group) + 1, "value": segment.value, "name": segment.name or ontology.label(segment.type),
            "category": segment.category.as_json(), "type": segment.type.as_json(), "voxels": labels.voxels_of(segment),
            "number": segment.number, "colour": segment.colour, "tracking_uid": uid_of("segment", segment.id),
            **{name: code.as_json() for name in ("modifier", "region", "laterality") if (code := getattr(segment, name))}}


EXPORTER = NiftiExporter()
