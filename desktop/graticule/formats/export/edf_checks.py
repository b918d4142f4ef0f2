"""An exported EDF+ file read back: by edfio, which shares no code with ours, and by our own reader as labels."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from graticule.domain.geometry import Array
from graticule.domain.labels import Labels
from graticule.domain.recording import Recording
from graticule.formats.ecg.edf_labels import edf_elements
from graticule.formats.ecg.edf_record import read_edf
from graticule.formats.ecg.stated import Stated
from graticule.formats.export.dicom_ecg_checks import Ids
from graticule.formats.export.ecg_same import same_statements
from graticule.formats.export.edf_samples import EdfShape, block_of
from graticule.formats.export.edf_tal import Note
from graticule.formats.export.exported import NOT_HERE, Check, differs

_NEAR_S = 1e-6


def check_edf(path: Path, recording: Recording, shape: EdfShape | None, notes: Sequence[Note],
              labels: Labels) -> tuple[Check, ...]:
    """GraticuleError, and the file removed, when a reader finds anything else."""
    samples = f", {len(recording.leads)} leads × {recording.ticks} samples" if shape is not None else ""
    what = f"{len(notes)} annotations{samples}"
    own = recording if shape is None else read_edf(path, Stated())
    if own.rate != recording.rate or own.ticks < recording.ticks:
        raise differs(path, "Graticule", "has another length or rate")
    if (fault := same_statements(labels, edf_elements(path, recording, Ids()))) is not None:
        raise differs(path, "Graticule", fault)
    checks = (_by_edfio(path, recording, shape, notes, what), Check("graticule", f"equal: {what}"))
    return checks if shape is not None else (*checks, Check("graticule", "without the samples, which EDF+ cannot hold exactly"))


def _by_edfio(path: Path, recording: Recording, shape: EdfShape | None, notes: Sequence[Note], what: str) -> Check:
    try:
        import edfio
    except ImportError:
        return Check("edfio", NOT_HERE)
    file = edfio.read_edf(path)
    found = sorted((one.text, one.onset, -1.0 if one.duration is None else one.duration) for one in file.annotations)
    wanted = sorted((note.text, *_times(note, recording.rate)) for note in notes)
    same_words = [row[0] for row in found] == [row[0] for row in wanted]
    times = [np.array([row[1:] for row in rows], np.float64) for rows in (found, wanted)]
    if not same_words or not np.allclose(times[0], times[1], rtol=0, atol=_NEAR_S):
        raise differs(path, "edfio", "has other annotations")
    if shape is not None:
        _compare_samples(path, file, recording, shape)
    return Check("edfio", f"equal: {what}", proves=True)


def _times(note: Note, rate: Fraction) -> tuple[float, float]:
    return float(note.start / rate), -1.0 if note.end is None else float((note.end - note.start) / rate)


def _compare_samples(path: Path, file: Any, recording: Recording, shape: EdfShape) -> None:
    for lead, limits, signal in zip(recording.leads, shape.limits, file.signals, strict=True):
        if not np.array_equal(signal.digital, _written(lead, shape)):
            raise differs(path, "edfio", f"has other samples in {lead.name}")
        first, last = limits.digital
        low, high = signal.physical_min, signal.physical_max
        scale = {"uV": 1000.0}.get(limits.unit, 1.0) if lead.unit == "mV" else 1.0
        wanted = [(value - lead.baseline) / lead.gain * scale for value in (first, last)]
        tolerance = 1e-9 if limits.exact else 1e-4
        if not np.allclose([low, high], wanted, rtol=tolerance, atol=tolerance):
            raise differs(path, "edfio", f"has another scale in {lead.name}")


def _written(lead: Any, shape: EdfShape) -> Array:
    return np.concatenate([block_of(lead, shape, number) for number in range(shape.blocks)])
