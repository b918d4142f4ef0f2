"""ECGs that came as DICOM waveforms: 12-lead, General, Ambulatory and General 32-bit ECG."""

import struct
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pydicom
from pydicom.errors import InvalidDicomError

from graticule.domain.case import Case, Kind, Source
from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Progress
from graticule.domain.recording import Recording
from graticule.domain.volume import Doubt
from graticule.formats.damage import DAMAGE
from graticule.formats.ecg.dicom_groups import MultiplexGroup, leads_on_clock, rhythm
from graticule.formats.family import CASE, REFUSED, Outcome
from graticule.records.ids import case_id

READING = "dicom-waveform"
_WAVEFORMS = "1.2.840.10008.5.1.4.1.1.9."
ECG_CLASSES = {
    f"{_WAVEFORMS}1.1": "12-lead ECG", f"{_WAVEFORMS}1.2": "General ECG", f"{_WAVEFORMS}1.3": "Ambulatory ECG",
    f"{_WAVEFORMS}1.4": "General 32-bit ECG",
}
_FILTERS = ("FilterLowFrequency", "FilterHighFrequency", "NotchFilterFrequency")
_OTHER = {"2": "haemodynamic waveform", "3": "electrophysiology recording", "4": "sound recording",
          "5": "arterial pulse waveform", "6": "respiratory waveform", "7": "electroencephalogram or similar waveform"}


def is_waveform(dataset: Any) -> bool:
    """Whether a DICOM header (a pydicom Dataset) is that of a waveform object, an ECG or another."""
    return str(dataset.get("SOPClassUID", "")).startswith(_WAVEFORMS)


def claims_waveform(head: bytes) -> bool:
    """The same from the first 4,096 bytes of a file, without parsing it: its class stands in the file's meta header."""
    return _class_in(head).startswith(_WAVEFORMS)


def gather_waveforms(paths: Sequence[Path], progress: Progress) -> Iterable[Outcome]:
    """One outcome for each file: every ECG object is a case of its own."""
    for done, path in enumerate(paths):
        progress.step(done, len(paths), "ECG files looked at")
        try:
            yield Outcome(path, CASE, case=_case(path))
        except GraticuleError as fault:
            yield Outcome(path, REFUSED, reason=str(fault))
        except DAMAGE:
            yield Outcome(path, REFUSED, reason="The DICOM file is damaged or cut short. Copy it again.")


def open_waveform(case: Case) -> Recording:
    """The recording of a case; GraticuleError when the file is gone, is another one now, or cannot be decoded."""
    source = case.sources[0]
    dataset = read_dicom(Path(source.path))
    if _instance(dataset) != source.object_id:
        raise GraticuleError("The file was replaced by another ECG since it was added.", "Import it again.")
    return recording_of(dataset)


def _instance(dataset: Any) -> str:
    try:
        return str(dataset.get("SOPInstanceUID", ""))
    except DAMAGE as fault:
        raise GraticuleError("The DICOM file is damaged.", "Copy it again.") from fault


def recording_of(dataset: Any) -> Recording:
    """The recording in a DICOM dataset. GraticuleError says what cannot be read."""
    try:
        groups = [MultiplexGroup.of(item) for item in dataset.WaveformSequence]
        if not groups:
            raise GraticuleError("The file holds no waveform.")
        chosen, doubts = rhythm(groups)
        leads, rate, ticks = leads_on_clock(chosen, not dataset.original_encoding[1], doubts)
        filters, differ = _filters(chosen)
    except DAMAGE as fault:
        raise GraticuleError("The waveform in this file is incomplete or damaged.", "Ask for the file again.") from fault
    if differ:
        doubts.append(Doubt("filters", "The leads were filtered differently; the caption shows the filter of the first."))
    return Recording(leads, rate, ticks, filters, False, tuple(doubts), _facts(dataset))


def _case(path: Path) -> Case:
    dataset = read_dicom(path)
    kind = str(dataset.get("SOPClassUID", ""))
    if kind not in ECG_CLASSES:
        family = kind[len(_WAVEFORMS):].partition(".")[0]
        raise GraticuleError(f"This is a {_OTHER.get(family, 'waveform that is no ECG')}; only ECGs are read.")
    uid = str(dataset.get("SOPInstanceUID", ""))
    if not uid:
        raise GraticuleError("The file has no SOP Instance UID, so it cannot be told from other files.")
    recording = recording_of(dataset)
    count = len(recording.leads)
    title = f"{ECG_CLASSES[kind]}, {count} leads, {recording.duration_s:.0f} s"
    facts = {"leads": count, "rate": str(recording.rate), "ticks": recording.ticks, "match_ids": [uid]}
    return Case(case_id(Kind.ECG, [uid]), Kind.ECG, str(dataset.get("Modality") or "ECG"), title, READING,
                (Source(str(path), uid, "waveform"),), tuple(doubt.text for doubt in recording.doubts), facts)


def read_dicom(path: Path) -> Any:
    """A pydicom Dataset; GraticuleError when the file is gone or damaged."""
    try:
        return pydicom.dcmread(path, force=True)
    except FileNotFoundError as fault:
        raise GraticuleError(f"{path.name} is no longer there.", "Put it back or import it from its new place.") from fault
    except (InvalidDicomError, *DAMAGE) as fault:
        raise GraticuleError(f"{path.name} cannot be read as DICOM: it is damaged or cut short.", "Copy it again.") from fault


def _facts(dataset: Any) -> dict[str, str]:
    age = str(dataset.get("PatientAge", "") or "")
    years = age[:3].lstrip("0") if age.endswith("Y") else ""
    device = " ".join(str(dataset.get(name, "") or "").strip() for name in ("Manufacturer", "ManufacturerModelName")).strip()
    years = "90+" if years.isdigit() and int(years) >= 90 else years
    return {"age": years, "sex": str(dataset.get("PatientSex", "") or ""), "device": device}


def _filters(groups: list[MultiplexGroup]) -> tuple[str, bool]:
    """("0.05–150 Hz, notch 50 Hz" of the first channel, whether another channel differs)."""
    texts = [_filter_text(definition) for group in groups for definition in group.item.ChannelDefinitionSequence]
    return texts[0], len({*texts}) > 1


def _filter_text(definition: Any) -> str:
    low, high, notch = (_number(definition.get(name)) for name in _FILTERS)
    band = f"{low}–{high} Hz" if low and high else f"from {low} Hz" if low else f"up to {high} Hz" if high else ""
    return ", ".join(part for part in (band, f"notch {notch} Hz" if notch else "") if part)


def _number(value: Any) -> str:
    return f"{float(value):g}" if value not in (None, "") and float(value) else ""


def _class_in(head: bytes) -> str:
    """(0002,0002) of the meta header, or (0008,0016) of a file without one; "" when neither stands in the beginning."""
    if head[128:132] == b"DICM":
        return _text_after(head, b"\x02\x00\x02\x00UI", 132)
    for mark in (b"\x08\x00\x16\x00UI", b"\x08\x00\x16\x00"):
        found = _text_after(head[:600], mark, 0)
        if found:
            return found
    return ""


def _text_after(head: bytes, mark: bytes, start: int) -> str:
    at = head.find(mark, start)
    if at < 0:
        return ""
    at += len(mark)
    size = 2 if mark.endswith(b"UI") else 4
    if at + size > len(head):
        return ""
    length = struct.unpack_from("<H" if size == 2 else "<I", head, at)[0]
    if length > 64:
        return ""
    return head[at + size: at + size + length].rstrip(b"\0 ").decode("ascii", errors="replace")
