"""DICOM Segmentation, fractional (occupancy): all of what is sure, and what is possible by how near it lies to what is sure.

A segment without a possible boundary occupies a voxel wholly or not at all, and the report says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from graticule.domain.case import Case
from graticule.domain.codes import Ontology
from graticule.domain.geometry import Grid
from graticule.domain.labels import Labels
from graticule.domain.volume import Volume
from graticule.formats.export.dicom_sources import sources_of_case
from graticule.formats.export.exported import Check, Exported, stem_of
from graticule.formats.export.seg_checks import checked_seg, checked_shares
from graticule.formats.export.seg_writer import FRACTIONAL, FULL, Shares, write_seg
from graticule.formats.export.segment_rows import SegmentRow, rows_of
from graticule.formats.family import Content
from graticule.imaging.logic import mask_of
from graticule.imaging.soft import SurePossible

FORMAT = "dicom-fractional"


@dataclass(frozen=True, slots=True)
class FractionalExporter:
    format: str = FORMAT

    def export(self, case: Case, content: Content, labels: Labels, ontology: Ontology, out: Path) -> Sequence[Exported]:
        sources, rows = sources_of_case(case, content), rows_of(labels, ontology, soft=True)
        if not isinstance(content, Volume):
            raise TypeError("a segmentation is of a volume")
        shares = {row.number: found for row in rows if (found := _shares(row, labels, content.grid)) is not None}
        path = out / f"{stem_of(case)}_fractional.dcm"
        write_seg(path, FRACTIONAL, rows, sources, ontology, shares)
        checks = checked_shares(path, case, content, rows, shares) if shares else checked_seg(path, case, content, rows)
        return [Exported(path, FORMAT, (*checks, *_said(rows, shares)))]


def _shares(row: SegmentRow, labels: Labels, grid: Grid) -> Shares | None:
    """FULL where sure, falling with the distance to 1 at the possible boundary; None for a segment that has none."""
    if row.possible is None:
        return None
    sure = mask_of(labels.groups[row.segment.group], row.segment.value)
    patch, values = SurePossible.nested(sure, row.possible).fraction(grid)
    return patch.box, values


def _said(rows: Sequence[SegmentRow], shares: Mapping[int, Shares]) -> tuple[Check, ...]:
    if not shares:
        return (Check("Graticule", f"no segment has a possible boundary: occupancy is 0 or {FULL} everywhere"),)
    told = []
    for row in rows:
        if row.number in shares:
            values = shares[row.number][1]
            between = int(np.count_nonzero((values > 0) & (values < FULL)))
            told.append(f"{row.name}: {row.voxels} voxels sure, {between} more possible")
    return (Check("Graticule", "; ".join(told)),)


EXPORTER = FractionalExporter()
