"""An ECG with its labels as a PDF at true scale. Who can draw writes it; PDFium, which shares no code with it, reads it back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from graticule.domain.case import Case
from graticule.domain.codes import Ontology
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Labels
from graticule.domain.recording import Recording
from graticule.formats.export.exported import NOT_HERE, Check, Exported, differs, stem_of
from graticule.formats.family import Content

FORMAT = "pdf"
_NEAR_MM = 0.2
_POINTS_PER_MM = 72 / 25.4


@dataclass(frozen=True, slots=True)
class DrawnSheet:
    """What a sheet must be found to be: its size, and words that stand on it."""

    width_mm: float
    height_mm: float
    words: str


StripWriter = Callable[[Recording, Labels, Ontology, Path], Sequence[DrawnSheet]]
"""Draws the strips of a recording into a PDF; the sheets it drew."""


@dataclass(frozen=True, slots=True)
class PdfExporter:
    """writer: None where nothing can be drawn."""

    writer: StripWriter | None = None
    format: str = FORMAT

    def export(self, case: Case, content: Content, labels: Labels, ontology: Ontology, out: Path) -> Sequence[Exported]:
        if not isinstance(content, Recording):
            raise GraticuleError("Only an ECG can be exported as a PDF strip.", "Choose another format for this case.")
        if self.writer is None:
            raise GraticuleError("Strips cannot be drawn on this computer.", "Install the workstation, not the server alone.")
        path = out / f"{stem_of(case)}_ecg.pdf"
        drawn = self.writer(content, labels, ontology, path)
        return [Exported(path, FORMAT, (_by_pdfium(path, drawn),))]


def _by_pdfium(path: Path, drawn: Sequence[DrawnSheet]) -> Check:
    try:
        import pypdfium2
    except ImportError:
        return Check("PDFium", NOT_HERE)
    document = pypdfium2.PdfDocument(path)
    try:
        if len(document) != len(drawn):
            raise differs(path, "PDFium", "has another number of sheets")
        for number, sheet in enumerate(drawn):
            page = document[number]
            found = [side / _POINTS_PER_MM for side in page.get_size()]
            if max(abs(found[0] - sheet.width_mm), abs(found[1] - sheet.height_mm)) > _NEAR_MM:
                raise differs(path, "PDFium", f"sheet {number + 1} has another size")
            if _bare(sheet.words) not in _bare(page.get_textpage().get_text_range()):
                raise differs(path, "PDFium", f"sheet {number + 1} has other words")
    finally:
        document.close()
    sizes = sorted({f"{sheet.width_mm:.0f} × {sheet.height_mm:.0f} mm" for sheet in drawn})
    return Check("PDFium", f"equal: {len(drawn)} sheets of {', '.join(sizes)}, each with its speed and gain", proves=True)


def _bare(text: str) -> str:
    """Letters and digits: how wide a space is depends on the font."""
    return "".join(letter for letter in text if letter.isalnum())


EXPORTER = PdfExporter()
