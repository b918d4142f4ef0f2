"""DICOM Label Map Segmentation: one file per group, since a voxel of a label map carries one segment."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from graticule.domain.case import Case
from graticule.domain.codes import Ontology
from graticule.domain.labels import Labels
from graticule.formats.export.dicom_sources import sources_of_case
from graticule.formats.export.exported import Exported, stem_of
from graticule.formats.export.seg_checks import checked_seg
from graticule.formats.export.seg_writer import LABELMAP, write_seg
from graticule.formats.export.segment_rows import groups_of, possible_left_out, rows_of
from graticule.formats.family import Content

FORMAT = "dicom-labelmap"


@dataclass(frozen=True, slots=True)
class LabelMapExporter:
    format: str = FORMAT

    def export(self, case: Case, content: Content, labels: Labels, ontology: Ontology, out: Path) -> Sequence[Exported]:
        sources, groups = sources_of_case(case, content), groups_of(rows_of(labels, ontology))
        written = []
        for number, group in enumerate(groups, 1):
            rows = rows_of(labels, ontology, group)
            path = out / f"{stem_of(case)}_labelmap{number}.dcm"
            write_seg(path, LABELMAP, rows, sources, ontology)
            checks = (*checked_seg(path, case, content, rows), *possible_left_out(rows, "a label map"))
            written.append(Exported(path, FORMAT, checks))
        return written


EXPORTER = LabelMapExporter()
