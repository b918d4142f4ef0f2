"""Laying other series over the case: searched by the computer, nudged by hand, kept with the labels and undone like them."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from graticule.domain.edits import ElementChange
from graticule.domain.elements import BY_HAND as MADE_BY_HAND
from graticule.domain.elements import MACHINE, MACHINE_CORRECTED, Registration
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Floats
from graticule.domain.progress import Progress
from graticule.domain.volume import Volume
from graticule.imaging.rigid import BY_HAND, Rigid, moved_and_turned
from graticule.jobs import Handle
from graticule.presenters.linked import Linked
from graticule.presenters.open_case import OpenCase
from graticule.presenters.plane_view import PlaneView

LANE = "registration"
RIGID, AFFINE = "rigid", "affine"


class Registering:
    """fixed: the case's volume. linked: is told of every change, so that views follow. One registration per other series."""

    def __init__(self, opened: OpenCase, fixed: Volume, linked: Linked) -> None:
        self._opened = opened
        self._fixed = fixed
        self._linked = linked
        self._job: Handle | None = None
        self._nudging = ""
        self.follow()

    # --- what there is ----------------------------------------------------------------------------------------------

    def stored(self, moving: str) -> Registration | None:
        """The registration of another series, None when it has none."""
        own = self._opened.case.id
        all_of_them = self._opened.workspace.labels.of(Registration)
        return next((one for one in all_of_them if (one.moving, one.fixed) == (moving, own)), None)

    def words(self, moving: str) -> str:
        """How the series lies against the case now."""
        stored = self.stored(moving)
        return self._linked.words(moving) if stored is None else rigid_of(stored).words

    @property
    def job(self) -> Handle | None:
        """The search that is running."""
        return self._job if self._job is not None and not self._job.finished else None

    def follow(self) -> None:
        """Registrations were made, changed or taken back: everything that goes by them does so from now on."""
        own = self._opened.case.id
        found: Mapping[tuple[str, str], Rigid] = {(one.moving, one.fixed): rigid_of(one)
                                                  for one in self._opened.workspace.labels.of(Registration) if one.fixed == own}
        self._linked.set_registrations(found)

    # --- searching --------------------------------------------------------------------------------------------------

    def search(self, moving_id: str, moving: Volume, method: str, done: Callable[[], None],
               failed: Callable[[GraticuleError], None], title: str = "", begin: str = "") -> None:
        """Lay `moving` over the case in a job, from where it lies now; the result is stored as one act."""
        self.settle()
        if not (bool(moving.arrived.all()) and bool(self._fixed.arrived.all())):
            failed(GraticuleError("Not all slices have been read yet.", "Try again when both images are complete."))
            return
        stored, fixed = self.stored(moving_id), self._fixed
        start = rigid_of(stored) if stored is not None else None

        def job(progress: Progress) -> Rigid:
            # ITK takes a third of a second to load, and is needed here only.
            from graticule.imaging.registration import register

            return register(fixed, moving, progress, start, method=method, begin=begin)

        def arrived(found: Rigid) -> None:
            self._job = None
            try:
                self._store(moving_id, found)
            except GraticuleError as error:
                failed(error)
            else:
                done()

        def trouble(error: GraticuleError) -> None:
            self._job = None
            failed(error)

        handle = self._opened.runner.start(job, done=arrived, failed=trouble, lane=LANE, title=title)
        self._job = None if handle.finished else handle

    def stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def remove(self, moving_id: str) -> None:
        """Back to how the files place the two."""
        self.settle()
        stored = self.stored(moving_id)
        if stored is not None:
            self._opened.workspace.do("Remove registration", ElementChange.remove(stored))

    # --- nudging ----------------------------------------------------------------------------------------------------

    def shift(self, moving_id: str, by_mm: Floats) -> None:
        """Move the other series by (3,) mm of the case's space. Shown at once; one act when the hand rests (`settle`)."""
        self._nudge(moving_id, self._now(moving_id).moved_by(by_mm))

    def turn(self, moving_id: str, axis: Floats, degrees: float, centre_mm: Floats) -> None:
        self._nudge(moving_id, self._now(moving_id).turned(axis, degrees, centre_mm))

    def drag(self, moving_id: str, view: PlaneView, start: tuple[float, float], end: tuple[float, float], *, turn: bool) -> None:
        """One step of a hand on a view of the case, in its pixels: in the plane, or (turn) about the crosshair."""
        axes, scale = view.axes, view.pixels_per_unit()
        if not turn:
            right, down = (new - old for new, old in zip(end, start, strict=True))
            self.shift(moving_id, (axes.right * right + axes.down * down) / scale)
            return
        x, y = view.crosshair()
        before, after = (np.arctan2(at[1] - y, at[0] - x) for at in (start, end))
        degrees = (float(np.degrees(after - before)) + 180.0) % 360.0 - 180.0
        self.turn(moving_id, np.cross(axes.right, axes.down), degrees, view.plane.to_patient(x, y))

    def settle(self) -> None:
        """The hand rests: what was nudged becomes one act."""
        if self._nudging:
            self._nudging = ""
            self._opened.workspace.commit("Nudge registration")

    def _now(self, moving_id: str) -> Rigid:
        stored = self.stored(moving_id)
        return rigid_of(stored) if stored is not None else Rigid(method=BY_HAND)

    def _nudge(self, moving_id: str, wanted: Rigid) -> None:
        if self._nudging not in ("", moving_id):
            self.settle()
        before = self.stored(moving_id)
        if before is None:
            after = self._element(moving_id, wanted, MADE_BY_HAND, self._opened.new_id())
        else:
            found = Rigid.from_texts(before.found) if before.found else Rigid()
            far, turned = moved_and_turned(found, wanted, self._fixed.grid.centre_mm)
            made = MADE_BY_HAND if before.method == BY_HAND else MACHINE_CORRECTED
            after = replace(before, matrix=wanted.texts(), nudged_mm=f"{far:.3f}", nudged_deg=f"{turned:.3f}", provenance=made)
        self._nudging = moving_id
        self._opened.workspace.stage(ElementChange(Registration.KIND, after.id, before, after))

    def _store(self, moving_id: str, found: Rigid) -> None:
        before = self.stored(moving_id)
        after = self._element(moving_id, found, MACHINE, before.id if before is not None else self._opened.new_id())
        self._opened.workspace.do(f"Register, {found.method}", ElementChange(Registration.KIND, after.id, before, after))

    def _element(self, moving_id: str, rigid: Rigid, made: str, element_id: str) -> Registration:
        texts = rigid.texts()
        return Registration(
            id=element_id, provenance=made, fixed=self._opened.case.id, moving=moving_id, matrix=texts, method=rigid.method,
            metric=rigid.metric, before=_text(rigid.before), after=_text(rigid.after), found=texts if made == MACHINE else ())


def rigid_of(stored: Registration) -> Rigid:
    """The transform of a stored registration; GraticuleError when its numbers are damaged."""
    return replace(Rigid.from_texts(stored.matrix, stored.method), metric=stored.metric, before=_number(stored.before),
                   after=_number(stored.after), nudged_mm=_number(stored.nudged_mm) or 0.0,
                   nudged_deg=_number(stored.nudged_deg) or 0.0)


def _text(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}"


def _number(text: str) -> float | None:
    try:
        return float(text) if text else None
    except ValueError as fault:
        raise GraticuleError("A stored registration cannot be read.", "Register the two images again.") from fault
