"""The menu of the open page, made from the registry: whatever a key can do there can be chosen here."""

from typing import Any

from PySide6.QtWidgets import QMenu, QWidget

from graticule.ui.keys import with_key
from graticule.ui.theme import icon
from graticule.ui.words import tr


class PageMenu(QMenu):
    """Filled when it opens; empty but for a line while no case is open."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._page: Any = None
        self.aboutToShow.connect(self.fill)

    def show_page(self, page: Any) -> None:
        """page: of the open case, None without one."""
        self._page = page if hasattr(page, "perform") else None

    def fill(self) -> None:
        from graticule.presenters.actions import all_actions, by_group  # tools are read after the first paint

        self.clear()
        if self._page is None:
            self.addAction(tr("No case is open")).setEnabled(False)
            return
        self._add_tools()
        mine = [action for action in all_actions() if not action.held and action.place in self._page.PLACES
                and action.place != "tool" and self._page.can(action.name)]
        for group, actions in by_group(mine).items():
            menu = self.addMenu(tr(group))
            for action in actions:
                menu.addAction(with_key(tr(action.words), action.name), self._doing(action.name))

    def _add_tools(self) -> None:
        menu = self.addMenu(tr("Tools"))
        for tool in self._page.tools():
            name = f"tool.{tool.name}"
            entry = menu.addAction(icon(tool.name), with_key(tr(tool.title), name), self._doing(name))
            entry.setCheckable(True)
            entry.setChecked(tool.name == self._page.active_tool)

    def _doing(self, name: str) -> Any:
        return lambda: self._page is not None and self._page.perform(name)
