"""NIfTI label maps, one file per group, with a table of the segments beside them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
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
from graticule.domain.picture import Picture
from graticule.domain.volume import Volume
from graticule.formats.export.even_grid import even_grid
from graticule.formats.export.exported import Check, Exported, differs, stem_of
from graticule.formats.export.picture_grid import MM, picture_grid
from graticule.formats.export.second_tables import json_by_pandas
from graticule.formats.export.segment_rows import groups_of, possible_left_out, rows_of, uid_of
from graticule.formats.family import Content
from graticule.formats.placing import lies
from graticule.formats.volumes.nifti import RAS_TO_LPS, read_nifti

FORMAT = "nifti"
_TOLERANCE_MM = 0.01  # NIfTI keeps its affine in 32-bit floats
_SCANNER = 1


@dataclass(frozen=True, slots=True)
class NiftiExporter:
    format: str = FORMAT

    def export(self, case: Case, content: Content, labels: Labels, ontology: Ontology, out: Path) -> Sequence[Exported]:
        grid, unit = _grid_of(content)
        rows = rows_of(labels, ontology)
        names = groups_of(rows)
        stem = stem_of(case)
        exported = []
        for number, name in enumerate(names, 1):
            path = out / f"{stem}_labels{number}.nii.gz"
            made = _write(path, labels.groups[name].values, grid, unit)
            said = possible_left_out((row for row in rows if row.segment.group == name), "NIfTI")
            exported.append(replace(made, checks=(*made.checks, *said)))
        return [*exported, _table(out / f"{stem}_labels.json", labels, ontology, names)]


def _grid_of(content: Content) -> tuple[Grid, str]:
    if isinstance(content, Picture):
        return picture_grid(content)
    if not isinstance(content, Volume):
        raise GraticuleError("Only voxels can be exported as NIfTI, and this case has none.",
                             "Choose another format for this case.")
    return even_grid(content.grid, "NIfTI"), MM


def _write(path: Path, values: Array, grid: Grid, unit: str) -> Exported:
    affine = RAS_TO_LPS @ grid.affine  # the same matrix turns LPS into RAS
    # Given an affine, nibabel says that it is one of the patient.
    image = nibabel.Nifti1Image(np.ascontiguousarray(values.transpose(2, 1, 0)), affine if grid.oriented else None)
    image.header.set_zooms(grid.spacing_mm[::-1])
    image.header.set_xyzt_units(unit)
    image.header.set_sform(affine, _SCANNER if grid.oriented else 0)
    image.header.set_qform(affine, _SCANNER if grid.oriented and not _sheared(grid) else 0)
    nibabel.save(image, path)
    return Exported(path, FORMAT, (_checked_by_nibabel(path, values, grid), _checked_by_simpleitk(path, values, grid),
                                   _checked_by_own_reader(path, values, grid)))


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
    if _sheared(grid):
        return Check("SimpleITK", "not comparable: it cannot hold this geometry")
    try:
        image = SimpleITK.ReadImage(str(path))
    except RuntimeError:
        return Check("SimpleITK", "not comparable: it cannot hold this geometry")
    if not np.array_equal(SimpleITK.GetArrayViewFromImage(image), values):
        raise differs(path, "SimpleITK", "has other voxels")
    if not grid.oriented:
        return Check("SimpleITK", f"equal: {int(np.count_nonzero(values))} voxels, without a place in the patient", proves=True)
    far = [n - 1 for n in grid.shape[::-1]]
    for corner in ([0, 0, 0], far, [far[0], 0, 0], [0, far[1], 0], [0, 0, far[2]]):
        if np.abs(np.array(image.TransformIndexToPhysicalPoint(corner)) - grid.to_patient(corner)).max() > 0.05:
            raise differs(path, "SimpleITK", "lies elsewhere in the patient")
    return Check("SimpleITK", f"equal: {int(np.count_nonzero(values))} voxels, corners within 0.05 mm", proves=True)


def _checked_by_own_reader(path: Path, values: Array, grid: Grid) -> Check:
    """Our own reader shares no code with nibabel, which wrote the file, and holds tilted stacks, which ITK does not."""
    file = read_nifti(path)
    placing = lies(file.grid, grid, 0.05) if grid.oriented else None
    if grid.oriented and placing is None:
        raise differs(path, "Graticule", "lies elsewhere in the patient")
    found = placing.spread(file.read()) if placing is not None else file.read()
    if placing is not None and not np.array_equal(found, values):
        raise differs(path, "Graticule", "has other voxels")
    where = "on the same grid" if placing is not None else "without a place in the patient"
    return Check("Graticule's own reader", f"equal: {int(np.count_nonzero(found))} voxels {where}", proves=placing is not None)


def _table(path: Path, labels: Labels, ontology: Ontology, names: Sequence[str]) -> Exported:
    """Which number of which file is which structure."""
    rows = [_row(segment, labels, ontology, names) for segment in labels.of(Segment) if segment.group in names]
    path.write_text(json.dumps({"segments": rows}, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    if json.loads(path.read_text(encoding="utf-8")) != {"segments": rows}:
        raise differs(path, "json", "has other segments")
    return Exported(path, FORMAT, (Check("json", f"equal: {len(rows)} segments"), json_by_pandas(path, {"segments": rows})))


def _row(segment: Segment, labels: Labels, ontology: Ontology, names: Sequence[str]) -> dict[str, Any]:
    return {"file": names.index(segment.group) + 1, "value": segment.value, "name": segment.name or ontology.label(segment.type),
            "category": segment.category.as_json(), "type": segment.type.as_json(), "voxels": labels.voxels_of(segment),
            "number": segment.number, "colour": segment.colour, "tracking_uid": uid_of("segment", segment.id),
            **{name: code.as_json() for name in ("modifier", "region", "laterality") if (code := getattr(segment, name))}}


EXPORTER = NiftiExporter()
