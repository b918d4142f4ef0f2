"""The strips of an ECG as a PDF: what stands on them from the presenters, drawn by Qt, with or without a screen."""

from collections.abc import Sequence
from pathlib import Path

from graticule.domain.codes import Ontology
from graticule.domain.elements import Beat
from graticule.domain.labels import Labels
from graticule.domain.recording import Recording
from graticule.formats.export.ecg_pdf import DrawnSheet
from graticule.presenters.ecg_print import sheets
from graticule.presenters.ecg_stretches import shown_episodes, stretches


def write_strips(recording: Recording, labels: Labels, ontology: Ontology, path: Path) -> Sequence[DrawnSheet]:
    """GraticuleError when the file cannot be written, or the leads do not fit a sheet at true scale."""
    from graticule.ui.ecg_print import strip_pdf

    chosen = stretches(recording, labels)
    episodes = [(one, ontology.label(one.code)) for one in shown_episodes(labels)]
    beats = labels.of(Beat)
    strip_pdf(recording, chosen, path, episodes, beats)
    return [DrawnSheet(*sheet.paper_mm, sheet.caption) for sheet in sheets(recording, chosen)]
