"""A choice among the annotations of an ECG."""

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox

from graticule.presenters.ecg_sources import DETECTOR, ELSEWHERE, OWN, EcgSources
from graticule.ui.pieces import shrinkable
from graticule.ui.words import tr


class SourceChoice(QComboBox):
    """order: which sort to begin with (`EcgSources.usual`), until the reader chooses one."""

    def __init__(self, sources: EcgSources, words: str, order: tuple[str, ...] = (OWN, ELSEWHERE, DETECTOR)) -> None:
        super().__init__()
        self._sources, self._order, self._chosen = sources, order, False
        self.activated.connect(lambda at: self._choose())
        self.setAccessibleName(words)
        shrinkable(self)

    @property
    def key(self) -> str:
        return str(self.currentData() or "")

    def refresh(self) -> None:
        """Offer what there is now; what was chosen stays chosen."""
        kept = self.currentData() if self._chosen else None
        with QSignalBlocker(self):
            self.clear()
            for source in self._sources.listed():
                name = {OWN: tr("My labels"), DETECTOR: tr("R peaks found by the program")}.get(source.key)
                self.addItem(name or source.title, source.key)
            found = self.findData(kept) if kept is not None else -1
            self.setCurrentIndex(found if found >= 0 else self.findData(self._sources.usual(self._order)))

    def _choose(self) -> None:
        self._chosen = True
