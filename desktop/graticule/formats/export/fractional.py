"""DICOM Segmentation, fractional: how much of each voxel a segment occupies.

A segment without a possible boundary beside its sure one occupies a voxel wholly or not at all: 0 or 255, and the report says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from graticule.domain.case import Case
from graticule.domain.codes import Ontology
from graticule.domain.labels import Labels
from graticule.formats.export.dicom_sources import sources_of_case
from graticule.formats.export.exported import Check, Exported, stem_of
from graticule.formats.export.seg_checks import checked_seg
from graticule.formats.export.seg_writer import FRACTIONAL, write_seg
from graticule.formats.export.segment_rows import rows_of
from graticule.formats.family import Content

FORMAT = "dicom-fractional"


@dataclass(frozen=True, slots=True)
class FractionalExporter:
    format: str = FORMAT

    def export(self, case: Case, content: Content, labels: Labels, ontology: Ontology, out: Path) -> Sequence[Exported]:
        sources, rows = sources_of_case(case, content), rows_of(labels, ontology)
        path = out / f"{stem_of(case)}_fractional.dcm"
        write_seg(path, FRACTIONAL, rows, sources, ontology)
        said = Check("Graticule", "no segment has a possible boundary: occupancy is 0 or 255 everywhere")
        return [Exported(path, FORMAT, (*checked_seg(path, case, content, rows), said))]


EXPORTER = FractionalExporter()
