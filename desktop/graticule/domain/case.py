"""One thing to read, and how far its reader has come."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    VOLUME = "volume"
    IMAGE = "image"
    ECG = "ecg"
    SLIDE = "slide"


class State(StrEnum):
    """How far this reader is. Finished: answered, not yet signed. Sealed: signed here. Synced: the server has the signed read."""

    NEW = "new"
    IN_PROGRESS = "in progress"
    FINISHED = "finished"
    SEALED = "sealed"
    SYNCED = "synced"


@dataclass(frozen=True, slots=True)
class Source:
    """A file of a case. `object_id` names what was read: a SOPInstanceUID, or the SHA-256 of the file's bytes."""

    path: str
    object_id: str
    role: str = "image"


@dataclass(frozen=True, slots=True)
class Case:
    """A case as the index keeps it: enough to list it and to find its files; no pixel, no patient name.

    id: "c1:…" (labels.md). reading: which door of `formats` opens it ("dicom-series", "nifti", "wfdb", …).
    facts: what the reader of the format needs again (interpretation key, slice order) and what the list shows.
    """

    id: str
    kind: Kind
    modality: str
    title: str
    reading: str
    sources: tuple[Source, ...]
    warnings: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
