"""The form as a reader would see it: it answers, hides and computes, but nothing is kept."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFrame, QScrollArea, QVBoxLayout, QWidget

from graticule.domain.acts import Act, Row
from graticule.domain.case import Case
from graticule.domain.codes import Ontology
from graticule.domain.edits import Edit
from graticule.domain.labels import Labels
from graticule.domain.picture import Picture
from graticule.editing.events import Bus
from graticule.editing.workspace import Workspace
from graticule.jobs import InlineRunner
from graticule.presenters.open_case import OpenCase
from graticule.presenters.question_form import QuestionForm
from graticule.study.protocol import Protocol
from graticule.ui.pieces import label
from graticule.ui.question_form import QuestionPanel
from graticule.ui.words import tr


class _Scrap:
    """An edit journal that ends with the preview."""

    def __init__(self) -> None:
        self._edits: list[Edit] = []
        self._rows: list[Row] = []

    def append(self, edit: Edit, act: Act, of: int) -> Row:
        self._edits.append(edit)
        self._rows.append(Row(len(self._edits), act, of, edit.title))
        return self._rows[-1]

    def rows(self) -> list[Row]:
        return list(self._rows)

    def edit(self, seq: int) -> Edit:
        return self._edits[seq - 1]


class FormPreview(QWidget):
    """Which case it is shown for can be chosen: a protocol asks each kind of case its own questions."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._protocol: Protocol | None = None
        self._panel: QuestionPanel | None = None
        self._what = QComboBox()
        self._what.currentIndexChanged.connect(lambda _: self._show())
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        box = QVBoxLayout(self)
        box.addWidget(label(tr("As readers see it"), "section"))
        box.addWidget(self._what)
        box.addWidget(self._scroll, 1)

    @property
    def panel(self) -> QuestionPanel | None:
        return self._panel

    def show_protocol(self, protocol: Protocol | None) -> None:
        """None: the document cannot be read, and the last preview stays."""
        if protocol is None:
            return
        self._protocol = protocol
        wanted = sorted({(kind.value, modality) for question in protocol.questions for kind in question.kinds
                         for modality in (question.modalities or ("",))})
        held = self._what.currentData()
        self._what.blockSignals(True)
        self._what.clear()
        for kind, modality in wanted:
            self._what.addItem(f"{kind}  {modality}".strip(), (kind, modality))
        at = self._what.findData(held)
        self._what.setCurrentIndex(max(0, at))
        self._what.blockSignals(False)
        self._show()

    def clear(self) -> None:
        if self._panel is not None:
            self._panel.shutdown()
        self._panel = None
        self._scroll.setWidget(QWidget())

    def _show(self) -> None:
        self.clear()
        if self._protocol is None or self._what.currentData() is None:
            return
        form, bus = _form_for(self._protocol, *self._what.currentData())
        self._panel = QuestionPanel(form, bus)
        column = QWidget()
        box = QVBoxLayout(column)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._panel)
        box.addStretch(1)
        self._scroll.setWidget(column)


def _form_for(protocol: Protocol, kind: str, modality: str) -> tuple[QuestionForm, Bus]:
    import numpy as np

    from graticule.domain.case import Kind

    bus = Bus()
    case = Case("preview", Kind(kind), modality, "", "", ())
    content = Picture(np.zeros((2, 2), np.uint8), modality, "MONOCHROME2", edge_letters=("R", "H", "L", "F"))
    workspace = Workspace(case.id, Labels(None), _Scrap(), bus)
    opened = OpenCase(case, content, None, workspace, bus, protocol, Ontology(()), InlineRunner(), lambda: "preview")
    return QuestionForm(opened), bus
