"""The segments of a case: the list, how labels lie over the image, and what can be added."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMessageBox, QVBoxLayout, QWidget

from graticule.domain.codes import Concept
from graticule.domain.edits import Touched
from graticule.domain.errors import GraticuleError
from graticule.editing.segment_groups import LEAVE, REFUSE, TAKE, GroupClash
from graticule.presenters.segments import SegmentsPresenter
from graticule.presenters.volume import VolumePresenter
from graticule.study.protocol import SegmentTemplate
from graticule.ui.authors_legend import AuthorsLegend
from graticule.ui.group_line import GroupLine, group_title
from graticule.ui.label_look_row import LabelLookRow
from graticule.ui.meaning_dialog import MeaningDialog
from graticule.ui.pieces import label, line, push
from graticule.ui.segment_line import SegmentLine
from graticule.ui.segment_list import Line, SegmentList
from graticule.ui.segment_sieve import SegmentSieve
from graticule.ui.structure_search import StructureSearch
from graticule.ui.words import tr


class SegmentsPanel(QWidget):
    """look: the image's presenter. trouble(GraticuleError): an act was refused. added: a segment is there to be painted."""

    trouble = Signal(object)
    added = Signal()

    def __init__(self, segments: SegmentsPresenter, look: VolumePresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._segments = segments
        self._volume = look
        self._list = SegmentList(self._listen)
        self._sieve = SegmentSieve(segments)
        self._empty = label(tr("No segments yet. Add one, then paint it with the brush (B)."), "muted", wrap=True)
        self._none = label(tr("No segment passes the filter."), "muted", wrap=True)
        self._asked = QVBoxLayout()
        self._asked.setSpacing(4)
        self._asked_for: list[SegmentTemplate] | None = None
        self._revealed: str | None = None
        self._search = StructureSearch(segments)
        self._search.taken.connect(self._add)
        self._look = LabelLookRow(look)
        self.legend = AuthorsLegend()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (self._empty, self._sieve, self._none, self._list):
            column.addWidget(widget)
        column.addLayout(self._asked)
        for widget in (self._search, line(), self._look, self.legend):
            column.addWidget(widget)
        self.refresh()
        self.follow_look()

    @property
    def _lines(self) -> dict[str, SegmentLine]:
        return self._list.lines

    @property
    def _typed(self) -> QWidget:
        return self._search.typed

    @property
    def _percent(self) -> QWidget:
        return self._look.percent

    # --- shown ------------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show what the presenter now has; after every act, and when another segment is chosen."""
        lines, count = self._segments.lines(), self._segments.count
        self._sieve.show_count(count)
        self._list.show_rows(lines)
        self._empty.setVisible(not count)
        self._none.setVisible(bool(count) and not any(not hasattr(row, "count") for row in lines))
        self._show_templates()
        if self._segments.active != self._revealed:
            self._revealed = self._segments.active
            self._list.reveal(self._revealed or "")

    def follow_look(self) -> None:
        """Opacity, outline or authors changed by key or wheel."""
        self._look.follow()
        self.legend.setVisible(getattr(self._volume, "authors_seen", False))

    def labels_changed(self, touched: Touched) -> None:
        """After any act or undo, and at every event of a stroke."""
        self.amounts_changed(touched)
        if touched.elements:
            self.refresh()

    def amounts_changed(self, touched: Touched | None = None) -> None:
        """Only voxels changed (a stroke is under way): the amounts of the segments they concern."""
        for row in self._segments.rows() if touched is None else self._segments.changed_amounts(touched):
            self._list.show_row(row)

    def _show_templates(self) -> None:
        """A button for everything the protocol asks for and that is not there yet."""
        templates = list(self._segments.templates())
        if templates == self._asked_for:
            return
        self._asked_for = templates
        while self._asked.count():
            item = self._asked.takeAt(0)
            if item.widget() is not None:
                item.widget().deleteLater()
        for at, template in enumerate(templates):
            button = push(tr("Add {name}", name=template.name), _adder(self, template), sign="plus",
                          primary=not at and not self._segments.count)
            self._asked.addWidget(button)

    # --- acts -------------------------------------------------------------------------------------------------------

    def add_template(self, template: SegmentTemplate) -> None:
        self._try(lambda: self._segments.add_template(template))
        self.added.emit()

    def _add(self, concept: Concept, typed: str) -> None:
        self._try(lambda: self._segments.add_concept(concept, typed))
        self.added.emit()

    def _add_another(self, segment_id: str) -> None:
        self._try(lambda: self._segments.add_another(segment_id))
        self.added.emit()

    def _listen(self, made: Line) -> None:
        """A line was made; it may show another segment later, and says which with everything it asks for."""
        acts = self._segments
        if isinstance(made, GroupLine):
            made.renamed.connect(lambda group, name: self._try(lambda: acts.groups.rename(group, name)))
            made.removed.connect(lambda group: self._try(lambda: acts.groups.remove(group)))
            made.added.connect(lambda: self._try(acts.groups.add))
            return
        made.groups = lambda: self._groups_for(made)
        made.locks_done = lambda: acts.lock_done
        made.lock_done_chosen.connect(self._set_lock_done)
        made.fades = hasattr(self._volume, "set_see_through")
        made.chosen.connect(acts.select)
        made.stepped.connect(self._step)
        made.eye_pressed.connect(acts.toggle_visible)
        made.solo_pressed.connect(acts.solo)
        made.opacity_chosen.connect(acts.set_opacity)
        made.sought.connect(self._volume.go_to_segment)
        made.meaning_asked.connect(self.edit_meaning)
        made.group_chosen.connect(self._move)
        made.lock_pressed.connect(lambda one: self._try(lambda: acts.toggle_locked(one)))
        made.renamed.connect(lambda one, name: self._try(lambda: acts.rename(one, name)))
        made.recoloured.connect(lambda one, colour: self._try(lambda: acts.recolour(one, colour)))
        made.deleted.connect(lambda one: self._try(lambda: acts.delete(one)))
        made.refine_asked.connect(acts.refine)
        made.another_asked.connect(self._add_another)
        made.status_chosen.connect(lambda one, status: self._try(lambda: acts.set_status(one, status)))

    def edit_meaning(self, segment_id: str) -> None:
        """Ask for category, type, modifier, region and side."""
        dialog = MeaningDialog(self._segments, segment_id, self.window())
        if dialog.exec():
            self._try(lambda: self._segments.set_meaning(segment_id, *dialog.codes()))

    def _groups_for(self, made: SegmentLine) -> list[tuple[str, str]]:
        here, groups = self._segments.segment(made.id).group, self._segments.groups
        ids = [here, *(group for group in groups.ids() if group != here)]
        return [(group, group_title(group, groups.name(group))) for group in ids]

    def _move(self, segment_id: str, group: str) -> None:
        """Into another group; where others lie there already, the reader says whose the voxels are."""
        try:
            self._segments.move_to_group(segment_id, group, REFUSE)
        except GroupClash as clash:
            held = self._whose(clash)
            if held:
                self._try(lambda: self._segments.move_to_group(segment_id, group, held))
        except GraticuleError as error:
            self.trouble.emit(error)

    def _whose(self, clash: GroupClash) -> str:
        box = QMessageBox(QMessageBox.Icon.NoIcon, tr("Move to another group"), str(clash), parent=self.window())
        box.setInformativeText(tr("Segments of one group share no voxel."))
        leave = box.addButton(tr("Leave them to the others"), QMessageBox.ButtonRole.AcceptRole)
        take = None if clash.locked else box.addButton(tr("Take them"), QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(leave)
        box.exec()
        pressed = box.clickedButton()
        return LEAVE if pressed is leave else TAKE if take is not None and pressed is take else ""

    def _step(self, by: int) -> None:
        self._segments.step(by)
        line = self._list.reveal(self._segments.active or "")
        if line is not None:
            line.setFocus()

    def _set_lock_done(self, on: bool) -> None:
        self._segments.lock_done = on

    def _try(self, act: Callable[[], object]) -> None:
        try:
            act()
        except GraticuleError as error:
            self.trouble.emit(error)


def _adder(panel: SegmentsPanel, template: SegmentTemplate) -> Callable[[], None]:
    return lambda: panel.add_template(template)
