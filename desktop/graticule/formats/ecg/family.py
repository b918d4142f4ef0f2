"""The family of ECG files: WFDB records with their annotations, and DICOM waveforms. Others are refused by name."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from graticule.domain.case import Case, Kind, Source
from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Progress
from graticule.domain.recording import Recording
from graticule.formats.ecg.dicom_waveform import READING as DICOM_READING
from graticule.formats.ecg.dicom_waveform import claims_waveform, gather_waveforms, open_waveform
from graticule.formats.ecg.others import refused_name
from graticule.formats.ecg.record import frames_of, read_header, read_record, signal_files
from graticule.formats.ecg.sidecar import SUFFIX as SIDECAR_SUFFIX
from graticule.formats.family import CASE, LABELS, REFUSED, SKIPPED, Outcome
from graticule.records.ids import case_id

WFDB_READING = "wfdb"
_HEAD_BYTES = 4096
_TRUTH_SUFFIX = ".truth.json"


@dataclass(eq=False)
class EcgOpening:
    """An ECG is read at once: even a day of it takes less than a second."""

    content: Recording

    def fill(self, progress: Progress, on_slice: Callable[[int], None], first: int | None = None) -> None:
        progress.step(1, 1, "leads read")


@dataclass(eq=False)
class _Records:
    """What became of each header, worked out once."""

    outcomes: dict[Path, Outcome] = field(default_factory=dict)
    parts: dict[Path, Path] = field(default_factory=dict)

    def look_at(self, header: Path) -> Outcome:
        if header not in self.outcomes:
            self.outcomes[header] = self._gather(header)
        return self.outcomes[header]

    def _gather(self, header: Path) -> Outcome:
        try:
            parsed = read_header(header)
            self.parts.update({file.path: header for file in signal_files(header, parsed)})
            return Outcome(header, CASE, case=wfdb_case(header))
        except GraticuleError as fault:
            return Outcome(header, REFUSED, reason=str(fault))


class EcgFamily:
    readings = (WFDB_READING, DICOM_READING)

    def claims(self, path: Path, head: bytes) -> bool:
        if claims_waveform(head) or refused_name(head) or path.suffix.lower() in (".hea", ".atr"):
            return True
        return head[128:132] != b"DICM" and (path.suffix.lower() == ".dat" or _header_beside(path).is_file())

    def gather(self, paths: Sequence[Path], progress: Progress) -> Iterable[Outcome]:
        heads = {path: _head(path) for path in paths}
        waveforms = [path for path in paths if claims_waveform(heads[path])]
        yield from gather_waveforms(waveforms, progress)
        records = _Records()
        rest = [path for path in paths if path not in set(waveforms)]
        for header in (path for path in rest if path.suffix.lower() == ".hea"):
            records.look_at(header)
        for done, path in enumerate(rest):
            progress.step(done, len(rest), "ECG files looked at")
            yield _outcome(path, heads[path], records)

    def open(self, case: Case) -> EcgOpening:
        if case.reading == DICOM_READING:
            return EcgOpening(open_waveform(case))
        _check_unchanged(case)
        return EcgOpening(read_record(Path(case.sources[0].path)))


FAMILY = EcgFamily()


def wfdb_case(header: Path) -> Case:
    """The case of a record by its .hea; GraticuleError says why it is none. Every file of it is hashed, none is decoded."""
    parsed = read_header(header)
    files = signal_files(header, parsed)
    frames = frames_of(parsed, files)
    paths = dict.fromkeys([header, *(file.path for file in files)])
    sources = tuple(Source(str(path), _object_id(path), "header" if path == header else "signal") for path in paths)
    ids = [source.object_id for source in sources]
    count, seconds = len(parsed.signals), float(frames / parsed.rate)
    rate = parsed.rate * parsed.ticks_per_frame
    facts = {"record": header.stem, "leads": count, "rate": str(rate), "ticks": frames * parsed.ticks_per_frame,
             "ticks_per_frame": parsed.ticks_per_frame, "match_ids": [_record_id(header)]}
    case = case_id(Kind.ECG, ids)
    title = f"ECG {count}-lead, {_duration(seconds)} · {case.partition(':')[2][:6]}"  # a file's name may hold a patient's
    warnings = ("Synthetic: computed, not recorded from a patient.",) if parsed.synthetic else ()
    return Case(case, Kind.ECG, "ECG", title, WFDB_READING, sources, warnings, facts)


def _outcome(path: Path, head: bytes, records: _Records) -> Outcome:
    other = refused_name(head)
    if other:
        return Outcome(path, REFUSED, reason=f"{other} files are recognised but not read by this version.")
    if path.suffix.lower() == ".hea":
        return records.look_at(path)
    if path.suffix.lower() == ".atr":
        return _annotations(path)
    header = records.parts.get(path, _header_beside(path))
    if not header.is_file():
        return Outcome(path, REFUSED, reason=f"A signal file without its header: {path.stem}.hea is not beside it.")
    found = records.look_at(header)
    if path in records.parts or found.outcome == REFUSED:
        return Outcome(path, found.outcome, case=found.case, reason=found.reason)
    if path.name.endswith((SIDECAR_SUFFIX, _TRUTH_SUFFIX)):
        return Outcome(path, SKIPPED, reason="Read together with the record it lies beside.")
    reason = f"Belongs to the record {header.stem}, but is neither signal nor reference annotation (.atr)."
    return Outcome(path, SKIPPED, reason=reason)


def _annotations(path: Path) -> Outcome:
    """Labels belong to the record of their name; when its header lies beside, to that very record."""
    header = _header_beside(path)
    return Outcome(path, LABELS, labels_reading="atr", match_ids=(_object_id(header) if header.is_file() else _record_id(path),))


def _header_beside(path: Path) -> Path:
    """The header a file would belong to: "100.graticule.json" and "100.dat" to "100.hea"."""
    for suffix in (SIDECAR_SUFFIX, _TRUTH_SUFFIX):
        if path.name.endswith(suffix):
            return path.with_name(path.name.removesuffix(suffix) + ".hea")
    return path.with_suffix(".hea") if path.suffix else path.with_name(path.name + ".hea")


def _record_id(path: Path) -> str:
    return f"wfdb:{path.stem}"


def _object_id(path: Path) -> str:
    with path.open("rb") as file:
        return "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_HEAD_BYTES)
    except OSError:
        return b""


def _check_unchanged(case: Case) -> None:
    for source in case.sources:
        path = Path(source.path)
        if not path.is_file():
            raise GraticuleError(f"{path.name} is no longer where it was.", "Put it back or import it from its new place.")
        if _object_id(path) != source.object_id:
            raise GraticuleError(f"{path.name} has changed since it was added.", "Import it again: it will be another case.")


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
