"""Which cases the worklist shows: by state, by modality, and whether those of a patient stand together."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from graticule.presenters.worklist import STATE_WORDS, Worklist
from graticule.ui.theme import TOKENS, icon
from graticule.ui.words import tr


class WorklistFilter(QToolButton):
    """One button with a menu, made anew each time it opens, since modalities come with imports."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._worklist = Worklist()
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setIcon(icon("filter", TOKENS.muted))
        self.setToolTip(tr("Filter by state or modality, group by patient"))
        self.setAccessibleName(tr("Filter the worklist"))
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self.fill)
        self.setMenu(self._menu)

    def follow(self, worklist: Worklist) -> None:
        self._worklist = worklist
        self._show()

    def clear(self) -> None:
        """Show every case."""
        self._worklist.only_states, self._worklist.only_modality = frozenset(), ""
        self._tell()

    def fill(self) -> None:
        menu, worklist = self._menu, self._worklist
        menu.clear()
        for state, (word, _) in STATE_WORDS.items():
            self._add(menu, tr(word), state in worklist.only_states, lambda state=state: self._toggle(state))
        menu.addSeparator()
        group = QActionGroup(menu)
        for modality in ("", *worklist.modalities()):
            words = modality or tr("Every modality")
            group.addAction(self._add(menu, words, worklist.only_modality == modality, lambda m=modality: self._only(m)))
        menu.addSeparator()
        self._add(menu, tr("Patients together"), worklist.by_patient, self._group)
        menu.addAction(tr("Show all cases"), self.clear)

    def _add(self, menu: QMenu, words: str, on: bool, act: object) -> QAction:
        action = menu.addAction(words)
        action.setCheckable(True)
        action.setChecked(on)
        action.triggered.connect(act)
        return action

    def _toggle(self, state: object) -> None:
        self._worklist.only_states = self._worklist.only_states ^ {state}
        self._tell()

    def _only(self, modality: str) -> None:
        self._worklist.only_modality = modality
        self._tell()

    def _group(self) -> None:
        self._worklist.by_patient = not self._worklist.by_patient
        self._tell()

    def _tell(self) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        on = bool(self._worklist.only_states or self._worklist.only_modality)
        self.setIcon(icon("filter", TOKENS.accent if on else TOKENS.muted))
