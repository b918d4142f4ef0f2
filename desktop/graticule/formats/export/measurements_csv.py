"""What segments and marks measure, as CSV: one row each, units in the column names."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from graticule.domain.case import Case
from graticule.domain.codes import Code, Ontology
from graticule.domain.elements import Answer, Region
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Labels
from graticule.domain.recording import Recording
from graticule.domain.volume import Volume
from graticule.formats.export.answers import AnswersExporter, safe_cell, write_csv
from graticule.formats.export.coded import dicom_code
from graticule.formats.export.ecg_csv import ecg_tables
from graticule.formats.export.exported import Exported, stem_of
from graticule.formats.export.segment_rows import rows_of
from graticule.formats.family import Content
from graticule.imaging.segment_numbers import numbers_of
from graticule.study.protocol import Protocol

FORMAT = "csv"
COLUMNS = ("case", "kind", "id", "name", "number", "code", "scheme", "voxels", "volume_ml", "surface_mm2", "long_mm", "short_mm",
           "slice", "longest_3d_mm", "mean", "sd", "min", "max", "p5", "p50", "p95", "unit", "value", "value_unit")
_VALUES = ("mean", "sd", "min", "max", "p5", "p50", "p95")


@dataclass(frozen=True, slots=True)
class CsvExporter:
    """A table of measurements and, where questions were answered, one of the answers."""

    protocol: Protocol | None
    format: str = FORMAT

    def export(self, case: Case, content: Content, labels: Labels, ontology: Ontology, out: Path) -> Sequence[Exported]:
        rows = list(_rows(case, content, labels, ontology))
        answered = bool(labels.of(Answer))
        tables = ecg_tables(case, content, labels, ontology, out) if isinstance(content, Recording) else []
        if not rows and not answered and not tables:
            raise GraticuleError("There are no measurements and no answers to export.")
        if answered and self.protocol is None and not rows and not tables:
            raise GraticuleError("The answers cannot be exported without their protocol.",
                                 "Export them from the store they were given in.")
        made: list[Exported] = tables
        if answered and self.protocol is not None:
            made += AnswersExporter(self.protocol).export(case, content, labels, ontology, out)
        if rows:
            table = [[safe_cell(row.get(name, "")) for name in COLUMNS] for row in rows]
            made.append(write_csv(out / f"{stem_of(case)}_measurements.csv", FORMAT, [list(COLUMNS), *table]))
        return made


def _rows(case: Case, content: Content, labels: Labels, ontology: Ontology) -> Iterator[dict[str, str]]:
    if isinstance(content, Volume) and any(int(group.counts[1:].sum()) for group in labels.label_groups().values()):
        yield from _segments(case, content, labels, ontology)
    for region in labels.of(Region):
        figures = {name: str(region.figures[name]) for name in _VALUES if name in region.figures}
        yield {"case": case.id, "kind": region.shape, "id": region.id, "name": region.name, "number": str(region.number),
               **_coded(region.code, ontology), **figures, "long_mm": str(region.figures.get("long", "")),
               "short_mm": str(region.figures.get("short", "")), "value": region.value, "value_unit": region.unit}


def _segments(case: Case, volume: Volume, labels: Labels, ontology: Ontology) -> Iterator[dict[str, str]]:
    for row in rows_of(labels, ontology):
        found = numbers_of(labels.groups[row.segment.group], row.segment.value, volume)
        if found is None:
            continue
        values = found.values.as_text() if found.values else {}
        yield {"case": case.id, "kind": "segment", "id": row.segment.id, "name": row.name, "number": str(row.segment.number),
               **_coded(row.segment.type, ontology), "voxels": str(found.voxels), "volume_ml": f"{found.ml:.4f}",
               "surface_mm2": f"{found.surface_mm2:.2f}", "long_mm": f"{found.recist.long.mm:.2f}",
               "short_mm": f"{found.recist.short.mm:.2f}", "slice": str(found.recist.slice + 1),
               "longest_3d_mm": f"{found.longest.mm:.2f}", "unit": found.unit or "",
               **{name: values[name] for name in _VALUES if name in values}}


def _coded(code: Code | None, ontology: Ontology) -> dict[str, str]:
    if code is None:
        return {}
    value, scheme, _ = dicom_code(code, ontology)
    return {"code": value, "scheme": scheme}
