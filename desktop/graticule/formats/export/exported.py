"""What an exporter offers, and what it reports about each file it made."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from graticule.domain.case import Case
from graticule.domain.codes import Ontology
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Labels
from graticule.formats.family import Content

NOT_HERE = "not available on this computer"


@dataclass(frozen=True, slots=True)
class Check:
    """One re-reading: `by` which reader, `result` what it found ("equal", "not available on this computer").

    proves: a library other than the one that wrote the file read all of it back and found it equal.
    """

    by: str
    result: str
    proves: bool = False


@dataclass(frozen=True, slots=True)
class Exported:
    """A file that was written and has been read back."""

    path: Path
    format: str
    checks: tuple[Check, ...]

    @property
    def proven(self) -> bool:
        """Whether a second library found in it what was written."""
        return any(check.proves for check in self.checks)


class Exporter(Protocol):
    """One outside format for labels."""

    @property
    def format(self) -> str: ...

    def export(self, case: Case, content: Content, labels: Labels, ontology: Ontology, out: Path) -> Sequence[Exported]:
        """Write into the existing folder `out`, re-read, and report.

        GraticuleError when the labels have nothing this format can hold, or when the re-read differs: the file is then removed.
        """
        ...


def differs(path: Path, by: str, what: str) -> GraticuleError:
    """Remove a file whose re-reading did not give back what was written; the error to raise."""
    path.unlink(missing_ok=True)
    return GraticuleError(f"The exported file was read back by {by} and {what}; it was removed.",
                          "Report this as a fault of Graticule: nothing was exported.")


def stem_of(case: Case) -> str:
    """A file name's beginning that tells nothing about the patient: the first 12 hex digits of the case's id."""
    return case.id.partition(":")[2][:12] or "case"
