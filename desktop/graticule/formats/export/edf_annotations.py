"""EDF+: the samples as they are where 16 bits hold them, beats and episodes as time-stamped annotation lists (TAL).

Source: EDF+ specification, 2.1.3 and 2.2. Text: a beat is its WFDB symbol, an episode our slug, "@@lead" behind what holds for
one lead alone. Where samples do not fit, the file holds annotations alone, which EDF+ allows.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from graticule.domain.case import Case
from graticule.domain.codes import Ontology
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Labels
from graticule.domain.recording import Recording
from graticule.formats.export.ecg_statements import beat_rows, episodes_to_write
from graticule.formats.export.edf_checks import check_edf
from graticule.formats.export.edf_samples import EdfShape, shape_for
from graticule.formats.export.edf_tal import Note
from graticule.formats.export.edf_writer import write_edf
from graticule.formats.export.exported import Exported, stem_of
from graticule.formats.family import Content

FORMAT = "edf"


@dataclass(frozen=True, slots=True)
class EdfExporter:
    format: str = FORMAT

    def export(self, case: Case, content: Content, labels: Labels, ontology: Ontology, out: Path) -> Sequence[Exported]:
        if not isinstance(content, Recording):
            raise GraticuleError("Only an ECG can be exported as EDF+.", "Choose another format for this case.")
        shape = shape_for(content)
        notes = [*_beats(labels), *_episodes(labels), *(_gaps(content, shape) if shape is not None else ())]
        notes.sort(key=lambda note: (note.start, note.end or note.start, note.text))
        path = out / f"{stem_of(case)}_ecg.edf"
        write_edf(path, content, shape, notes)
        return [Exported(path, FORMAT, check_edf(path, content, shape, notes, labels))]


EXPORTER = EdfExporter()


def _beats(labels: Labels) -> Iterator[Note]:
    for lead, symbol, _, ticks in beat_rows(labels):
        text = f"{symbol}@@{lead}" if lead else symbol
        yield from (Note(tick, None, text) for tick in ticks.tolist())


def _episodes(labels: Labels) -> Iterator[Note]:
    for one in episodes_to_write(labels):
        yield Note(one.start, one.end, f"{one.code.code}@@{one.lead}" if one.lead else one.code.code)


def _gaps(recording: Recording, shape: EdfShape) -> Iterable[Note]:
    """EDF has no sample for "no signal": where there is none, a note says so. So does one where the record ends before its
    last block does."""
    for lead in recording.leads:
        if lead.invalid is None:
            continue
        gap = np.concatenate([[False], np.asarray(lead.digital[:]) == lead.invalid, [False]])
        edges = np.flatnonzero(np.diff(gap.astype(np.int8)))
        for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            yield Note(first * lead.step, min(recording.ticks, last * lead.step), f"No signal@@{lead.name}")
    if shape.ticks > recording.ticks:
        yield Note(recording.ticks, None, "Recording ends")
