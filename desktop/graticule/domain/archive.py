"""An image archive (PACS) as a person sees it: where it is, what is asked of it, what it answers and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Protocol

from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Progress

DICOMWEB, DIMSE = "dicomweb", "dimse"
GET, MOVE = "get", "move"
NO_LOGIN, BASIC, BEARER = "none", "basic", "bearer"

_CHOICES = {"kind": (DICOMWEB, DIMSE), "fetch_by": (GET, MOVE), "login": (NO_LOGIN, BASIC, BEARER)}
_AE_LENGTH = 16  # PS3.5 §6.2, value representation AE
_LARGEST_PORT = 65_535


@dataclass(frozen=True, slots=True)
class Node:
    """One archive. Never holds a password or token: those are in the operating system's vault (`Secrets`).

    url: DICOMweb only, up to what stands before “/studies”. host, port, called_ae: the archive's, DIMSE only.
    own_ae, own_port: what this computer calls itself, and where it listens while C-MOVE sends to it.
    ca_file: an extra root certificate (PEM) beside those of this computer. login, user: DICOMweb only.
    """

    name: str
    kind: str = DICOMWEB
    url: str = ""
    host: str = ""
    port: int = 104
    called_ae: str = ""
    own_ae: str = "GRATICULE"
    own_port: int = 11112
    fetch_by: str = GET
    tls: bool = False
    ca_file: str = ""
    login: str = NO_LOGIN
    user: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Node:
        """GraticuleError when a field is of the wrong type or a choice is unknown; fields of a newer version are left out."""
        known = {item.name: item for item in fields(cls)}
        values = {name: value for name, value in document.items() if name in known}
        plain = cls("")
        wrong = [name for name, value in values.items() if type(value) is not type(getattr(plain, name))]
        if wrong or "name" not in values:
            raise GraticuleError("The settings of an archive cannot be read.", "Enter them anew under File → From the archive.")
        return cls(**values).checked()

    def checked(self) -> Node:
        """Itself, trimmed; GraticuleError naming the first thing that cannot be right."""
        node = replace(self, **{item.name: getattr(self, item.name).strip() for item in fields(self)
                                if isinstance(getattr(self, item.name), str)})
        fault = node._fault()
        if fault:
            raise GraticuleError(*fault)
        return node

    def _fault(self) -> tuple[str, str] | None:
        if not self.name:
            return "The archive has no name.", "Give it the name your colleagues use for it."
        if any(getattr(self, name) not in choices for name, choices in _CHOICES.items()):
            return "The settings of an archive cannot be read.", "Enter them anew under File → From the archive."
        return self._web_fault() if self.kind == DICOMWEB else self._dimse_fault()

    def _web_fault(self) -> tuple[str, str] | None:
        if not self.url.startswith(("https://", "http://")) or len(self.url) < 11:
            return "The address of the archive cannot be used.", "It looks like https://pacs.hospital.example/dicom-web."
        if self.login == BASIC and not self.user:
            return "The user name for the archive is missing.", "Enter it, or choose that no login is needed."
        return None

    def _dimse_fault(self) -> tuple[str, str] | None:
        if not self.host:
            return "The address of the archive is missing.", "Enter its name in the network or its IP address."
        for title in (self.called_ae, self.own_ae):
            if not title or len(title) > _AE_LENGTH or not title.isascii() or "\\" in title:
                return ("An AE title has 1 to 16 plain characters.",
                        "Ask the administrator of the archive for its AE title, and which one this computer has.")
        if not (0 < self.port <= _LARGEST_PORT and 0 < self.own_port <= _LARGEST_PORT):
            return "A port is a number from 1 to 65535.", "Archives often use 104, 4242 or 11112."
        return None


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for. Empty fields do not count. from_day, to_day: YYYYMMDD, both included."""

    patient_id: str = ""
    patient_name: str = ""
    accession: str = ""
    modality: str = ""
    from_day: str = ""
    to_day: str = ""
    study: str = ""

    @property
    def days(self) -> str:
        """The range as DICOM writes it (PS3.4 §C.2.2.2.5)."""
        if self.from_day == self.to_day:
            return self.from_day
        return f"{self.from_day}-{self.to_day}"

    @property
    def empty(self) -> bool:
        return self == Search()


@dataclass(frozen=True, slots=True)
class FoundStudy:
    """One examination. Names as the archive gives them, components of a person name in reading order. images: -1 unknown."""

    uid: str
    patient_name: str = ""
    patient_id: str = ""
    birth_day: str = ""
    sex: str = ""
    day: str = ""
    time: str = ""
    description: str = ""
    accession: str = ""
    modalities: tuple[str, ...] = ()
    series: int = -1
    images: int = -1


@dataclass(frozen=True, slots=True)
class FoundSeries:
    """One series of an examination. images: -1 unknown."""

    study: str
    uid: str
    modality: str = ""
    number: str = ""
    description: str = ""
    body_part: str = ""
    images: int = -1


@dataclass(frozen=True, slots=True)
class FoundObject:
    """One object of a series. sop_class: "" when the archive does not say."""

    uid: str
    sop_class: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """One object that did not come or go, and why, in a sentence. what: its UID, or the file's path."""

    what: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Found:
    """Answers of a search. more: the archive has more than were asked for."""

    studies: tuple[FoundStudy, ...] = ()
    more: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a retrieve brought. files: now here, to be imported together. already: how many of them were here before.

    trouble: why it ended early, "" when it did not; what came until then is in `files` all the same.
    """

    files: tuple[Path, ...] = ()
    already: int = 0
    failed: tuple[Failed, ...] = ()
    trouble: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of each file that was sent."""

    stored: tuple[Path, ...] = ()
    failed: tuple[Failed, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """A series to be fetched."""

    study: str
    series: str


Here = Callable[[Sequence[str]], Mapping[str, Path]]
"""Of SOP instance UIDs, those whose files are on this computer, and where."""


class Archive(Protocol):
    """A conversation with one archive. Each act may raise GraticuleError in the user's words, and Cancelled."""

    def echo(self, progress: Progress) -> None:
        """Whether it answers and lets this computer in."""
        ...

    def studies(self, search: Search, progress: Progress, at_most: int = ...) -> Found: ...

    def series(self, study: str, progress: Progress) -> list[FoundSeries]: ...

    def objects(self, wanted: Wanted, progress: Progress) -> list[FoundObject] | None:
        """What the series holds; None when the archive does not answer at this level."""
        ...

    def bring(self, wanted: Wanted, objects: Sequence[FoundObject], whole: bool, shelf: Shelf,
              progress: Progress) -> list[Failed]:
        """Fetch the objects (or the whole series) onto the shelf, as they are stored there: no byte is re-coded."""
        ...

    def send(self, paths: Sequence[Path], progress: Progress) -> Sent: ...


class Shelf(Protocol):
    """Where what arrives is put down. Calls may come from any thread."""

    def blank(self) -> Path:
        """A path for a file that is on its way."""
        ...

    def keep(self, arrived: Path) -> str:
        """Move a complete file to its place; its SOP instance UID. GraticuleError when it is no object of what was asked."""
        ...


@dataclass(frozen=True, slots=True)
class Login:
    """What opens an archive's door. Never printed."""

    kind: str = NO_LOGIN
    user: str = ""
    secret: str = field(default="", repr=False)
