"""The row above the viewports: layout, hanging protocol and its stages, what goes along, what lies over, the other images."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from graticule.ui.keys import tip
from graticule.ui.layout_menu import LayoutPopup
from graticule.ui.pieces import Elided, flat
from graticule.ui.theme import TOKENS, grown, icon
from graticule.ui.words import tr

BAR_PX = grown(32)


class WallBar(QWidget):
    """It knows only words and signals; `Reading` decides."""

    layout_chosen = Signal(int, int)
    stage_asked = Signal(int)
    strip_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("toolRow")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(BAR_PX)
        self.rows, self.columns = 2, 2
        self.layout_button = _button("layout", tr("Layout"), tip("Layout", "image.layout"))
        self.layout_button.clicked.connect(self.open_layouts)
        self.hanging = QMenu(self)
        self.hanging_button = _menu_button("", tr("Hanging protocol"), self.hanging)
        self.before = flat("chevron-left", tip("Previous stage", "image.previous-stage"), lambda: self.stage_asked.emit(-1))
        self.after = flat("chevron-right", tip("Next stage", "image.next-stage"), lambda: self.stage_asked.emit(1))
        self._stage = Elided("", "muted")
        self.link = QMenu(self)
        self.link_button = _menu_button("sync", tr("Link"), self.link)
        self.over = QMenu(self)
        self.over_button = _menu_button("fill", tr("Overlay"), self.over)
        self.strip_button = _button("copy", tr("Images"), tr("The other images of this patient"))
        self.strip_button.setCheckable(True)
        self.strip_button.toggled.connect(self.strip_toggled)
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 2, 6, 2)
        row.setSpacing(2)
        for widget in (self.layout_button, self.hanging_button, self.before, self.after):
            row.addWidget(widget)
        row.addWidget(self._stage, 1)
        for widget in (self.link_button, self.over_button, self.strip_button):
            row.addWidget(widget)

    def open_layouts(self) -> None:
        popup = LayoutPopup(self.rows, self.columns, self)
        popup.chosen.connect(self.layout_chosen)
        popup.open_at(self.layout_button.mapToGlobal(QPoint(0, self.layout_button.height())))

    def show_layout(self, rows: int, columns: int) -> None:
        self.rows, self.columns = rows, columns
        self.layout_button.setText(f"{rows} × {columns}")

    def show_stage(self, rule: str, stage: str, at: int, count: int) -> None:
        """rule: the hanging protocol's name, "" when the reader has made a layout of their own."""
        self.hanging_button.setText(tr(rule) if rule else tr("Hanging protocol"))
        self.before.setEnabled(bool(rule) and at > 0)
        self.after.setEnabled(bool(rule) and at < count - 1)
        self._stage.say(f"{at + 1} / {count}  {tr(stage)}" if rule else "")

    def show_company(self, rules: bool, others: int, series: int) -> None:
        """Without other images most of the row has nothing to offer."""
        for widget in (self.hanging_button, self.before, self.after):
            widget.setVisible(rules)
        self.strip_button.setVisible(others > 0)
        self.strip_button.setText(tr("Images ({n})", n=others))
        for widget in (self.link_button, self.over_button):
            widget.setVisible(series > 0)

    def fill_hanging(self, names: Sequence[str]) -> None:
        """One entry a rule; which was chosen comes as the action's `data`."""
        self.hanging.clear()
        for at, name in enumerate(names):
            self.hanging.addAction(tr(name)).setData(at)


def _button(sign: str, words: str, tip: str) -> QToolButton:
    made = QToolButton()
    if sign:
        made.setIcon(icon(sign, TOKENS.muted))
    made.setText(words)
    made.setToolTip(tip)
    made.setAccessibleName(words)
    made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setProperty("quiet", True)
    return made


def _menu_button(sign: str, words: str, menu: QMenu) -> QToolButton:
    made = _button(sign, words, words)
    made.setMenu(menu)
    made.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    return made
