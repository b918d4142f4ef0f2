"""The tool bar: the page's tools by intent, undo and redo, and the two acts that end a read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolBar, QToolButton, QWidget

from graticule.ui.pieces import push
from graticule.ui.theme import TOKENS, icon
from graticule.ui.words import tr, trn

if TYPE_CHECKING:
    from graticule.editing.tools.tool import Tool

GROUPS = ("look", "mark", "measure")


@dataclass(frozen=True)
class RowActs:
    """What the buttons at the right end do."""

    undo: Callable[[], object]
    redo: Callable[[], object]
    sign: Callable[[], object]
    finish: Callable[[], object]


class ToolRow(QWidget):
    """Tools that do not fit go into the bar's own overflow; undo, sign and finish always stay."""

    tool_chosen = Signal(str)

    def __init__(self, acts: RowActs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("toolRow")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._bar = QToolBar()
        self._bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._bar.setIconSize(QSize(TOKENS.icon, TOKENS.icon))
        self._bar.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._tools: dict[str, QAction] = {}
        self._group: QActionGroup | None = None
        self.undo = _button("undo", tr("Undo"), acts.undo)
        self.redo = _button("redo", tr("Redo"), acts.redo)
        self.sign = push("", acts.sign, sign="sign")
        self.finish = push(tr("Finish"), acts.finish, primary=True, sign="check")
        self.finish.setToolTip(tr("Finish this case and open the next one (Ctrl+Enter)"))
        for button in (self.sign, self.finish):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        box = QHBoxLayout(self)
        box.setContentsMargins(8, 5, 10, 5)
        box.setSpacing(4)
        box.addWidget(self._bar, 1)
        for widget in (self.undo, self.redo):
            box.addWidget(widget)
        box.addSpacing(8)
        box.addWidget(self.sign)
        box.addSpacing(4)
        box.addWidget(self.finish)
        self.setFixedHeight(44)
        self.clear()

    def clear(self) -> None:
        """No case is open."""
        self._bar.clear()
        self._tools.clear()
        self.show_history(None, None)
        self.finish.setEnabled(False)
        self.show_signing(0)

    def show_tools(self, tools: list[Tool]) -> None:
        """Group by intent, in palette order within a group."""
        self._bar.clear()
        self._tools.clear()
        self._group = QActionGroup(self)
        groups = [*GROUPS, *dict.fromkeys(tool.group for tool in tools if tool.group not in GROUPS)]
        for group in groups:
            own = [tool for tool in tools if tool.group == group]
            if own and self._tools:
                self._bar.addSeparator()
            for tool in own:
                self._add(tool)
        self.finish.setEnabled(True)

    def show_active(self, name: str) -> None:
        if name in self._tools:
            self._tools[name].setChecked(True)
        elif self._group is not None and (checked := self._group.checkedAction()) is not None:
            self._group.setExclusive(False)
            checked.setChecked(False)
            self._group.setExclusive(True)

    def show_history(self, undo_title: str | None, redo_title: str | None) -> None:
        _say(self.undo, tr("Undo"), undo_title, "Ctrl+Z")
        _say(self.redo, tr("Redo"), redo_title, "Ctrl+Y")

    def show_signing(self, waiting: int) -> None:
        self.sign.setVisible(waiting > 0)
        self.sign.setText(trn(waiting, "Sign 1 read", "Sign {n} reads"))
        self.sign.setToolTip(tr("Sign and lock what you have finished, with your password"))

    def show_locked(self, locked: bool) -> None:
        self.finish.setText(tr("Next case") if locked else tr("Finish"))
        self.finish.setIcon(icon("next" if locked else "check", TOKENS.on_accent))

    def _add(self, tool: Tool) -> None:
        action = QAction(icon(tool.name), tr(tool.title), self._group)
        action.setCheckable(True)
        key = f" ({tool.key.upper()})" if tool.key else ""
        action.setToolTip("\n".join(part for part in (f"{tr(tool.title)}{key}", tr(tool.hint)) if part))
        action.triggered.connect(lambda checked=False, name=tool.name: self.tool_chosen.emit(name))
        self._tools[tool.name] = action
        self._bar.addAction(action)
        widget = self._bar.widgetForAction(action)
        widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)


def _say(button: QToolButton, word: str, title: str | None, keys: str) -> None:
    button.setEnabled(title is not None)
    button.setToolTip(f"{word}: {title} ({keys})" if title else f"{word} ({keys})")


def _button(sign: str, word: str, act: Callable[[], object]) -> QToolButton:
    made = QToolButton()
    made.setIcon(icon(sign))
    made.setIconSize(QSize(TOKENS.icon, TOKENS.icon))
    made.setAccessibleName(word)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.clicked.connect(lambda checked=False: act())
    return made
