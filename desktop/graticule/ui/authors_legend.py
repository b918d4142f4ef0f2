"""The key of the authorship overlay: which colour is whose, and how much of the segment in the hand each made."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from graticule.domain.labels import AUTHOR_NONE
from graticule.presenters.authorship import AUTHOR_COLOURS, AUTHOR_WORDS, AUTHORS, Share
from graticule.presenters.segment_amounts import millilitres
from graticule.ui.pieces import Elided, label
from graticule.ui.segment_swatch import Swatch
from graticule.ui.theme import TOKENS, font
from graticule.ui.words import tr


class AuthorsLegend(QWidget):
    """One line for each author; those who made nothing of the segment stay, so that the colours can be looked up."""

    shown = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._of = Elided(role="muted")
        self._amounts: dict[int, tuple[Swatch, QLabel, QLabel, QLabel]] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(2, 0, 2, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self._of, 0, 0, 1, 4)
        for row, author in enumerate(AUTHORS, 1):
            swatch = Swatch()
            swatch.show_colour("#{:02x}{:02x}{:02x}".format(*AUTHOR_COLOURS[author]), True)
            percent, ml = label(""), label("", "muted")
            for cell in (percent, ml):
                cell.setFont(font(TOKENS.label_px, tabular=True))
                cell.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            words = label(tr(AUTHOR_WORDS[author]))
            for column, cell in enumerate((swatch, words, percent, ml)):
                grid.addWidget(cell, row, column)
            self._amounts[author] = (swatch, words, percent, ml)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()

    def show_shares(self, name: str, shares: tuple[Share, ...], *, flat: bool = False) -> None:
        """name: of the segment the shares are of; "" when none is chosen. flat: of a picture, which has no millilitres."""
        self._of.say(tr("Who made {name}", name=name) if name else tr("Who made it"))
        made = {share.author: share for share in shares}
        for author, (swatch, words, percent, ml) in self._amounts.items():
            share = made.get(author)
            for cell in (swatch, words, percent, ml) if author == AUTHOR_NONE else ():
                cell.setVisible(share is not None)
            percent.setText(f"{share.percent:.1f} %" if share is not None else "–")
            ml.setText(millilitres(share.ml) if share is not None and not flat else "")
            words.setStyleSheet("" if share is not None else f"color: {TOKENS.muted};")
