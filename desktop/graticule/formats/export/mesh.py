"""Surfaces of the segments as files for other programs: STL (one file each), OBJ and glTF (all in one)."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from graticule.domain.case import Case
from graticule.domain.codes import Ontology
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Grid
from graticule.domain.labels import Labels
from graticule.domain.volume import Volume
from graticule.formats.export.exported import NOT_HERE, Check, Exported, differs, stem_of
from graticule.formats.export.mesh_files import (
    NamedMesh,
    Reader,
    Writer,
    read_gltf,
    read_obj,
    read_stl,
    write_gltf,
    write_obj,
    write_stl,
)
from graticule.formats.export.segment_rows import SegmentRow, rows_of
from graticule.formats.export.surface_reader import SurfaceReader
from graticule.formats.family import Content
from graticule.imaging.mesh import mesh_of

# 32-bit floats and five decimals: what a re-read volume may differ by, as a share.
_ROUNDING = 1e-4
# How far a corner may lie from where it was written.
_NEAR_MM = 1e-3


@dataclass(frozen=True, slots=True)
class MeshExporter:
    """apart: one file for each segment, since the format knows no names. second: another library's reader of such files."""

    format: str
    suffix: str
    write: Writer
    read: Reader
    apart: bool = False
    second: SurfaceReader | None = None

    def export(self, case: Case, content: Content, labels: Labels, ontology: Ontology, out: Path) -> Sequence[Exported]:
        if not isinstance(content, Volume):
            raise GraticuleError("Only voxels have a surface, and this case has none.", "Choose another format for this case.")
        rows = rows_of(labels, ontology)
        parts = [_part(row, content.grid) for row in rows]
        stem = stem_of(case)
        if not self.apart:
            return [self._made(out / f"{stem}_surfaces{self.suffix}", rows, parts, content.grid)]
        return [self._made(out / f"{stem}_surface{row.number}{self.suffix}", [row], [part], content.grid)
                for row, part in zip(rows, parts, strict=True)]

    def _made(self, path: Path, rows: Sequence[SegmentRow], parts: Sequence[NamedMesh], grid: Grid) -> Exported:
        self.write(path, parts)
        found = self.read(path)
        if len(found) != len(parts):
            raise differs(path, "Graticule", "has another number of surfaces")
        checks = []
        for row, part, again in zip(rows, parts, found, strict=True):
            wanted, voxels = part.mesh.ml, float(np.count_nonzero(row.mask, axis=(1, 2)) @ grid.slice_ml)
            if abs(again.ml - wanted) > max(_ROUNDING * abs(wanted), 1e-6) or len(again.triangles) != len(part.mesh.triangles):
                raise differs(path, "Graticule", f"surface {row.number} encloses another volume")
            shut = "closed" if part.mesh.closed else "not closed"
            checks.append(Check("Graticule", f"{row.name}: {shut}, {len(again.triangles)} triangles, {again.ml:.3f} ml; "
                                             f"the voxels are {voxels:.3f} ml"))
        return Exported(path, self.format, (*checks, self._by_another(path, parts)))

    def _by_another(self, path: Path, parts: Sequence[NamedMesh]) -> Check:
        """Every triangle's corners at their places in the patient, as the second library has them."""
        if self.second is None:
            return Check("VTK", NOT_HERE)
        wanted, found = np.concatenate([part.mesh.points[part.mesh.triangles] for part in parts]), self.second(path)
        if wanted.shape != found.shape or float(np.abs(wanted - found).max(initial=0)) > _NEAR_MM:
            raise differs(path, "VTK", "has other triangles")
        return Check("VTK", f"equal: {len(wanted)} triangles, corners within {_NEAR_MM} mm", proves=True)


def _part(row: SegmentRow, grid: Grid) -> NamedMesh:
    corner = (row.box[0].start, row.box[1].start, row.box[2].start)
    mesh = mesh_of(row.values[row.box] == row.segment.value, corner, grid)
    digits = row.segment.colour.removeprefix("#")
    red, green, blue = (int(digits[n:n + 2], 16) / 255 for n in (0, 2, 4)) if len(digits) == 6 else (0.5, 0.5, 0.5)
    return NamedMesh(row.name, (red, green, blue), mesh)


STL = MeshExporter("stl", ".stl", write_stl, read_stl, apart=True)
OBJ = MeshExporter("obj", ".obj", write_obj, read_obj)
GLTF = MeshExporter("gltf", ".glb", write_gltf, read_gltf)
KINDS = {kind.format: kind for kind in (STL, OBJ, GLTF)}
