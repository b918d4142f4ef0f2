"""The family of ECG files: WFDB records with their annotations, DICOM waveforms, and the formats that are one file each."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from graticule.domain.case import Case
from graticule.domain.elements import Element
from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Progress
from graticule.domain.recording import Recording
from graticule.formats.damage import DAMAGE
from graticule.formats.ecg.atr import RHYTHM, decode
from graticule.formats.ecg.dicom_waveform import READING as DICOM_READING
from graticule.formats.ecg.dicom_waveform import claims_waveform, gather_waveforms, open_waveform
from graticule.formats.ecg.ecg_case import check_unchanged, ecg_case, object_id, record_id
from graticule.formats.ecg.edf_labels import holds_only_notes
from graticule.formats.ecg.file_labels import EDF_NOTES, IN_FILE, ISHNE_BEATS, elements_in
from graticule.formats.ecg.ishne import claims_ishne_annotations
from graticule.formats.ecg.others import refused_name
from graticule.formats.ecg.record import read_header, read_record, signal_files
from graticule.formats.ecg.segments import files_of
from graticule.formats.ecg.sidecar import SUFFIX as SIDECAR_SUFFIX
from graticule.formats.ecg.single_files import BY_READING, SingleFile, single_file
from graticule.formats.ecg.stated import Stated, stated_of
from graticule.formats.ecg.waveform_report import claims_report, report_outcome
from graticule.formats.facts import doubts_of
from graticule.formats.family import CASE, LABELS, REFUSED, SKIPPED, Outcome

WFDB_READING = "wfdb"
_HEAD_BYTES = 4096
_XML_BYTES = 1 << 16
_TRUTH_SUFFIX = ".truth.json"
_LAYOUT_FILE = "~"
# Annotators that occur in the public databases; other suffixes are looked at when their header lies beside.
ANNOTATORS = {".atr", ".qrs", ".ari", ".man", ".ecg", ".ann", ".apn", ".st", ".stf", ".sta", ".stb", ".stc", ".pu", ".pu0",
              ".pu1", ".qt1", ".qt2", ".q1c", ".q2c", ".q1t", ".q2t", ".sqrs", ".wqrs", ".gqrs", ".gqrsl", ".gqrsh", ".ecgpuwave",
              ".test", ".trigger", ".xws", ".blh", ".al", ".ale", ".event", ".anI"}
_NO_ANNOTATIONS = {".dat", ".mat", ".hea", ".json", ".txt", ".csv", ".md", ".pdf", ".png", ".edf", ".xml", ".html",
                   ".svg", ".zip"}
_DAMAGED = "The file is damaged or cut short."


@dataclass(eq=False)
class EcgOpening:
    """An ECG is there at once: a short one is read, of a long one every part when it is looked at."""

    content: Recording

    def fill(self, progress: Progress, on_slice: Callable[[int], None], first: int | None = None) -> None:
        progress.step(1, 1, "leads read")


@dataclass(eq=False)
class _Records:
    """What became of each header, worked out once. Records of segments come first: their parts are no cases of their own."""

    stated: Stated
    outcomes: dict[Path, Outcome] = field(default_factory=dict)
    parts: dict[Path, Path] = field(default_factory=dict)

    def look_at(self, header: Path) -> Outcome:
        if header not in self.outcomes:
            self.outcomes[header] = self._gather(header)
        return self.outcomes[header]

    def look_at_all(self, headers: Sequence[Path]) -> None:
        several = {header for header in headers if _has_segments(header)}
        for header in sorted(headers, key=lambda header: header not in several):
            self.look_at(header)

    def _gather(self, header: Path) -> Outcome:
        try:
            parsed = read_header(header)
            if all(signal.file == _LAYOUT_FILE for signal in parsed.signals) and parsed.signals:
                return Outcome(header, SKIPPED, reason="It lists the leads of a record that is made of segments.")
            files = files_of(header, parsed) if parsed.segments else [file.path for file in signal_files(header, parsed)]
            mine = {file: header for file in files if file not in self.parts}
            if header in self.parts:
                whole = self.outcomes[self.parts[header]]
                return Outcome(header, whole.outcome, case=whole.case, reason=whole.reason)
            self.parts.update({} if parsed.segments else mine)
            case = wfdb_case(header, self.stated)
            self.parts.update(mine)  # the segments of a record that cannot be read as one remain records of their own
            return Outcome(header, CASE, case=case)
        except GraticuleError as fault:
            return Outcome(header, REFUSED, reason=_sentence(fault))
        except DAMAGE:
            return Outcome(header, REFUSED, reason=_DAMAGED)


class EcgFamily:
    """stated: what whoever imports says about files that do not say it themselves."""

    readings = (WFDB_READING, DICOM_READING, *BY_READING)

    def __init__(self, stated: Stated | None = None) -> None:
        self._stated = stated or Stated()

    def claims(self, path: Path, head: bytes) -> bool:
        if claims_waveform(head) or claims_report(head) or claims_ishne_annotations(head):
            return True
        if path.suffix.lower() in (".hea", ".atr"):
            return True
        if head[128:132] == b"DICM":
            return False
        if path.suffix.lower() == ".dat" or _header_beside(path).is_file() or refused_name(head):
            return True
        return _format(path, head) is not None or _is_lone_matrix(path, head) or _is_annotator(path)

    def gather(self, paths: Sequence[Path], progress: Progress) -> Iterable[Outcome]:
        heads = {path: _head(path) for path in paths}
        waveforms = [path for path in paths if claims_waveform(heads[path])]
        for outcome in gather_waveforms(waveforms, progress):
            yield outcome
            yield from _labels_inside(outcome, DICOM_READING)
        records = _Records(self._stated)
        reports = [path for path in paths if claims_report(heads[path])]
        yield from (report_outcome(path) for path in reports)
        shown = {*waveforms, *reports}
        rest = [path for path in paths if path not in shown]
        records.look_at_all([path for path in rest if path.suffix.lower() == ".hea"])
        for done, path in enumerate(rest):
            progress.step(done, len(rest), "ECG files looked at")
            yield from self._outcomes(path, heads[path], records)

    def open(self, case: Case) -> EcgOpening:
        if case.reading == DICOM_READING:
            return EcgOpening(open_waveform(case))
        check_unchanged(case)
        path, stated = Path(case.sources[0].path), stated_of(case.facts)
        try:
            found = BY_READING[case.reading].read(path, stated) if case.reading in BY_READING else read_record(path, stated)
        except DAMAGE as fault:
            raise GraticuleError(_DAMAGED, "Copy it again.") from fault
        noted = [doubt for doubt in doubts_of(case.facts) if doubt not in found.doubts]
        return EcgOpening(replace(found, doubts=(*found.doubts, *noted)))

    def _outcomes(self, path: Path, head: bytes, records: _Records) -> Iterator[Outcome]:
        format = _format(path, head) if path.suffix.lower() not in (".hea", ".atr") and path not in records.parts else None
        if format is None:
            yield _outcome(path, head, records)
        elif format.reading == "edf" and holds_only_notes(path):
            yield Outcome(path, LABELS, labels_reading=EDF_NOTES, match_ids=(record_id(path),))
        else:
            outcome = self._single(path, format)
            yield outcome
            yield from _labels_inside(outcome, format.reading)

    def _single(self, path: Path, format: SingleFile) -> Outcome:
        try:
            beside = format.beside(path) if format.beside is not None else None
            files = [(path, "signal"), *([(beside, "sidecar")] if beside else [])]
            return Outcome(path, CASE, case=ecg_case(format.reading, path, files, format.read(path, self._stated), self._stated))
        except GraticuleError as fault:
            return Outcome(path, REFUSED, reason=_sentence(fault))
        except DAMAGE:
            return Outcome(path, REFUSED, reason=_DAMAGED)


FAMILY = EcgFamily()


def wfdb_case(header: Path, stated: Stated | None = None) -> Case:
    """The case of a record by its .hea; GraticuleError says why it is none.

    Every file of it is hashed, and looked through once.
    """
    parsed, stated = read_header(header), stated or Stated()
    recording = read_record(header, stated, thorough=True)
    if parsed.segments:
        paths, ticks_per_frame = files_of(header, parsed), int(recording.rate / parsed.rate)
    else:
        paths, ticks_per_frame = [file.path for file in signal_files(header, parsed)], parsed.ticks_per_frame
    roles = {path: "header" if path.suffix.lower() == ".hea" else "signal" for path in paths}
    files = [(header, "header"), *roles.items()]
    return ecg_case(WFDB_READING, header, files, recording, stated, record=header.stem, ticks_per_frame=ticks_per_frame)


def _labels_inside(outcome: Outcome, reading: str) -> Iterator[Outcome]:
    """The labels that lie in the file of a case, when it holds any."""
    elements = elements_in(reading)
    if outcome.outcome != CASE or outcome.case is None or elements is None:
        return
    try:
        content = FAMILY.open(outcome.case).content
        found: list[Element] = elements(outcome.path, content, lambda: "")
    except GraticuleError as fault:
        yield Outcome(outcome.path, REFUSED, reason=f"Its annotations were not taken over: {_sentence(fault)}")
        return
    except DAMAGE:
        yield Outcome(outcome.path, REFUSED, reason="Its annotations were not taken over: they are damaged.")
        return
    if found:
        yield Outcome(outcome.path, LABELS, case=outcome.case, labels_reading=IN_FILE)


def _outcome(path: Path, head: bytes, records: _Records) -> Outcome:
    other = refused_name(head)
    if other:
        return Outcome(path, REFUSED, reason=f"{other}: the file is damaged, or of a kind that is recognised but not read.")
    if path.suffix.lower() == ".hea":
        return records.look_at(path)
    if claims_ishne_annotations(head):
        return Outcome(path, LABELS, labels_reading=ISHNE_BEATS, match_ids=_beside(path, ".ecg"))
    if path.suffix.lower() == ".atr":
        return _annotations(path)
    header = records.parts.get(path, _header_beside(path))
    if not header.is_file():
        return _annotations(path) if _is_annotator(path) else Outcome(path, REFUSED, reason=_lonely(path))
    found = records.look_at(header)
    if path in records.parts:
        whole = records.outcomes.get(records.parts[path], found)
        return Outcome(path, whole.outcome, case=whole.case, reason=whole.reason)
    if path.name.endswith((SIDECAR_SUFFIX, _TRUTH_SUFFIX)):
        return Outcome(path, SKIPPED, reason="Read together with the record it lies beside.")
    if path.suffix.lower() not in _NO_ANNOTATIONS and _is_annotations(path):
        return _annotations(path)
    if found.outcome == REFUSED:
        return Outcome(path, REFUSED, reason=found.reason)
    return Outcome(path, SKIPPED, reason=f"Belongs to the record {header.stem}, but holds neither signals nor annotations.")


def _lonely(path: Path) -> str:
    return f"A signal file without its header: {path.stem}.hea is not beside it."


def _annotations(path: Path) -> Outcome:
    """Labels belong to the record of their name; when its header lies beside, to that very record."""
    return Outcome(path, LABELS, labels_reading="atr", match_ids=_beside(path, ".hea"))


def _beside(path: Path, suffix: str) -> tuple[str, ...]:
    """By what the labels' recording is known: the file of that suffix beside them, or the name alone."""
    owner = next((found for found in (_header_beside(path), path.with_suffix(suffix), path.with_suffix(suffix.upper()))
                  if found.suffix.lower() == suffix and found.is_file()), None)
    return (object_id(owner) if owner is not None else record_id(path),)


def _is_annotator(path: Path) -> bool:
    """A file that is called like an annotator's and whose content agrees."""
    return path.suffix in ANNOTATORS and _is_annotations(path)


def _is_annotations(path: Path) -> bool:
    try:
        marks = decode(path.read_bytes()).marks
    except GraticuleError:
        return False
    except DAMAGE:
        return False
    known = sum(not mark.symbol.startswith("#") or mark.symbol == RHYTHM for mark in marks)
    return bool(marks) and 2 * known > len(marks)


def _has_segments(header: Path) -> bool:
    try:
        return bool(read_header(header).segments)
    except GraticuleError:
        return False


def _is_lone_matrix(path: Path, head: bytes) -> bool:
    """A MATLAB v4 matrix as the Challenge records have it: without a header it says neither rate nor gain."""
    return path.suffix.lower() == ".mat" and head[4:8] != b"\0\0\0\0" and head[20:24] == b"val\0"


def _format(path: Path, head: bytes) -> SingleFile | None:
    if head.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \r\n\t")[:1] == b"<" and len(head) == _HEAD_BYTES:
        head = _head(path, _XML_BYTES)  # some begin with a page of comments
    return single_file(path, head)


def _header_beside(path: Path) -> Path:
    """The header a file would belong to: "100.graticule.json" and "100.dat" to "100.hea"."""
    for suffix in (SIDECAR_SUFFIX, _TRUTH_SUFFIX):
        if path.name.endswith(suffix):
            return path.with_name(path.name.removesuffix(suffix) + ".hea")
    return path.with_suffix(".hea") if path.suffix else path.with_name(path.name + ".hea")


def _sentence(fault: GraticuleError) -> str:
    """The fault and what to do about it: a list of outcomes has no room for hints."""
    return str(fault)


def _head(path: Path, size: int = _HEAD_BYTES) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(size)
    except OSError:
        return b""
