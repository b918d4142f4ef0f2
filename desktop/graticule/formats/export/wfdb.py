"""WFDB: the signals as they are (.hea, .dat), beats and rhythm changes (.atr), and in a JSON beside it what .atr cannot hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from importlib.metadata import version
from pathlib import Path

import numpy as np

from graticule.domain.beats import BeatTable
from graticule.domain.case import Case
from graticule.domain.codes import Ontology
from graticule.domain.elements import Answer, Beat, Element, Episode
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Labels
from graticule.domain.recording import Lead, Recording
from graticule.formats.ecg.atr import Annotations, Mark, decode, encode
from graticule.formats.ecg.record import read_record
from graticule.formats.ecg.sidecar import exact_labels, sidecar_path, write_sidecar
from graticule.formats.ecg.wfdb_writer import record_name, ticks_per_frame, write_record
from graticule.formats.export.ecg_atr import annotations_of
from graticule.formats.export.exported import Check, Exported, differs, stem_of
from graticule.formats.family import Content

FORMAT = "wfdb"

def export_wfdb(case: Case, content: Content, labels: Labels, ontology: Ontology, out: Path) -> list[Exported]:
    """Write NAME.hea, .dat, .atr and .graticule.json into the existing folder `out`, read them back twice, and report.

    GraticuleError when the case is no ECG, when a file of the case itself would be overwritten, or when a re-read differs
    (the files are then removed).
    """
    if not isinstance(content, Recording):
        raise GraticuleError("Only an ECG can be exported as WFDB.", "Choose another format for this case.")
    name = record_name(str(case.facts.get("record", ""))) if case.facts.get("record") else f"ecg_{stem_of(case)}"
    paths = [out / f"{name}{suffix}" for suffix in (".hea", ".dat", ".atr", ".graticule.json")]
    _refuse_own_files(case, paths)
    marks, says = annotations_of(content, labels)
    elements = _kept(labels)
    header, signal = write_record(content, out, name, ["Exported by Graticule"])
    atr = paths[2]
    atr.write_bytes(encode(Annotations(tuple(marks), content.rate if ticks_per_frame(content) > 1 else None)))
    sidecar = write_sidecar(atr, content, elements, says, labels.beats)
    checks = _read_back(content, marks, elements, labels, header, paths)
    return [Exported(path, FORMAT, checks) for path in (header, signal, atr, sidecar)]


@dataclass(frozen=True, slots=True)
class WfdbExporter:
    format: str = FORMAT

    def export(self, case: Case, content: Content, labels: Labels, ontology: Ontology, out: Path) -> Sequence[Exported]:
        return export_wfdb(case, content, labels, ontology, out)


EXPORTER = WfdbExporter()


def _kept(labels: Labels) -> list[Element]:
    """What the sidecar holds beside the tables of beats: all but free notes, which may name the patient."""
    return sorted((e for e in labels.all() if isinstance(e, Beat | Episode | Answer)), key=lambda e: (e.KIND, e.id))


def _refuse_own_files(case: Case, paths: Sequence[Path]) -> None:
    own = {Path(source.path).resolve() for source in case.sources}
    if any(path.resolve() in own for path in paths):
        raise GraticuleError("The export would overwrite the recording itself.", "Choose another folder.")


def _read_back(recording: Recording, marks: list[Mark], elements: list[Element], labels: Labels, header: Path,
               paths: Sequence[Path]) -> tuple[Check, ...]:
    fault = _own_reading(recording, marks, elements, labels, header) or ""
    by = "graticule"
    if not fault:
        by, fault = "wfdb", _foreign_reading(recording, marks, header) or ""
    if fault:
        for path in paths[1:]:
            path.unlink(missing_ok=True)
        raise differs(header, by, fault)
    said = f"equal: {len(recording.leads)} leads × {recording.ticks} samples, {len(marks)} annotations at the same sample numbers"
    return (Check(f"wfdb {_wfdb_version()}", said, proves=True),
            Check("graticule", f"{said}; {len(elements)} labels whole with the JSON file"))


def _own_reading(recording: Recording, marks: list[Mark], elements: list[Element], labels: Labels, header: Path) -> str | None:
    again = read_record(header)
    if again.rate != recording.rate or again.ticks != recording.ticks or again.synthetic != recording.synthetic:
        return "found another length or rate"
    for one, other in zip(recording.leads, again.leads, strict=True):
        if not _same_samples(one, other):
            return f"found other samples in {one.name}"
    atr = header.with_suffix(".atr")
    if list(decode(atr.read_bytes()).marks) != marks:
        return "found other annotations"
    exact = exact_labels(atr, again)
    same = exact is not None and list(exact.all()) == elements and _same_tables(exact, labels)
    return None if same and sidecar_path(atr).is_file() else "found other labels in the JSON file"


def _same_tables(one: Labels, other: Labels) -> bool:
    return all(one.beats.get(lead, BeatTable()) == other.beats.get(lead, BeatTable()) for lead in {*one.beats, *other.beats})


def _foreign_reading(recording: Recording, marks: list[Mark], header: Path) -> str | None:
    # Loaded only here: it brings pandas and matplotlib with it, which takes a second.
    import wfdb
    stem = str(header.with_suffix(""))
    record = wfdb.rdrecord(stem, physical=False, smooth_frames=False)
    for number, lead in enumerate(recording.leads):
        stored = np.asarray(record.e_d_signal[number])
        own = lead.digital if lead.invalid is None else np.where(lead.digital == lead.invalid, stored, lead.digital)
        if not np.array_equal(stored, own) or not np.isclose(record.adc_gain[number], lead.gain, rtol=1e-9):
            return f"found other samples or another gain in {lead.name}"
    if not marks:
        return None
    found = wfdb.rdann(stem, "atr")
    clocks = (recording.rate, recording.rate / ticks_per_frame(recording))
    same_clock = found.fs is None or any(abs(Fraction(found.fs) - clock) < Fraction(1, 10**6) for clock in clocks)
    same = (list(map(int, found.sample)) == [m.sample for m in marks] and found.symbol == [m.symbol for m in marks]
            and [aux.rstrip("\0") for aux in found.aux_note] == [m.aux for m in marks])
    return None if same and same_clock else "found other annotations"


def _same_samples(one: Lead, other: Lead) -> bool:
    """Equal digital values and calibration; "no signal" in the same places, whatever number stands for it."""
    gap, gap_again = one.digital == one.invalid, other.digital == other.invalid
    return (one.name == other.name and one.gain == other.gain and round(one.baseline) == other.baseline
            and np.array_equal(gap, gap_again) and np.array_equal(one.digital[~gap], other.digital[~gap]))


def _wfdb_version() -> str:
    return version("wfdb")
