"""The small bar over the image while something is proposed: how much it is, what to look out for, take it or drop it."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from graticule.editing.proposal import Proposals
from graticule.ui.pieces import Elided, push
from graticule.ui.theme import TOKENS, font, grown, wide
from graticule.ui.words import tr

LEAST, HEIGHT, RAISED = 260, 40, 44


class ProposalBar(QFrame):
    """Stands low in the view in which the hand works; it takes no room of the image's own texts."""

    def __init__(self, page: QWidget, take: Callable[[], None], drop: Callable[[], None]) -> None:
        super().__init__(page)
        self.setObjectName("proposalBar")
        self.setStyleSheet(f"#proposalBar {{ background: {TOKENS.raised}; border: 1px solid {TOKENS.line}; "
                           f"border-radius: 6px; }}")
        self._note, self._warning = Elided(), Elided(role="warn")
        self._note.setFont(font(TOKENS.label_px, tabular=True))
        self._view: QWidget | None = None
        self.take = push(tr("Take  ⏎"), take, primary=True)
        self.drop = push(tr("Drop  Esc"), drop)
        for button, tip in ((self.take, tr("Enter takes it")), (self.drop, tr("Esc drops it"))):
            button.setToolTip(tip)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keyboard stays with the image
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 5, 4)
        row.setSpacing(6)
        said = QVBoxLayout()
        said.setSpacing(0)
        said.addWidget(self._note)
        said.addWidget(self._warning)
        row.addLayout(said, 1)
        row.addWidget(self.take)
        row.addWidget(self.drop)
        page.installEventFilter(self)
        self.hide()

    def follow(self, proposals: Proposals, view: QWidget) -> None:
        """Say what is proposed now, in this view; gone when nothing is."""
        now = proposals.now
        if now is None and proposals.sketched is None:
            self.hide()
            return
        if now is not None:
            self._note.say(now.note or now.title)
            self._warning.say(tr(now.warning) if now.warning else "")
            self._warning.setVisible(bool(now.warning))
        self._view = view
        self._place()
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def _place(self) -> None:
        page, view = self.parentWidget(), self._view
        if page is None or view is None:
            return
        corner = view.mapTo(page, QPoint(0, 0))
        words = max(said.fontMetrics().horizontalAdvance(said.said) for said in (self._note, self._warning))
        buttons = self.take.sizeHint().width() + self.drop.sizeHint().width()
        width, height = min(max(words + buttons + 40, wide(LEAST)), view.width() - 16), grown(HEIGHT)
        self.setGeometry(corner.x() + (view.width() - width) // 2, corner.y() + view.height() - height - grown(RAISED),
                         width, height)
