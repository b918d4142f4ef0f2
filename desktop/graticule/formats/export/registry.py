"""The exporters by name. Adding one: a module with an `EXPORTER` (see `exported.Exporter`), listed here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from graticule.domain.case import Case
from graticule.domain.codes import Ontology
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Labels
from graticule.formats.export.ecg_pdf import StripWriter
from graticule.formats.export.exported import Exported, Exporter, stem_of
from graticule.formats.export.makers import Maker, Makers
from graticule.formats.export.proof import write_proof
from graticule.formats.export.put_down import put_down, unproven
from graticule.formats.export.surface_reader import SurfaceReader
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


def _mesh(format: str, surfaces: SurfaceReader | None = None) -> Exporter:
    from graticule.formats.export.mesh import KINDS
    return replace(KINDS[format], second=surfaces)


def _png() -> Exporter:
    from graticule.formats.export.png import EXPORTER
    return EXPORTER


def _coco() -> Exporter:
    from graticule.formats.export.coco import EXPORTER
    return EXPORTER


def _wfdb() -> Exporter:
    from graticule.formats.export.wfdb import EXPORTER
    return EXPORTER


def _dicom_ecg(observers: Sequence[Maker] = ()) -> Exporter:
    from graticule.formats.export.dicom_ecg import DicomEcgExporter
    return DicomEcgExporter(tuple(observers))


def _edf() -> Exporter:
    from graticule.formats.export.edf_annotations import EXPORTER
    return EXPORTER


def _pdf(writer: StripWriter | None = None) -> Exporter:
    from graticule.formats.export.ecg_pdf import PdfExporter
    return PdfExporter(writer)


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
    "dicom-sr": lambda: _dicom_sr({}), "nifti": _nifti, "nrrd": _nrrd, "stl": lambda: _mesh("stl"),
    "obj": lambda: _mesh("obj"), "gltf": lambda: _mesh("gltf"), "coco": _coco, "png": _png,
    "wfdb": _wfdb, "dicom-ecg": _dicom_ecg, "edf": _edf, "pdf": _pdf, "json": _json,
}


@dataclass(frozen=True, slots=True)
class Company:
    """What some exporters need besides the case. protocol: what was asked, for answers. makers: who made and approved what, for
    the report. surfaces: a second reader of meshes, which no library of this room is. observers: who labelled an ECG,
    with their part in it. strips: who draws its PDF.
    """

    protocol: Protocol | None = None
    makers: Makers = field(default_factory=dict)
    surfaces: SurfaceReader | None = None
    observers: tuple[Maker, ...] = ()
    strips: StripWriter | None = None


ALONE = Company()


def export(case: Case, content: Content, labels: Labels, ontology: Ontology, format: str, out: Path,
           company: Company = ALONE) -> list[Exported]:
    """Write the labels of a case as `format`, read every file back, and only then put it into the folder `out` with a proof.

    out: made when missing. Ask `Exported.proven` before saying "exported". GraticuleError when the format is unknown, cannot hold
    these labels, or a re-read differs: then nothing appears in `out`.
    """
    exporter = _exporter(format, company)
    try:
        with unproven(out) as folder:
            made = list(exporter.export(case, content, labels, ontology, folder))
            return put_down(made, write_proof(made, stem_of(case), format, folder), case, out)
    except OSError as error:
        raise GraticuleError("The export could not be written.", "Check that the folder exists and has room.") from error


def _exporter(format: str, company: Company) -> Exporter:
    protocol = company.protocol
    if format == "dicom-sr":
        return _dicom_sr(company.makers)
    if format == "dicom-ecg":
        return _dicom_ecg(company.observers)
    if format == "pdf":
        return _pdf(company.strips)
    if format == "csv":
        return _csv(protocol)
    if format in ("stl", "obj", "gltf"):
        return _mesh(format, company.surfaces)
    if format in FORMATS:
        return FORMATS[format]()
    if format not in ANSWER_FORMATS:
        raise GraticuleError(f"Graticule does not export “{format}”.", f"Choose one of {', '.join((*FORMATS, *ANSWER_FORMATS))}.")
    if protocol is None:
        raise GraticuleError("The answers cannot be exported without their protocol.",
                             "Export them from the store they were given in.")
    return ANSWER_FORMATS[format](protocol)
