"""An ECG as DICOM: its samples (General, Ambulatory or General 32-bit ECG) with coded annotations, and a Waveform Annotation SR.

The report speaks of the object a DICOM case was read from, else of the one written beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from graticule.domain.case import Case
from graticule.domain.codes import Ontology
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Labels
from graticule.domain.recording import Recording
from graticule.formats.export.dicom_ecg_checks import check_report, check_waveform
from graticule.formats.export.dicom_ecg_object import save_with_samples, waveform_object
from graticule.formats.export.dicom_ecg_report import SOP_CLASS, report_of
from graticule.formats.export.dicom_ecg_samples import places_in, shape_for
from graticule.formats.export.dicom_ecg_source import Evidence, places_in_source, source_of
from graticule.formats.export.dicom_object import new_object, save
from graticule.formats.export.ecg_statements import statements
from graticule.formats.export.exported import Exported, stem_of
from graticule.formats.export.makers import Maker
from graticule.formats.family import Content

FORMAT = "dicom-ecg"
_REPORT_SERIES = 906


@dataclass(frozen=True, slots=True)
class DicomEcgExporter:
    """observers: who labelled, with their part in it (`dicom_ecg_report`); none for labels out of a file."""

    observers: tuple[Maker, ...] = field(default_factory=tuple)
    format: str = FORMAT

    def export(self, case: Case, content: Content, labels: Labels, ontology: Ontology, out: Path) -> Sequence[Exported]:
        if not isinstance(content, Recording):
            raise GraticuleError("Only an ECG can be exported as a DICOM waveform.", "Choose another format for this case.")
        shape, source = shape_for(content), source_of(case)
        said = list(statements(case.id, labels, ontology))
        ecg = out / f"{stem_of(case)}_ecg.dcm"
        data = waveform_object(case, content, source, said, shape)
        save_with_samples(data, ecg, content, shape)
        made = [Exported(ecg, FORMAT, check_waveform(ecg, case, content, labels, said, shape))]
        if said:
            evidence = (Evidence(data, places_in(shape, content)) if source is None
                        else Evidence(source, places_in_source(source, content)))
            report = out / f"{stem_of(case)}_ecg_annotations.dcm"
            save(report_of(new_object(evidence.header, SOP_CLASS, "SR", "ECG annotations", _REPORT_SERIES), said, evidence,
                           self.observers), report)
            made.append(Exported(report, FORMAT, check_report(report, case, content, labels, said, evidence)))
        return made


EXPORTER = DicomEcgExporter()
