"""What happens at the desk, told to whoever shows it."""

from dataclasses import dataclass

from graticule.domain.errors import GraticuleError
from graticule.presenters.open_case import OpenCase


@dataclass(frozen=True, slots=True)
class CaseOpening:
    """A case was chosen and is being read."""

    case_id: str


@dataclass(frozen=True, eq=False, slots=True)
class CaseOpened:
    opened: OpenCase


@dataclass(frozen=True, slots=True)
class CaseLeft:
    case_id: str


@dataclass(frozen=True, slots=True)
class DraftSaved:
    """The case's draft is in the store, ready to be sent as a backup."""

    case_id: str


@dataclass(frozen=True, slots=True)
class WorklistChanged:
    """Cases came, or the state of one changed."""


@dataclass(frozen=True, slots=True)
class OtherReadingWanted:
    """The reader asks how else the files of the open case can be read."""


@dataclass(frozen=True, slots=True)
class SyncChanged:
    """A conversation with the server began or ended, or something new waits."""


@dataclass(frozen=True, eq=False, slots=True)
class Trouble:
    """Something expected went wrong. `safe`: what it means for the labels, in words."""

    error: GraticuleError
    safe: str = "Your committed work is safe."
