"""The case of an ECG that was read: what the list shows of it, and what its opening needs again."""

import hashlib
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

from graticule.domain.case import Case, Kind, Source
from graticule.domain.errors import GraticuleError
from graticule.domain.recording import Recording
from graticule.domain.stored_samples import StoredSamples
from graticule.formats.ecg.stated import Stated
from graticule.formats.facts import doubt_facts
from graticule.records.ids import case_id

# Below this no ECG can be read: such files hold vital signs by the minute.
SLOWEST = Fraction(20)
# What is larger is not hashed again each time it is opened, as long as its size and time are those of the import.
_HASHED_AT_OPENING = 1 << 25


def ecg_case(reading: str, main: Path, files: Iterable[tuple[Path, str]], recording: Recording, stated: Stated,
             **more: Any) -> Case:
    """files: (path, role) of every file the recording is made of, `main` among them; all are hashed.

    GraticuleError when the recording is no ECG at all.
    """
    if max(recording.rate / lead.step for lead in recording.leads) < SLOWEST:
        raise GraticuleError("The file holds measurements taken every few seconds, no ECG.")
    sources = tuple(Source(str(path), object_id(path), role) for path, role in files)
    count = len(recording.leads)
    facts: dict[str, Any] = {"leads": count, "rate": str(recording.rate), "ticks": recording.ticks,
                             "match_ids": [record_id(main)], "stamps": [stamp(Path(source.path)) for source in sources],
                             **stated.facts(), **more}
    if any(isinstance(lead.digital, StoredSamples) for lead in recording.leads):
        facts["doubts"] = doubt_facts(recording.doubts)
    case = case_id(Kind.ECG, [source.object_id for source in sources])
    # A file's name may hold a patient's.
    title = f"ECG {count}-lead, {duration(recording.duration_s)} · {case.partition(':')[2][:6]}"
    synthetic = ("Synthetic: computed, not recorded from a patient.",) if recording.synthetic else ()
    return Case(case, Kind.ECG, "ECG", title, reading, sources, (*synthetic, *(doubt.text for doubt in recording.doubts)), facts)


def check_unchanged(case: Case) -> None:
    """GraticuleError when a file of the case is gone or is another one now."""
    stamps = case.facts.get("stamps") or [None] * len(case.sources)
    for source, noted in zip(case.sources, stamps, strict=False):
        path = Path(source.path)
        if not path.is_file():
            raise GraticuleError(f"{path.name} is no longer where it was.", "Put it back or import it from its new place.")
        if noted is not None and path.stat().st_size > _HASHED_AT_OPENING and stamp(path) == noted:
            continue
        if object_id(path) != source.object_id:
            raise GraticuleError(f"{path.name} has changed since it was added.", "Import it again: it will be another case.")


def stamp(path: Path) -> str:
    about = path.stat()
    return f"{about.st_size}/{about.st_mtime_ns}"


def object_id(path: Path) -> str:
    with path.open("rb") as file:
        return "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()


def record_id(path: Path) -> str:
    """By which labels in files of their own call their record: its name."""
    return f"wfdb:{path.stem}"


def duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
