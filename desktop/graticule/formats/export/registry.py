"""The exporters by name. Adding one: a module with an `EXPORTER` (see `exported.Exporter`), listed here."""

from collections.abc import Callable
from pathlib import Path

from graticule.domain.case import Case
from graticule.domain.codes import Ontology
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Labels
from graticule.formats.export.exported import Exported, Exporter
from graticule.formats.family import Content


def _dicom_seg() -> Exporter:
    from graticule.formats.export.dicom_seg import EXPORTER
    return EXPORTER


def _nifti() -> Exporter:
    from graticule.formats.export.nifti import EXPORTER
    return EXPORTER


def _wfdb() -> Exporter:
    from graticule.formats.export.wfdb import EXPORTER
    return EXPORTER


def _json() -> Exporter:
    from graticule.formats.export.readable import EXPORTER
    return EXPORTER


# Loaded when asked for: highdicom alone takes 0.4 s to import.
FORMATS: dict[str, Callable[[], Exporter]] = {"dicom-seg": _dicom_seg, "nifti": _nifti, "wfdb": _wfdb, "json": _json}


def export(case: Case, content: Content, labels: Labels, ontology: Ontology, format: str, out: Path) -> list[Exported]:
    """Write the labels of a case as `format` into the folder `out` (made when missing), read every file back, report each.

    GraticuleError when the format is unknown, cannot hold these labels, or a re-read differs (the file is then removed).
    """
    if format not in FORMATS:
        raise GraticuleError(f"Graticule does not export “{format}”.", f"Choose one of {', '.join(FORMATS)}.")
    try:
        out.mkdir(parents=True, exist_ok=True)
        return list(FORMATS[format]().export(case, content, labels, ontology, out))
    except OSError as error:
        raise GraticuleError("The export could not be written.", "Check that the folder exists and has room.") from error
