"""The exporters by name. Adding one: a module with an `EXPORTER` (see `exported.Exporter`), listed here."""

from collections.abc import Callable
from pathlib import Path

from graticule.domain.case import Case
from graticule.domain.codes import Ontology
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Labels
from graticule.formats.export.exported import Exported, Exporter, stem_of
from graticule.formats.export.makers import Makers
from graticule.formats.export.proof import write_proof
from graticule.formats.family import Content
from graticule.study.protocol import Protocol


def _dicom_seg() -> Exporter:
    from graticule.formats.export.dicom_seg import EXPORTER
    return EXPORTER


def _labelmap() -> Exporter:
    from graticule.formats.export.labelmap import EXPORTER
    return EXPORTER


def _fractional() -> Exporter:
    from graticule.formats.export.fractional import EXPORTER
    return EXPORTER


def _rtstruct() -> Exporter:
    from graticule.formats.export.rtstruct import EXPORTER
    return EXPORTER


def _nrrd() -> Exporter:
    from graticule.formats.export.nrrd import EXPORTER
    return EXPORTER


def _nifti() -> Exporter:
    from graticule.formats.export.nifti import EXPORTER
    return EXPORTER


def _dicom_sr(makers: Makers) -> Exporter:
    from graticule.formats.export.dicom_sr import DicomSrExporter
    return DicomSrExporter(makers)


def _stl() -> Exporter:
    from graticule.formats.export.mesh import STL
    return STL


def _obj() -> Exporter:
    from graticule.formats.export.mesh import OBJ
    return OBJ


def _gltf() -> Exporter:
    from graticule.formats.export.mesh import GLTF
    return GLTF


def _coco() -> Exporter:
    from graticule.formats.export.coco import EXPORTER
    return EXPORTER


def _wfdb() -> Exporter:
    from graticule.formats.export.wfdb import EXPORTER
    return EXPORTER


def _json() -> Exporter:
    from graticule.formats.export.readable import EXPORTER
    return EXPORTER


def _csv(protocol: Protocol | None) -> Exporter:
    from graticule.formats.export.measurements_csv import CsvExporter
    return CsvExporter(protocol)


def _chexpert(protocol: Protocol) -> Exporter:
    from graticule.formats.export.answers import ChexpertExporter
    return ChexpertExporter(protocol)


# Loaded when asked for: highdicom alone takes 0.4 s to import.
# Those of answers may need the protocol, which says what was asked.
ANSWER_FORMATS: dict[str, Callable[[Protocol], Exporter]] = {"csv": _csv, "chexpert": _chexpert}
FORMATS: dict[str, Callable[[], Exporter]] = {
    "dicom-seg": _dicom_seg, "dicom-labelmap": _labelmap, "dicom-fractional": _fractional, "rtstruct": _rtstruct,
    "dicom-sr": lambda: _dicom_sr({}), "nifti": _nifti, "nrrd": _nrrd, "stl": _stl, "obj": _obj, "gltf": _gltf, "coco": _coco,
    "wfdb": _wfdb, "json": _json,
}


def export(case: Case, content: Content, labels: Labels, ontology: Ontology, format: str, out: Path,
           protocol: Protocol | None = None, makers: Makers | None = None) -> list[Exported]:
    """Write the labels of a case as `format` into the folder `out` (made when missing), read every file back, report each.

    protocol: for the formats of answers, what was asked. makers: for the measurement report, who made and approved what.
    A proof (`proof.py`) is left beside the files. GraticuleError when the format is unknown, cannot hold these labels, or a
    re-read differs (the file is then removed).
    """
    exporter = _exporter(format, protocol, makers or {})
    try:
        out.mkdir(parents=True, exist_ok=True)
        made = list(exporter.export(case, content, labels, ontology, out))
        write_proof(made, stem_of(case), format, out)
        return made
    except OSError as error:
        raise GraticuleError("The export could not be written.", "Check that the folder exists and has room.") from error


def _exporter(format: str, protocol: Protocol | None, makers: Makers) -> Exporter:
    if format == "dicom-sr":
        return _dicom_sr(makers)
    if format == "csv":
        return _csv(protocol)
    if format in FORMATS:
        return FORMATS[format]()
    if format not in ANSWER_FORMATS:
        raise GraticuleError(f"Graticule does not export “{format}”.", f"Choose one of {', '.join((*FORMATS, *ANSWER_FORMATS))}.")
    if protocol is None:
        raise GraticuleError("The answers cannot be exported without their protocol.",
                             "Export them from the store they were given in.")
    return ANSWER_FORMATS[format](protocol)
