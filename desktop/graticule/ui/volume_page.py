"""The page of a volume: three linked planes and 3D, the segments, and the slices as they arrive."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from graticule.domain.case import Kind
from graticule.domain.edits import Touched
from graticule.domain.elements import Region
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Floats
from graticule.domain.labels import Labels
from graticule.domain.volume import Volume, Window
from graticule.editing.events import LabelsChanged
from graticule.editing.proposal import ProposalChanged
from graticule.editing.tools.tool import Pointer
from graticule.presenters.fusion import FusedView
from graticule.presenters.layout import FOUR_UP, VIEW_3D
from graticule.presenters.open_case import OpenCase
from graticule.presenters.plane_view import PlaneView
from graticule.presenters.proposed import preview_of, sketch_of
from graticule.presenters.registering import Registering
from graticule.presenters.segments import SegmentsPresenter, SegmentsShown
from graticule.presenters.volume import GRID_LAYOUT, LayoutChanged, Part, ViewsChanged, VolumePresenter
from graticule.ui.arrival import Arrival
from graticule.ui.beside import join_companion
from graticule.ui.between_slices import BetweenSlices
from graticule.ui.image_keys import now_ms
from graticule.ui.image_page import ImagePage
from graticule.ui.keys import BOUND, with_key
from graticule.ui.measured_segments import MeasuredSegments
from graticule.ui.phase_bar import ask_phase, bar_of, take_what_came
from graticule.ui.plane_menu import add_plane_menu
from graticule.ui.reading import Reading
from graticule.ui.registration_panel import WAYS, RegistrationPanel
from graticule.ui.scissors3d import Scissors3D
from graticule.ui.segments_panel import SegmentsPanel
from graticule.ui.slice_view import SliceView
from graticule.ui.surfaces import Surfaces
from graticule.ui.theme import SEGMENT_COLOURS
from graticule.ui.tile_sources import SliceTiles
from graticule.ui.tile_view import TileSource
from graticule.ui.view3d import View3D
from graticule.ui.view3d_panel import View3DPanel
from graticule.ui.viewport import Viewport
from graticule.ui.words import tr


class VolumePage(ImagePage):
    """Bench seams: `views[name].painted_ns` after each paint, `view3d.painted_ns`; events go in as ordinary Qt events."""

    KIND = Kind.VOLUME
    PLACES = ("volume", "image", "tool")

    def __init__(self, opened: OpenCase, parent: QWidget | None = None) -> None:
        super().__init__(opened, parent)
        if not isinstance(opened.content, Volume):
            raise GraticuleError("This case holds no volume.")
        volume = opened.content
        self._noted: set[str] = set()
        self.presenter = VolumePresenter(opened, volume)
        self.presenter.findings.said = tr
        self.bench.prompts = self._prompts
        self.segments = SegmentsPresenter(opened, volume, self.bench, SEGMENT_COLOURS)
        labels = opened.workspace.labels
        self.views = {name: SliceView(self.presenter, view, labels, self.hand) for name, view in self.presenter.views.items()}
        self.view3d = View3D(volume, opened.runner)
        self.view3d.waits = lambda: self.hand.pressed
        self.surfaces = Surfaces(self.view3d, labels, volume.grid, opened.runner)
        self.scissors3d = Scissors3D(self.view3d, self.hand, lambda: self.segments.hidden, self.trouble)
        self.segments_panel = SegmentsPanel(self.segments, self.presenter)
        self.reading = Reading(opened, {**self.views, VIEW_3D: self.view3d}, self.hand, self.presenter, FOUR_UP, self)
        self.measured = MeasuredSegments(self, self.segments, self.segments_panel, self.presenter)
        self.panel3d = View3DPanel(self.view3d, self.presenter)
        self.registering = Registering(opened, volume, self.reading.linked)
        self.registration_panel = RegistrationPanel(self.registering, self.reading)
        self.between = BetweenSlices(self.hand, self.presenter, self._own_views, self.trouble)
        self._current = self.presenter.acquired_plane
        self._arrival = Arrival(volume, list(self.views.values()), opened.runner, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.reading)
        self.phase_bar = bar_of(self)
        if self.phase_bar is not None:
            column.addWidget(self.phase_bar)
        self.view3d.restore(opened.view_state.get("3d", {}))
        self._restore(opened.view_state)
        self._connect()
        self.reading.show_alone(_alone(self.presenter.layout))
        self.activate(self.presenter.layout if self.presenter.layout in self.views else self._current)
        self._arrival.start(opened.opening, self.presenter.first_slice())
        take_what_came(self)

    # --- the page's contract ----------------------------------------------------------------------------------------

    def panels(self) -> list[tuple[str, QWidget]]:
        helper = [(tr("Assistant"), self.assistant_panel)] if self.assistant_panel is not None else []
        shown = [(tr("Segments"), self.segments_panel), (tr("Tool"), self.tool_panel), *helper, *self.measured.panels(),
                 *self.workshop.panels(), *self.acts.panels(), (tr("History"), self.history_panel)]
        shown.append((tr("3D"), self.panel3d))
        return [*shown, (tr("Registration"), self.registration_panel)] if self.registration_panel.useful else shown

    def view_state(self) -> dict[str, Any]:
        options = {tool.name: tool.options.radius_mm for tool in self.hand.tools if hasattr(tool.options, "radius_mm")}
        return {**self.presenter.state(), "tool": self.active_tool, "radius_mm": options, "segment": self.segments.active,
                "paint": self.paint_where.state(),
                "wall": self.reading.state(), "3d": self.view3d.state()}

    def shutdown(self) -> None:
        self._arrival.stop()
        self.registration_panel.close_panel()
        super().shutdown()
        self.measured.shutdown()
        self.between.shutdown()
        self.reading.shutdown()
        self.surfaces.close()
        self.panel3d.close_panel()
        self.view3d.shutdown()

    # --- for ImagePage ----------------------------------------------------------------------------------------------

    def viewports(self) -> list[Viewport]:
        return list(self.reading.viewports().values())

    def named_viewports(self) -> list[tuple[str, Viewport]]:
        """A view in which another series stands is another view: what was looked at is that series."""
        return [(f"{key} instead {view.view.instead.case_id}" if isinstance(view.view, PlaneView) and view.view.instead else key,
                 view) for key, view in self.reading.viewports().items()]

    def current(self) -> Viewport:
        return self.reading.viewports().get(self._current) or self.views[self.presenter.acquired_plane]

    def shown_window(self) -> Window:
        return self.presenter.window

    def show_mark(self, mark: str) -> None:
        self.presenter.choose_mark(mark)

    def go_to_mark(self, at: Floats) -> None:
        self.presenter.move_cursor(at)

    def tile_source(self) -> TileSource | None:
        view = self.current().view
        return SliceTiles(self.presenter, view) if view in self.presenter.views.values() and isinstance(view, PlaneView) else None

    def preset(self, number: int) -> None:
        (self.reading.companion_of(self._current) or self.presenter).preset(number)

    def preset_names(self) -> list[str]:
        return [window.name for window in self.presenter.presets[:9]]

    def verbs(self) -> dict[str, Callable[[], object]]:
        acts = (("move", {}), ("nudge", {"fine": True}), ("tilt", {"turn": True}))
        pushes = {f"volume.{act}-{way}": partial(self._push, *step, **how) for act, how in acts for way, step in WAYS.items()}
        return {**pushes, "volume.previous-segment": partial(self.segments.step, -1),
                "volume.next-segment": partial(self.segments.step, 1), "volume.authors": self.measured.toggle_authors,
                "volume.next-phase": partial(ask_phase, self, 1), "volume.previous-phase": partial(ask_phase, self, -1),
                "volume.four-views": self.presenter.toggle_layout,
                "volume.straighten": self.presenter.planes.straighten, "volume.blink": self._blink,
                "volume.fill-all": self.between.suggested.fill_all, "volume.outline": self._toggle_outline}

    def finish_mark(self) -> None:
        """Enter: what is suggested on this slice, when the tool in the hand has nothing of its own to finish."""
        if not self.between.take(self.current()):
            super().finish_mark()

    def note_looks(self) -> None:
        """What a view showed until another series took its place is no longer on the screen."""
        names = {name for name, _ in self.named_viewports()}
        for name in self._noted - names:
            self.record.hide(name, now_ms())
        self._noted = names
        super().note_looks()

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab blinks while a view has the keyboard and another series can stand in its place; else it moves the focus."""
        on_tab = next and "Tab" in BOUND.now.keys_of("volume.blink")
        if on_tab and self.window().focusWidget() in (self, *self.viewports()) and self._blink():
            return True
        return super().focusNextPrevChild(next)

    def _blink(self) -> bool:
        view = self.current()
        return isinstance(view, SliceView) and self.reading.blinking is not None and self.reading.blinking.turn(view)

    def _own_views(self) -> list[Viewport]:
        return [view for key, view in self.reading.viewports().items() if self.reading.is_own(key)]

    def _push(self, right: int, down: int, *, fine: bool = False, turn: bool = False) -> bool:
        """Move the series above; False when there is none."""
        view = self.current().view
        return isinstance(view, PlaneView) and self.registration_panel.push(right, down, view, fine=fine, turn=turn)

    def _toggle_outline(self) -> None:
        look = self.presenter.label_look
        self.presenter.set_label_look(replace(look, outline_only=not look.outline_only))

    def hideEvent(self, event: QHideEvent) -> None:
        self.peek(False)
        super().hideEvent(event)

    def add_to_menu(self, menu: QMenu, pointer: Pointer) -> None:
        menu.addAction(tr("All views go here"), lambda: self.current().view.look_at(pointer.at))
        menu.addAction(with_key(tr("Four views"), "volume.four-views"), self.presenter.toggle_layout)
        if self.presenter.volume.overlay is not None:
            menu.addAction(tr("Graphics of the file"), self.presenter.toggle_overlay)
        view = self.current().view
        if isinstance(view, PlaneView):
            add_plane_menu(menu, view, self.presenter.planes)

    def cancel(self) -> None:
        self.scissors3d.cancel()
        super().cancel()

    # --- inside -----------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        bus = self.opened.bus
        self._leave = [bus.subscribe(ViewsChanged, self._views_changed), bus.subscribe(LayoutChanged, self._layout_changed),
                       bus.subscribe(LabelsChanged, self._labels_changed), bus.subscribe(SegmentsShown, self._segments_shown),
                       bus.subscribe(ProposalChanged, self._proposal_changed)]
        self._arrival.finished.connect(self._all_arrived)
        self._arrival.failed.connect(self.trouble)
        self.segments_panel.trouble.connect(self.trouble)
        self.segments_panel.added.connect(lambda: self.current().setFocus())
        self.registration_panel.trouble.connect(self.trouble)
        self.registration_panel.tool_asked.connect(self.set_tool)
        for view in (*self.views.values(), self.view3d):
            view.activated.connect(self.activate)
            view.maximise_asked.connect(self.presenter.maximise)
        for view in self.views.values():
            self._connect_own(view)
        self.reading.made.connect(self._made)
        self.reading.trouble.connect(self.trouble)
        self.reading.changed.connect(self._wall_changed)
        self.tool_changed.connect(self.reading.company.follow_tool)
        self.tool_changed.connect(lambda name: self.scissors3d.follow_tool())
        self.tool_changed.connect(self.between.follow)
        self.options.changed.connect(self.between.follow)
        for key, view in self.reading.viewports().items():
            if key not in self.views:
                self._made(key, view)

    def _connect_own(self, view: Viewport) -> None:
        view.status.connect(self.status_changed)
        view.menu_asked.connect(self.open_menu)
        view.opacity_steps.connect(self.presenter.change_opacity)
        view.size_changed.connect(self.options.refresh)
        view.sheet_asked.connect(self.acts.show_sheet)

    def _made(self, key: str, view: Viewport) -> None:
        """A view with something over it, or one of a companion."""
        if self.reading.is_own(key):
            view.activated.connect(self.activate)
            view.maximise_asked.connect(self.presenter.maximise)
            self._connect_own(view)
            self.between.adopt(view)
            if isinstance(view.view, FusedView):
                self.registration_panel.join(view.view)
        else:
            join_companion(self, self.reading, key, view, self.presenter.maximise)
        view.follow_tool()

    def _wall_changed(self) -> None:
        self.activate(self._current)
        self.note_looks()

    def _restore(self, state: dict[str, Any]) -> None:
        self.presenter.restore(state)
        self.segments.hidden = set(self.presenter.hidden_segments)
        self.segments.opacity = dict(self.presenter.see_through)
        self.surfaces.hidden = self.presenter.hidden_segments
        for tool in self.hand.tools:
            if tool.name in state.get("radius_mm", {}):
                tool.options = replace(tool.options, radius_mm=float(state["radius_mm"][tool.name]))
        if state.get("segment") in {row.id for row in self.segments.rows()}:
            self.segments.select(state["segment"])
        self.restore_tool(state.get("tool", ""))
        self.tool_taken()
        self.segments_panel.follow_look()
        self.reading.restore(state.get("wall", {}))

    def activate(self, name: str) -> None:
        views = self.reading.viewports()
        if name in views:
            self._current = name
        for each, view in {**views, VIEW_3D: self.view3d}.items():
            view.set_active(each == name)
        self._tell_fidelity()

    def _views_changed(self, event: ViewsChanged) -> None:
        if event.case_id != self.opened.case.id:
            return
        views = self.reading.viewports()
        for name in event.views:
            if name in views:
                views[name].refresh(event.part)
        if event.part is Part.LABELS:
            self.segments_panel.follow_look()
        elif event.part is not Part.MARKS:
            self.acts.window_changed() if event.part is Part.WINDOW else self.acts.frame_changed()
            self.note_soon()

    def _layout_changed(self, event: LayoutChanged) -> None:
        if event.case_id == self.opened.case.id:
            self.reading.show_alone(_alone(event.layout))
            self.activate(event.layout if event.layout != GRID_LAYOUT else self._current)
            # The view that had the keyboard may be hidden now; it must not go to a text field of a panel.
            (self.view3d if event.layout == VIEW_3D else self.current()).setFocus()
            for view in self.viewports():
                view.update()
            self.note_looks()

    def _labels_changed(self, event: LabelsChanged) -> None:
        if event.case_id != self.opened.case.id:
            return
        for key, view in self.reading.viewports().items():
            if self.reading.is_own(key):
                view.labels_changed(event.touched)
        self.surfaces.labels_changed(event.touched)
        if event.committed:
            self.hand.labels_changed()
        if event.touched.elements:
            self.segments.labels_changed()
        self.segments_panel.labels_changed(event.touched)
        self.measured.labels_changed(event.touched)

    def _proposal_changed(self, event: ProposalChanged) -> None:
        if event.case_id != self.opened.case.id:
            return
        labels, now, sketched = self.opened.workspace.labels, self.bench.proposals.now, self.bench.proposals.sketched
        preview = preview_of(labels, now) if now is not None else None
        sketch = sketch_of(labels, sketched) if sketched is not None else None
        for key, view in self.reading.viewports().items():
            if self.reading.is_own(key) and isinstance(view, SliceView):
                view.show_preview(preview, sketch)

    def show_labels(self, labels: Labels | None) -> None:
        """An earlier moment in place of the labels of the case; None for these again."""
        self.presenter.replayed = labels
        shown = self.opened.workspace.labels if labels is None else labels
        for view in self._own_views():
            if isinstance(view, SliceView):
                view.show_labels(shown)
        self.surfaces.show_labels(shown)

    def labels_replayed(self, touched: Touched) -> None:
        for view in self._own_views():
            view.labels_changed(touched)
        self.surfaces.labels_changed(touched)

    def _prompts(self) -> list[Region]:
        """Measurements a tool may start from: the chosen one, the reader's own from the last on, those of the files."""
        own = sorted(self.presenter.regions(), key=lambda region: (region.id != self.presenter.chosen_mark, -region.number))
        return [*own, *self.presenter.foreign_regions()]

    def _segments_shown(self, event: SegmentsShown) -> None:
        if event.case_id != self.opened.case.id:
            return
        hidden = frozenset(self.segments.hidden)
        if hidden != self.presenter.hidden_segments:
            self.presenter.set_hidden(hidden)
            self.surfaces.show_hidden(hidden)
        if self.segments.opacity != self.presenter.see_through:
            self.presenter.set_see_through(self.segments.opacity)
        self.segments_panel.refresh()
        self.measured.follow()

    def _all_arrived(self) -> None:
        self.presenter.all_arrived()
        self.measured.numbers.values_changed()
        self.view3d.start()

    def peek(self, on: bool) -> None:
        self.presenter.set_label_look(replace(self.presenter.label_look, peek=on))


def _alone(layout: str) -> str:
    """The view that fills the wall, "" for all of them."""
    return "" if layout == GRID_LAYOUT else layout
