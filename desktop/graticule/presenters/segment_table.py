"""The figures of one segment, or of all, as text for a report and as a table for other programs."""

from collections.abc import Sequence

from graticule.domain.elements import Segment
from graticule.presenters.number_words import csv_of, csv_row, text_of
from graticule.presenters.segment_figures import Figures
from graticule.presenters.segment_numbers import NumbersDesk
from graticule.presenters.segments import SegmentsPresenter


class SegmentTable:
    """Of what the desk knows; a segment that was not measured yet stands with its name and nothing else."""

    def __init__(self, desk: NumbersDesk, segments: SegmentsPresenter) -> None:
        self._desk = desk
        self._segments = segments

    def text(self, segment_id: str) -> str:
        row, figures = self._segments.row(segment_id), self._desk.of(segment_id)
        if row is None or figures is None:
            return ""
        return text_of(self._segments.segment(segment_id), row.name, figures, flat=self._desk.flat, length=self._desk.length)

    def csv(self, ids: Sequence[str] | None = None) -> str:
        """With its heads; None: every segment."""
        rows = [row for row in self._segments.rows() if ids is None or row.id in ids]
        return csv_of(csv_row(segment, row.name, self._group(segment), row.status, self._desk.of(row.id) or Figures())
                      for row in rows for segment in (self._segments.segment(row.id),))

    def _group(self, segment: Segment) -> str:
        return self._segments.groups.name(segment.group) or segment.group
