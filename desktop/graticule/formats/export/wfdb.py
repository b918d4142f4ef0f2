"""WFDB: the signals as they are (.hea, .dat), beats and rhythm changes (.atr), and in a JSON beside it what .atr cannot hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from importlib.metadata import version
from pathlib import Path

import numpy as np

from graticule.domain.case import Case
from graticule.domain.codes import Ontology
from graticule.domain.elements import Answer, Beat, Element, Episode
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Labels
from graticule.domain.recording import Lead, Recording
from graticule.formats.ecg.atr import BEATS, RHYTHM, Annotations, Mark, decode, encode
from graticule.formats.ecg.atr_reader import WFDB_SCHEME
from graticule.formats.ecg.record import read_record
from graticule.formats.ecg.rhythm_strings import UNLABELLED, is_exact, string_of
from graticule.formats.ecg.sidecar import read_sidecar, sidecar_path, write_sidecar
from graticule.formats.ecg.wfdb_writer import record_name, ticks_per_frame, write_record
from graticule.formats.export.exported import Check, Exported, differs, stem_of
from graticule.formats.family import Content

FORMAT = "wfdb"
# When several tracks speak at once, WFDB's single rhythm says the first of these that does.
TRACKS = ("conduction", "pacing", "rhythm")


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
    sidecar = write_sidecar(atr, content, elements, says)
    checks = _read_back(content, marks, elements, header, paths)
    return [Exported(path, FORMAT, checks) for path in (header, signal, atr, sidecar)]


@dataclass(frozen=True, slots=True)
class WfdbExporter:
    format: str = FORMAT

    def export(self, case: Case, content: Content, labels: Labels, ontology: Ontology, out: Path) -> Sequence[Exported]:
        return export_wfdb(case, content, labels, ontology, out)


EXPORTER = WfdbExporter()


def annotations_of(recording: Recording, labels: Labels) -> tuple[list[Mark], list[str]]:
    """(marks in order of time with `sample` in ticks, sentences on what they cannot say)."""
    channels = {lead.name: number for number, lead in enumerate(recording.leads)}
    beats = [Mark(b.tick, b.symbol if b.symbol in BEATS else "Q", channel=channels.get(b.lead or "", 0)) for b in labels.of(Beat)]
    episodes = [e for e in labels.of(Episode) if e.track in TRACKS and e.lead is None]
    marks = [*_rhythm_changes(episodes, recording.ticks), *beats]
    marks.sort(key=lambda mark: (mark.sample, mark.channel, mark.symbol != RHYTHM))
    return marks, _losses(recording, labels, episodes)


def _rhythm_changes(episodes: list[Episode], ticks: int) -> list[Mark]:
    """WFDB's one rhythm: at every start and end, what holds from there on, unless it held before."""
    marks: list[Mark] = []
    for tick in sorted({at for e in episodes for at in (e.start, e.end) if at < ticks}):
        holding = sorted((e for e in episodes if e.start <= tick < e.end), key=lambda e: TRACKS.index(e.track))
        text = _string(next((e for e in holding if e.code.code != "av_normal"), holding[0] if holding else None))
        if not marks or marks[-1].aux != text:
            marks.append(Mark(tick, RHYTHM, aux=text))
    return marks


def _string(episode: Episode | None) -> str:
    if episode is None:
        return UNLABELLED
    return episode.code.code if episode.code.scheme == WFDB_SCHEME else string_of(episode.code.code)


def _kept(labels: Labels) -> list[Element]:
    """What the sidecar holds: all but free notes, which may name the patient."""
    return sorted((e for e in labels.all() if isinstance(e, Beat | Episode | Answer)), key=lambda e: (e.KIND, e.id))


def _losses(recording: Recording, labels: Labels, written: list[Episode]) -> list[str]:
    says = []
    vague = sorted({e.code.code for e in written if e.code.scheme != WFDB_SCHEME and not is_exact(e.code.code)})
    if vague:
        says.append(f"The .atr has no string of its own for {', '.join(vague)}; the exact codes are in this file.")
    if any(a.start < b.end and b.start < a.end for i, a in enumerate(written) for b in written[i + 1:]):
        says.append("The .atr holds one rhythm at a time; episodes that overlap on several tracks are whole in this file.")
    if len(written) < len(labels.of(Episode)):
        says.append("Episodes of single leads and of further tracks are only in this file.")
    if any(b.symbol not in BEATS for b in labels.of(Beat)):
        says.append("Beats without a WFDB symbol are written as Q.")
    if any(lead.baseline != round(lead.baseline) for lead in recording.leads):
        says.append("The header holds whole baselines only; the exact ones are in this file.")
    return says


def _refuse_own_files(case: Case, paths: Sequence[Path]) -> None:
    own = {Path(source.path).resolve() for source in case.sources}
    if any(path.resolve() in own for path in paths):
        raise GraticuleError("The export would overwrite the recording itself.", "Choose another folder.")


def _read_back(recording: Recording, marks: list[Mark], elements: list[Element], header: Path,
               paths: Sequence[Path]) -> tuple[Check, ...]:
    fault = _own_reading(recording, marks, elements, header) or ""
    by = "graticule"
    if not fault:
        by, fault = "wfdb", _foreign_reading(recording, marks, header) or ""
    if fault:
        for path in paths[1:]:
            path.unlink(missing_ok=True)
        raise differs(header, by, fault)
    said = f"equal: {len(recording.leads)} leads × {recording.ticks} samples, {len(marks)} annotations at the same sample numbers"
    return Check(f"wfdb {_wfdb_version()}", said), Check("graticule", f"{said}; {len(elements)} labels whole with the JSON file")


def _own_reading(recording: Recording, marks: list[Mark], elements: list[Element], header: Path) -> str | None:
    again = read_record(header)
    if again.rate != recording.rate or again.ticks != recording.ticks or again.synthetic != recording.synthetic:
        return "found another length or rate"
    for one, other in zip(recording.leads, again.leads, strict=True):
        if not _same_samples(one, other):
            return f"found other samples in {one.name}"
    atr = header.with_suffix(".atr")
    if list(decode(atr.read_bytes()).marks) != marks:
        return "found other annotations"
    return None if read_sidecar(atr, again) == elements and sidecar_path(atr).is_file() else "found other labels in the JSON file"


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
