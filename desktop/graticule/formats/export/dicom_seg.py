"""DICOM Segmentation, binary: all segments in one file, also those that overlap; written by frames and read back by others."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from graticule.domain.case import Case
from graticule.domain.codes import Ontology
from graticule.domain.labels import Labels
from graticule.formats.export.dicom_sources import sources_of_case
from graticule.formats.export.exported import Exported, stem_of
from graticule.formats.export.seg_checks import checked_seg
from graticule.formats.export.seg_writer import BINARY, write_seg
from graticule.formats.export.segment_rows import possible_left_out, rows_of
from graticule.formats.family import Content

FORMAT = "dicom-seg"


@dataclass(frozen=True, slots=True)
class DicomSegExporter:
    format: str = FORMAT

    def export(self, case: Case, content: Content, labels: Labels, ontology: Ontology, out: Path) -> Sequence[Exported]:
        sources, rows = sources_of_case(case, content), rows_of(labels, ontology)
        path = out / f"{stem_of(case)}_seg.dcm"
        write_seg(path, BINARY, rows, sources, ontology)
        checks = (*checked_seg(path, case, content, rows), *possible_left_out(rows, "a binary segmentation"))
        return [Exported(path, FORMAT, checks)]


EXPORTER = DicomSegExporter()
