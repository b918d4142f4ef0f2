"""The tool bar: the page's tools by intent, undo and redo, and the two acts that end a read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QToolBar, QToolButton, QWidget

from graticule.ui.family_button import FamilyButton
from graticule.ui.keys import shown_keys, tip
from graticule.ui.pieces import push
from graticule.ui.theme import TOKENS, grown, icon
from graticule.ui.words import tr, trn

if TYPE_CHECKING:
    from graticule.editing.tools.tool import Tool

GROUPS = ("look", "mark", "measure")
# Tools that segment stand in one button for each of these, in this order, then those of other families.
FAMILIES = {"paint": "Paint", "outline": "Outline", "grow": "Grow", "cut": "Cut"}
MOST_IN_ROW = 9


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
        self._families: dict[str, FamilyButton] = {}
        self._last_of: dict[str, str] = {}
        self._more: QToolButton | None = None
        self._in_more: set[str] = set()
        self._group: QActionGroup | None = None
        self.undo = _button("undo", tr("Undo"), acts.undo)
        self.redo = _button("redo", tr("Redo"), acts.redo)
        self.sign = push("", acts.sign, sign="sign")
        self.finish = push(tr("Finish"), acts.finish, primary=True, sign="check")
        self.finish.setToolTip(tip("Finish this case and open the next one", "window.finish"))
        for button in (self.sign, self.finish):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._row = box = QHBoxLayout(self)
        box.setContentsMargins(8, 5, 10, 5)
        box.setSpacing(4)
        box.addWidget(self._bar, 1)
        for widget in (self.undo, self.redo):
            box.addWidget(widget)
        box.addSpacing(8)
        box.addWidget(self.sign)
        box.addSpacing(4)
        box.addWidget(self.finish)
        self.setFixedHeight(grown(44))
        self.clear()

    def clear(self) -> None:
        """No case is open."""
        self._bar.clear()
        self._drop_more()
        self._tools.clear()
        self._families.clear()
        self.show_history(None, None)
        self.finish.setEnabled(False)
        self.show_signing(0)

    def show_tools(self, tools: list[Tool]) -> None:
        """Group by intent, in palette order within a group."""
        self._bar.clear()
        self._tools.clear()
        self._families.clear()
        self._group = QActionGroup(self)
        groups = [*GROUPS, *dict.fromkeys(tool.group for tool in tools if tool.group not in GROUPS)]
        # Many tools: those without a key of their own stand in one menu.
        in_menu = {tool.name for tool in tools if not tool.key and not _family(tool)} if len(tools) > MOST_IN_ROW else set()
        for group in groups:
            own = [tool for tool in tools if tool.group == group and tool.name not in in_menu]
            if own and self._tools:
                self._bar.addSeparator()
            self._add_families([tool for tool in own if _family(tool)])
            for tool in own:
                if not _family(tool):
                    self._add(tool)
        QTimer.singleShot(0, self, self._fit)
        self._add_more([tool for group in groups for tool in tools if tool.group == group and tool.name in in_menu])
        self.finish.setEnabled(True)

    def show_active(self, name: str) -> None:
        self._name_more(name)
        for family, button in self._families.items():
            if name in button.names:
                self._last_of[family] = name
                button.show_tool(name)
                self._fit()
        if name in self._tools:
            self._tools[name].setChecked(True)
        elif self._group is not None and (checked := self._group.checkedAction()) is not None:
            self._group.setExclusive(False)
            checked.setChecked(False)
            self._group.setExclusive(True)

    def show_history(self, undo_title: str | None, redo_title: str | None) -> None:
        _say(self.undo, tr("Undo"), undo_title, shown_keys("window.undo", least=1))
        _say(self.redo, tr("Redo"), redo_title, shown_keys("window.redo", least=1))

    def show_signing(self, waiting: int) -> None:
        self.sign.setVisible(waiting > 0)
        self.sign.setText(trn(waiting, "Sign 1 read", "Sign {n} reads"))
        self.sign.setToolTip(tr("Sign and lock what you have finished, with your password"))

    def show_locked(self, locked: bool) -> None:
        self.finish.setText(tr("Next case") if locked else tr("Finish"))
        self.finish.setIcon(icon("next" if locked else "check", TOKENS.on_accent))

    def _action(self, tool: Tool) -> QAction:
        action = QAction(icon(tool.name), tr(tool.title), self._group)
        action.setCheckable(True)
        action.setToolTip("\n".join(part for part in (tip(tool.title, f"tool.{tool.name}"), tr(tool.hint)) if part))
        action.triggered.connect(lambda checked=False, name=tool.name: self.tool_chosen.emit(name))
        self._tools[tool.name] = action
        return action

    def _add_more(self, tools: list[Tool]) -> None:
        """One button with the tools that are needed less often; it shows which of them is in the hand."""
        self._drop_more()
        self._in_more = {tool.name for tool in tools}
        if not tools:
            return
        self._more = QToolButton(self)
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._more.setIconSize(QSize(TOKENS.icon, TOKENS.icon))
        self._more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._more.setCheckable(True)
        menu = QMenu(self._more)
        menu.setToolTipsVisible(True)
        for before, tool in zip([None, *tools], tools, strict=False):
            if before is not None and before.group != tool.group:
                menu.addSeparator()
            menu.addAction(self._action(tool))
        self._more.setMenu(menu)
        self._row.insertWidget(1, self._more)
        self._name_more("")

    def _drop_more(self) -> None:
        if self._more is not None:
            self._more.hide()
            self._more.deleteLater()
        self._more, self._in_more = None, set()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Icon and word while there is room; in a narrow window the words go, those of the families last: tooltips say them.

        A family says its own name then, so that nothing moves when another of its tools is taken.
        """
        for words, titles, families in ((True, True, True), (False, True, True), (False, False, True), (False, False, False)):
            self._bar.setToolButtonStyle(_style(words))
            for button in self._families.values():
                button.say_tools(titles)
                button.setToolButtonStyle(_style(families))
            self._bar.layout().invalidate()
            may_grow = sum(button.may_grow() for button in self._families.values()) if titles else 0
            if self._bar.sizeHint().width() + may_grow <= self._bar.width():
                return

    def _name_more(self, name: str) -> None:
        if self._more is None:
            return
        chosen = self._tools.get(name) if name in self._in_more else None
        self._more.setText(chosen.text() if chosen is not None else tr("More"))
        self._more.setIcon(chosen.icon() if chosen is not None else icon("more"))
        self._more.setToolTip(chosen.toolTip() if chosen is not None else tr("More tools"))
        self._more.setChecked(chosen is not None)

    def _add_families(self, tools: list[Tool]) -> None:
        """A button for each family, with the tool of it that was used last."""
        found = dict.fromkeys(_family(tool) for tool in tools)
        for family in sorted(found, key=lambda name: list(FAMILIES).index(name) if name in FAMILIES else len(FAMILIES)):
            actions = {tool.name: self._action(tool) for tool in tools if _family(tool) == family}
            words = tr(FAMILIES[family]) if family in FAMILIES else family.capitalize()
            made = self._families[family] = FamilyButton(words, actions, self._last_of.get(family, ""))
            self._bar.addWidget(made)

    def _add(self, tool: Tool) -> None:
        action = self._action(tool)
        self._bar.addAction(action)
        widget = self._bar.widgetForAction(action)
        widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)


def _style(words: bool) -> Qt.ToolButtonStyle:
    return Qt.ToolButtonStyle.ToolButtonTextBesideIcon if words else Qt.ToolButtonStyle.ToolButtonIconOnly


def _family(tool: Tool) -> str:
    return str(getattr(tool, "family", ""))


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
