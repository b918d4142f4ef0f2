"""One button for the tools of a family: it takes the one used last, and its arrow opens the others."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from graticule.ui.theme import TOKENS
from graticule.ui.words import tr

_OPENS = (Qt.Key.Key_Down, Qt.Key.Key_F4)


class FamilyButton(QToolButton):
    """actions: of the tools by name, in their order; `shown` is the one a press takes."""

    def __init__(self, words: str, actions: dict[str, QAction], shown: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._words = words
        self.setObjectName("family")
        self.setIconSize(QSize(TOKENS.icon, TOKENS.icon))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if len(actions) > 1:
            self.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
            self.setMenu(self._menu(list(actions.values())))
        self.show_tool(shown if shown in actions else next(iter(actions)))

    @property
    def names(self) -> Sequence[str]:
        return list(self._actions)

    @property
    def shown(self) -> str:
        return next(name for name, action in self._actions.items() if action is self.defaultAction())

    def show_tool(self, name: str) -> None:
        """Its icon, word and keys stand on the button."""
        action = self._actions[name]
        self.setDefaultAction(action)
        others = len(self._actions) > 1
        self.setToolTip(action.toolTip() + ("\n" + tr("The arrow opens the other tools (↓)") if others else ""))
        self.setAccessibleName(f"{self._words}: {action.text()}")

    def say_tools(self, on: bool) -> None:
        """The name of its tool stands on it, or, where room is scarce, that of the family, which is always as long."""
        for action in self._actions.values():
            action.setIconText(action.text() if on else self._words)

    def may_grow(self) -> int:
        """How much wider, in pixels, the longest name of its tools is than the one that stands on it."""
        wide = self.fontMetrics().horizontalAdvance
        return max(wide(action.text()) for action in self._actions.values()) - wide(self.defaultAction().text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down opens the others, as in any list that drops down."""
        if event.key() in _OPENS and self.menu() is not None:
            self.showMenu()
        else:
            super().keyPressEvent(event)

    def _menu(self, actions: list[QAction]) -> QMenu:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        menu.addActions(actions)
        return menu
