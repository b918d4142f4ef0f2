"""The assistant of the open case: whether it may be asked, whether its server answers, its models, and what it was shown."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from graticule.domain.assistant import BOX, LASSO, POINT, SCRIBBLE
from graticule.editing.proposal import ProposalChanged
from graticule.editing.tools.assistant import AssistantTool
from graticule.presenters.assistants import SENT, AssistantChanged, CaseAssistant
from graticule.presenters.hand import Hand
from graticule.presenters.open_case import OpenCase
from graticule.ui.assistant_dialog import AssistantDialog
from graticule.ui.pieces import Elided, flat, label, push, shrinkable
from graticule.ui.words import tr

_SHOWN = {POINT: "Point", BOX: "Box", SCRIBBLE: "Scribble", LASSO: "Lasso"}


class AssistantPanel(QWidget):
    """Seen while the assistant is the tool in the hand. redraw: the prompts are others now. attempt: tells what was refused."""

    redraw = Signal()

    def __init__(self, opened: OpenCase, assistant: CaseAssistant, hand: Hand,
                 attempt: Callable[[Callable[[], object]], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._case_id, self._assistant, self._hand = opened.case.id, assistant, hand
        self._attempt = attempt
        self._looked = False
        self.name = Elided()
        self.state = label("", "muted", wrap=True)
        self.warnings = label("", "warn", wrap=True)
        self.model = QComboBox()
        self.model.setAccessibleName(tr("Model"))
        self.model.currentIndexChanged.connect(self._model_chosen)
        shrinkable(self.model)
        self.again = flat("sync", tr("See whether it answers"), assistant.look)
        self._prompts = QVBoxLayout()
        self._prompts.setSpacing(2)
        head = QHBoxLayout()
        head.addWidget(self.name, 1)
        head.addWidget(self.again)
        head.addWidget(push(tr("Set up…"), self.set_up))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(head)
        for widget in (self.state, self.model, self.warnings):
            column.addWidget(widget)
        column.addLayout(self._prompts)
        self._leave = [opened.bus.subscribe(AssistantChanged, self._assistant_changed),
                       opened.bus.subscribe(ProposalChanged, self._proposal_changed)]
        self.hide()
        self.refresh()

    def close_panel(self) -> None:
        for leave in self._leave:
            leave()
        self._leave = []

    def follow(self, tool: str) -> None:
        """Another tool is in the hand. The server is asked how it is when the assistant is taken up for the first time."""
        taken = tool == AssistantTool.name
        self.setVisible(taken)
        if taken and not self._looked:
            self._looked = True
            self._assistant.look()
        if taken:
            self.refresh()

    def set_up(self) -> None:
        AssistantDialog(self._assistant, self.window()).exec()

    def refresh(self) -> None:
        known, forbidden = self._assistant, self._assistant.forbidden()
        self.name.say(f"{known.title} · {known.node.address}" if known.node else tr("No assistant is set up."))
        self.state.setText(self._state_words())
        self.warnings.setText("\n".join(tr(words) for words in known.warnings))
        self.warnings.setVisible(bool(known.warnings))
        self.again.setEnabled(known.node is not None and not known.looking and forbidden is None)
        with QSignalBlocker(self.model):
            self.model.clear()
            for model in known.models:
                self.model.addItem(model.name, model.name)
            if known.model is not None:
                self.model.setCurrentIndex(self.model.findData(known.model.name))
        self.model.setVisible(len(known.models) > 1)
        self._show_prompts()

    def _state_words(self) -> str:
        known, forbidden = self._assistant, self._assistant.forbidden()
        trouble = forbidden or known.trouble
        if trouble is not None:
            return f"{tr(trouble.message)} {tr(trouble.hint)}".strip()
        if known.node is None:
            return tr(SENT)
        if known.looking:
            return tr("Asking the server…")
        if known.state is None:
            return tr("The server has not answered yet.")
        return tr("{server} answers.", server=known.state.title)

    def _show_prompts(self) -> None:
        while self._prompts.count():
            item = self._prompts.takeAt(0)
            if item.widget() is not None:
                item.widget().deleteLater()
        tool = self._hand.find(AssistantTool.name)
        for number, drawn in enumerate(tool.drawn if isinstance(tool, AssistantTool) else ()):
            self._prompts.addWidget(self._prompt_row(number, drawn.prompt.kind, positive=drawn.prompt.positive))

    def _prompt_row(self, number: int, kind: str, *, positive: bool) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        belongs = tr("belongs") if positive else tr("does not belong")
        line.addWidget(label(f"{'+' if positive else '−'}  {tr(_SHOWN[kind])}, {belongs}"), 1)
        line.addWidget(flat("close", tr("Take this prompt back"), partial(self._take_back, number)))
        return row

    def _take_back(self, number: int) -> None:
        tool = self._hand.find(AssistantTool.name)
        if isinstance(tool, AssistantTool):
            self._attempt(lambda: tool.take_back(self._hand.bench, number))
        self._show_prompts()
        self.redraw.emit()

    def _model_chosen(self, index: int) -> None:
        if index >= 0:
            self._assistant.choose_model(str(self.model.itemData(index)))

    def _assistant_changed(self, event: AssistantChanged) -> None:
        if event.case_id == self._case_id:
            self.refresh()

    def _proposal_changed(self, event: ProposalChanged) -> None:
        if event.case_id == self._case_id and self.isVisible():
            self._show_prompts()
