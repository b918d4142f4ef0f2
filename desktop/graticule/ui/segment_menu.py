"""What can be done with a segment, as a menu: the line only passes on what was chosen."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from graticule.domain.segment_status import DONE, FLAGGED, IN_PROGRESS, NOT_STARTED, STATUSES
from graticule.editing.operations.listed import BUILT_IN
from graticule.editing.operations.possible import Possible
from graticule.presenters.segment_rows import SegmentRow
from graticule.ui.theme import SEGMENT_COLOURS, TOKENS, icon
from graticule.ui.words import tr

if TYPE_CHECKING:
    from graticule.ui.segment_line import SegmentLine

STATUS_ICONS = {NOT_STARTED: "new", IN_PROGRESS: "in-progress", DONE: "finished", FLAGGED: "flag"}
SHARES = (1.0, 0.75, 0.5, 0.25)


def status_words(status: str) -> str:
    return {NOT_STARTED: tr("Not started"), IN_PROGRESS: tr("In progress"), DONE: tr("Done"), FLAGGED: tr("Flagged")}[status]


def segment_menu(line: SegmentLine, row: SegmentRow, groups: list[tuple[str, str]]) -> QMenu:
    """groups: (id, name) of the groups there are; with the one it lies in first."""
    menu = QMenu(line)
    menu.addAction(icon("crosshair"), tr("Go to"), lambda: line.sought.emit(row.id))
    menu.addAction(icon("eye"), tr("Show only this one"), lambda: line.solo_pressed.emit(row.id))
    if not row.possible:
        menu.addAction(icon("plus"), tr("Add another of these"), lambda: line.another_asked.emit(row.id))
    menu.addSeparator()
    menu.addAction(icon("edit"), tr("Rename") + "\tF2", line.edit)
    menu.addAction(tr("Meaning…"), lambda: line.meaning_asked.emit(row.id))
    _add_statuses(menu.addMenu(tr("Status")), line, row)
    _add_colours(menu.addMenu(tr("Colour")), line, row)
    if line.fades:
        _add_shares(menu.addMenu(tr("Opacity")), line, row)
    if not row.possible:
        _add_groups(menu.addMenu(icon("group"), tr("Group")), line, row, groups)
    _add_operations(menu, line, row)
    menu.addSeparator()
    menu.addAction(icon("unlock" if row.locked else "lock"), tr("Unlock") if row.locked else tr("Lock"),
                   lambda: line.lock_pressed.emit(row.id))
    menu.addAction(icon("trash"), tr("Delete"), lambda: line.deleted.emit(row.id))
    return menu


def status_menu(line: SegmentLine, row: SegmentRow) -> QMenu:
    menu = QMenu(line)
    _add_statuses(menu, line, row)
    return menu


def _add_statuses(menu: QMenu, line: SegmentLine, row: SegmentRow) -> None:
    for status in STATUSES:
        sign = icon(STATUS_ICONS[status], TOKENS.accent if status == row.status else TOKENS.text)
        menu.addAction(sign, status_words(status), lambda status=status: line.status_chosen.emit(row.id, status))
    menu.addSeparator()
    lock = menu.addAction(tr("Lock what is done"), lambda: line.lock_done_chosen.emit(not line.locks_done()))
    lock.setCheckable(True)
    lock.setChecked(line.locks_done())


def _add_operations(menu: QMenu, line: SegmentLine, row: SegmentRow) -> None:
    """What can be done to the whole of it, each with a preview in the panel Refine."""
    refine = menu.addMenu(icon("smooth"), tr("Refine"))
    for operation in BUILT_IN:
        words, ask = tr(operation.title), partial(line.refine_asked.emit, row.id, operation.name)
        if operation is not Possible:
            refine.addAction(icon(operation.name), words, ask)
        elif not row.possible:
            menu.addAction(icon(operation.name), tr("Add possible boundary…"), ask)


def _add_colours(menu: QMenu, line: SegmentLine, row: SegmentRow) -> None:
    for colour in SEGMENT_COLOURS[:14]:
        menu.addAction(icon("fill", colour), colour, lambda colour=colour: line.recoloured.emit(row.id, colour))


def _add_shares(menu: QMenu, line: SegmentLine, row: SegmentRow) -> None:
    for share in SHARES:
        action = menu.addAction(f"{share * 100:.0f} %", lambda share=share: line.opacity_chosen.emit(row.id, share))
        action.setCheckable(True)
        action.setChecked(abs(row.opacity - share) < 0.01)


def _add_groups(menu: QMenu, line: SegmentLine, row: SegmentRow, groups: list[tuple[str, str]]) -> None:
    for at, (group, name) in enumerate(groups):
        action = menu.addAction(name, lambda group=group: line.group_chosen.emit(row.id, group))
        action.setCheckable(True)
        action.setChecked(at == 0)
        action.setEnabled(at > 0)
    menu.addSeparator()
    menu.addAction(icon("plus"), tr("New group"), lambda: line.group_chosen.emit(row.id, ""))
