"""Operations on whole segments: choose one, see what it would do, take it or drop it; and masks of another examination."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu, QPushButton, QVBoxLayout, QWidget

from graticule.domain.errors import GraticuleError
from graticule.editing.operations.operation import Operation
from graticule.presenters.prior_masks import PriorMasks
from graticule.presenters.refining import RefineWanted, Refining, RefiningChanged
from graticule.ui.button_grid import ButtonGrid
from graticule.ui.options_form import OptionsForm
from graticule.ui.pieces import label, push
from graticule.ui.section import show_in_place
from graticule.ui.theme import TOKENS, icon
from graticule.ui.words import tr

COLUMNS = 2


class RefinePanel(QWidget):
    """trouble(GraticuleError): an act was refused. left: the keyboard goes back to the image."""

    FOLDED = True  # until it is asked for

    trouble = Signal(object)
    left = Signal()
    opened = Signal()

    def __init__(self, refining: Refining, priors: PriorMasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._refining, self._priors = refining, priors
        self._shown: Operation | None = None
        self._buttons: dict[str, QPushButton] = {}
        self.form, self.scope = OptionsForm(), OptionsForm()
        self.form.segments = refining.others
        self._subject = label("", "muted", wrap=True)
        self._note, self._warning = label("", wrap=True), label("", "warn", wrap=True)
        self.take = push(tr("Take  ⏎"), self._take, primary=True)
        self.drop = push(tr("Drop  Esc"), self._drop)
        self._foot = QWidget()
        self._bring = push(tr("Bring over from…"), self._ask_source, sign="copy")
        self._lay_out()
        self.form.changed.connect(refining.ask)
        self.scope.changed.connect(refining.ask)
        bus = refining.bus
        self._leave: list[Callable[[], None]] = [bus.subscribe(RefiningChanged, self._changed),
                                                 bus.subscribe(RefineWanted, self._wanted)]
        self.follow()

    def close_panel(self) -> None:
        for leave in self._leave:
            leave()
        self._leave.clear()
        self._refining.close()

    def follow(self) -> None:
        """Show which operation is chosen and what it would do."""
        now = self._refining.now
        self._bring.setVisible(bool(self._priors.sources()))
        show_in_place(self, bool(self._refining.any_segments or self._priors.sources()))
        if now is not self._shown:
            self._shown = now
            self._draw_form(now)
        for name, button in self._buttons.items():
            button.setChecked(now is not None and name == now.name)
        self._foot.setVisible(now is not None)
        self._subject.setText(self._words(now))
        self._note.setText(tr(self._refining.note))
        self._warning.setText(tr(self._refining.warning))
        self._note.setVisible(bool(self._refining.note))
        self._warning.setVisible(bool(self._refining.warning))
        self.take.setEnabled(self._refining.ready)
        if now is not None:
            self.form.refresh()

    def renew_soon(self) -> None:
        """The labels changed: look again once the act that changed them is over."""
        self._refining.labels_changed()
        self.follow()
        QTimer.singleShot(0, self, self._refining.renew)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._refining.now is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take()
        elif self._refining.now is not None and event.key() == Qt.Key.Key_Escape:
            self._drop()
        else:
            super().keyPressEvent(event)

    # --- inside -----------------------------------------------------------------------------------------------------

    def _words(self, now: Operation | None) -> str:
        if now is None:
            return tr("Choose what to do; nothing changes until you take it.")
        return self._refining.subject

    def _draw_form(self, now: Operation | None) -> None:
        self.form.setVisible(now is not None)
        asks = now is not None and (now.many or now.sliced)
        self.scope.setVisible(asks)
        if now is None:
            return
        self.form.show_tool(now)
        if asks:
            self.scope.show_tool(self._refining.scope)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._grid())
        column.addWidget(self._subject)
        column.addWidget(self.form)
        column.addWidget(self.scope)
        foot = QVBoxLayout(self._foot)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(6)
        foot.addWidget(self._note)
        foot.addWidget(self._warning)
        foot.addWidget(ButtonGrid([self.take, self.drop], 2))
        column.addWidget(self._foot)
        column.addWidget(self._bring)
        column.addStretch(1)
        self._bring.setToolTip(tr("What you drew in another examination of this patient, placed by the registration"))

    def _grid(self) -> ButtonGrid:
        for operation in self._refining.operations:
            button = QPushButton(icon(operation.name), tr(operation.title))
            button.setIconSize(QSize(TOKENS.small_icon, TOKENS.small_icon))
            button.setCheckable(True)
            button.setProperty("tight", True)
            button.setToolTip(tr(operation.hint))
            button.clicked.connect(partial(self._choose, operation.name))
            self._buttons[operation.name] = button
        return ButtonGrid(list(self._buttons.values()), COLUMNS)

    def _choose(self, name: str, checked: bool = False) -> None:
        self._refining.choose(name)
        if self._refining.now is not None:
            self.opened.emit()

    def _take(self) -> None:
        try:
            taken = self._refining.take()
        except GraticuleError as error:
            self.trouble.emit(error)
            return
        if taken:
            self.left.emit()

    def _drop(self) -> None:
        self._refining.drop()
        self.left.emit()

    def _ask_source(self) -> None:
        menu = QMenu(self)
        for case_id, words in self._priors.sources():
            menu.addAction(words, partial(self._priors.bring, case_id))
        menu.exec(self._bring.mapToGlobal(self._bring.rect().bottomLeft()))

    def _changed(self, event: RefiningChanged) -> None:
        if event.case_id == self._refining.case_id:
            self.follow()

    def _wanted(self, event: RefineWanted) -> None:
        """The menu of a segment asked for an operation."""
        if event.case_id == self._refining.case_id and (self._refining.now is None or self._refining.now.name != event.operation):
            self._refining.choose(event.operation)
            self.opened.emit()
