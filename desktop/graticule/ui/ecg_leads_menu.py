"""The button that says which leads stand on the sheet: their order, which of them on a strip, and in which colours."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from graticule.presenters.ecg import EcgPresenter
from graticule.presenters.ecg_leads import Choice, Colours, Order, strip_leads
from graticule.presenters.ecg_sheet import RHYTHM_LEADS, Layout, rhythm_names
from graticule.ui.words import tr

ORDERS = {Order.STANDARD: "Standard order", Order.CABRERA: "Cabrera: aVL I −aVR II aVF III"}
COLOURS = {Colours.INK: "Names in ink", Colours.IEC: "IEC electrode colours", Colours.AHA: "AHA electrode colours"}


class LeadsButton(QToolButton):
    """`changed`: the presenter was told."""

    changed = Signal()

    def __init__(self, view: EcgPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolTip(tr("Which leads, in which order and colours"))
        self.setAccessibleName(tr("Leads"))
        menu = QMenu(self)
        menu.aboutToShow.connect(self._fill)
        self.setMenu(menu)
        self.follow()

    def follow(self) -> None:
        chosen = self._view.choice.strip if self._view.layout is Layout.STRIP else ()
        few = ", ".join(chosen[:3]) + ("…" if len(chosen) > 3 else "")
        cabrera = self._view.choice.order is Order.CABRERA
        self.setText(few or (tr("Cabrera") if cabrera else tr("Leads")))

    def choose(self, choice: Choice) -> None:
        self._view.set_choice(choice)
        self.changed.emit()

    def _fill(self) -> None:
        menu, view, choice = self.menu(), self._view, self._view.choice
        menu.clear()
        if view.shown.twelve_lead:
            self._radio(menu, [(tr(words), choice.order is order, lambda order=order: self.choose(replace(choice, order=order)))
                               for order, words in ORDERS.items()])
            menu.addSeparator()
        if view.layout is Layout.STRIP:
            self._strip(menu)
        elif RHYTHM_LEADS.get(view.layout):
            self._rhythm(menu.addMenu(tr("Rhythm lead")))
        menu.addSeparator()
        self._radio(menu.addMenu(tr("Colours")), [(tr(words), view.colours is one, lambda one=one: self._paint(one))
                                                  for one, words in COLOURS.items()])

    def _strip(self, menu: QMenu) -> None:
        """All, one alone, or any of them; ticking keeps the order of the record."""
        shown = [lead.name for lead in strip_leads(self._view.shown, self._view.choice)]
        names = [lead.name for lead in self._view.shown.leads]
        menu.addAction(tr("All leads"), lambda: self._strips(()))
        alone = menu.addMenu(tr("One lead alone"))
        for name in names:
            alone.addAction(name, lambda name=name: self._strips((name,)))
        for name in names:
            action = menu.addAction(name)
            action.setCheckable(True)
            action.setChecked(name in shown)
            action.triggered.connect(lambda on, name=name: self._strips(tuple(
                other for other in names if (on if other == name else other in shown))))

    def _rhythm(self, menu: QMenu) -> None:
        view = self._view
        under = rhythm_names(view.shown, view.layout, view.choice)
        self._radio(menu, [(lead.name, under[:1] == (lead.name,), lambda name=lead.name: self._under(name))
                           for lead in view.shown.leads])

    def _under(self, name: str) -> None:
        self.choose(replace(self._view.choice, rhythm=(name,)))

    def _strips(self, names: tuple[str, ...]) -> None:
        self.choose(self._view.choice.with_strip(names))

    def _paint(self, colours: Colours) -> None:
        self._view.colours = colours
        self.changed.emit()

    def _radio(self, menu: QMenu, rows: list[tuple[str, bool, Callable[[], None]]]) -> None:
        group = QActionGroup(menu)
        for words, on, act in rows:
            action = QAction(words, menu)
            action.setCheckable(True)
            action.setChecked(on)
            action.triggered.connect(lambda checked=False, act=act: act())
            group.addAction(action)
            menu.addAction(action)
