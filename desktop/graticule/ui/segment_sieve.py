"""The filter above a long list of segments: letters of a name, and how far each one is."""

from dataclasses import replace

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QToolButton, QWidget

from graticule.domain.segment_status import STATUSES
from graticule.presenters.segments import SegmentsPresenter
from graticule.ui.pieces import flat
from graticule.ui.segment_menu import STATUS_ICONS, status_words
from graticule.ui.theme import TOKENS, icon
from graticule.ui.words import tr

# A shorter list is seen whole.
LONG = 7


class SegmentSieve(QWidget):
    """Hidden while the list is short and nothing is filtered."""

    def __init__(self, segments: SegmentsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._segments = segments
        self.typed = QLineEdit()
        self.typed.setPlaceholderText(tr("Find a segment"))
        self.typed.setAccessibleName(tr("Find a segment"))
        self.typed.setClearButtonEnabled(True)
        self.typed.textChanged.connect(lambda text: segments.sift(replace(segments.sieve, typed=text)))
        self._status: QToolButton = flat("filter", tr("Show by status"), self._choose)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addWidget(self.typed, 1)
        box.addWidget(self._status)

    def show_count(self, count: int) -> None:
        """How many segments there are in all."""
        self.setVisible(count > LONG or not self._segments.sieve.open)
        self._status.setIcon(icon("filter", TOKENS.accent if self._segments.sieve.statuses else TOKENS.muted))

    def _choose(self) -> None:
        menu = QMenu(self)
        now = self._segments.sieve.statuses
        for status in STATUSES:
            action = menu.addAction(icon(STATUS_ICONS[status]), status_words(status))
            action.setCheckable(True)
            action.setChecked(status in now)
            action.toggled.connect(lambda on, status=status: self._toggle(status))
        menu.addSeparator()
        menu.addAction(tr("All of them"), lambda: self._segments.sift(replace(self._segments.sieve, statuses=frozenset())))
        menu.exec(self._status.mapToGlobal(self._status.rect().bottomLeft()))

    def _toggle(self, status: str) -> None:
        sieve = self._segments.sieve
        self._segments.sift(replace(sieve, statuses=sieve.statuses ^ {status}))
