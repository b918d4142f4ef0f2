"""Any act a reader can do to a segmentation, at random: what the undo campaign, the replay and the kill tests are fed with.

Every tool of the palette that changes labels is taken into a hand, every operation is tried on a segment, an assistant proposes,
and what is no voxel changes too: segments are made, renamed, recoloured, locked and deleted, questions answered, notes written.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from graticule.domain.assistant import AssistantModel, AssistantQuestion, Suggestion
from graticule.domain.case import Kind
from graticule.domain.codes import Code, Concept, Ontology
from graticule.domain.edits import ElementChange
from graticule.domain.elements import Answer, Assistance, Note, Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Grid
from graticule.domain.progress import Progress, Silent
from graticule.domain.volume import Volume
from graticule.editing.operations.listed import operations
from graticule.editing.operations.material import Material
from graticule.editing.paint_rules import ALL, FREE, PaintRules
from graticule.editing.tools.palette import tools_for
from graticule.editing.tools.tool import Bench, Plane, Pointer, Tool
from graticule.editing.workspace import Workspace
from graticule.imaging import authorship, logic
from graticule.imaging.patch import Patch

SHAPE = (10, 24, 28)
GRID = Grid(SHAPE, np.array([[0.9, 0, 0, -10.0], [0, 0.9, 0.2, 5.0], [0, -0.1, 2.4, 30.0], [0, 0, 0, 1]]))
_CODE = Code("graticule", "tissue", "1")
_IDLE = ("look", "answer")
Random = np.random.Generator


def _picture() -> np.ndarray:
    """Noise and two soft bright bodies."""
    k, j, i = np.indices(SHAPE)
    bodies = [90 * np.exp(-((k - a) ** 2 / 6 + (j - b) ** 2 / 20 + (i - c) ** 2 / 25)) for a, b, c in ((4, 8, 9), (6, 17, 19))]
    return np.asarray(sum(bodies) + np.random.default_rng(7).normal(0, 6, SHAPE)).astype(np.int16)


class Bright:
    """An assistant without a server: what is bright round the prompts."""

    title, image, model = "Bright", "image", AssistantModel("bright", ("point", "box", "scribble", "lasso"))

    def refuse(self) -> None:
        return None

    def asker(self, question: AssistantQuestion) -> Callable[[Progress], Suggestion]:
        values = np.zeros(SHAPE, dtype=np.uint8)
        for prompt in question.prompts:
            k, j, i = prompt.voxel
            near = tuple(slice(max(0, n - 3), n + 4) for n in (k, j, i))
            values[near] = question.voxels[near] > question.voxels[k, j, i] - 20
        whole = slice(0, SHAPE[0]), slice(0, SHAPE[1]), slice(0, SHAPE[2])
        return lambda progress: Suggestion(whole, values)

    def evidence(self, element_id: str, segment: str, prompts: int, voxels: int) -> Assistance:
        return Assistance(id=element_id, assistant="bright", model="bright", server="0" * 64, prompts=prompts, segment=segment,
                          voxels=voxels)


class Reader:
    """A hand on a workspace, guided by chance. done: how often each thing changed the labels."""

    def __init__(self, workspace: Workspace, random: Random) -> None:
        self.workspace, self.random = workspace, random
        ontology = Ontology([Concept(_CODE, "Tissue", "category")])
        self.bench = Bench(workspace, Volume(_picture(), GRID, "MR"), ontology, self._new_id)
        self.bench.assistant = Bright()
        self.tools: list[Tool] = [tool for tool in tools_for(Kind.VOLUME) if tool.group not in _IDLE]
        self.done: dict[str, int] = {}

    def act(self) -> bool:
        """One act, an undo or a redo; False when nothing came of it."""
        choice = self.random.random()
        if choice < 0.12:
            return self.workspace.undo() is not None
        if choice < 0.18:
            return self.workspace.redo() is not None
        return self.edit()

    def edit(self) -> bool:
        """One act that is no undo; False when nothing came of it, or it was refused."""
        before = len(self.workspace.history.done)
        name = self._attempt()
        changed = len(self.workspace.history.done) > before
        if changed:
            self.done[name] = self.done.get(name, 0) + 1
        return changed

    # --- inside -----------------------------------------------------------------------------------------------------

    def _attempt(self) -> str:
        segments = self.workspace.labels.of(Segment)
        if not segments:
            self._new_segment()
            return "new segment"
        self.bench.active_segment = self._one_of(segments).id
        self.bench.paint = PaintRules(over=ALL if self.random.random() < 0.5 else FREE)
        ways = ((self._use_tool, 6), (self._operate, 3), (self._change_element, 3))
        way = self._one_of([way for way, weight in ways for _ in range(weight)])
        try:
            return way()
        except GraticuleError:
            return "refused"
        finally:
            self.workspace.cancel()
            self.bench.proposals.drop()

    def _use_tool(self) -> str:
        tool = self._one_of(self.tools)
        try:
            self._gesture(tool)
            self._take_or_leave()
            finish = getattr(tool, "finish", None)
            if finish is not None and self.random.random() < 0.7:
                finish(self.bench)
                self._take_or_leave()
        except GraticuleError:
            pass  # what was done before stands
        finally:
            tool.cancel(self.bench)
            self.bench.proposals.drop()
            put_away = getattr(tool, "put_away", None)
            if put_away is not None:
                put_away(self.bench)
        return tool.name

    def _gesture(self, tool: Tool) -> None:
        plane = Plane("axial", GRID.direction[:, 0], GRID.direction[:, 1], GRID.normal, 0.5)
        at, control = self._point(), bool(self.random.random() < 0.25)
        for _ in range(int(self.random.integers(1, 5))):
            tool.hover(self.bench, self._pointer(at, plane, control=control))
            tool.press(self.bench, self._pointer(at, plane, control=control))
            for _ in range(int(self.random.integers(0, 5))):
                at = at + GRID.direction[:, :2] @ self.random.normal(0, 2.5, 2)
                tool.drag(self.bench, self._pointer(at, plane, control=control))
            tool.release(self.bench, self._pointer(at, plane, control=control))
            at = at + GRID.direction[:, :2] @ self.random.normal(0, 3, 2)

    @staticmethod
    def _pointer(at: np.ndarray, plane: Plane, *, control: bool) -> Pointer:
        return Pointer(tuple(float(n) for n in at), plane, control=control, reach=(1.0, 1.0))

    def _take_or_leave(self) -> None:
        if self.bench.proposals.now is not None and self.random.random() < 0.9:
            self.bench.proposals.accept()

    def _operate(self) -> str:
        operation = self._one_of(operations())
        segments = self.workspace.labels.of(Segment)
        if operation.pair:
            operation.options = replace(operation.options, other=self._one_of(segments).id)
        active = self.workspace.labels.get(Segment, self.bench.active_segment or "")
        assert active is not None
        self.bench.proposals.show(operation.plan(Material.of(self.bench, [active]), Silent()))
        self.bench.proposals.accept()
        return operation.name

    def _change_element(self) -> str:
        way = self._one_of([self._new_segment, self._changed_segment, self._changed_segment, self._gone_segment, self._answer,
                            self._note])
        way()
        return way.__name__.strip("_").replace("_", " ")

    def _new_segment(self) -> None:
        labels = self.workspace.labels
        if len(labels.of(Segment)) < 6:
            group = self._one_of(["main", "second"])
            name = f"Structure {int(self.random.integers(1000))}"
            self.workspace.do(f"Add {name}", ElementChange.make(Segment(
                id=self._new_id(), group=group, value=labels.free_value(group), colour="#e69f00", category=_CODE, type=_CODE,
                name=name)))

    def _changed_segment(self) -> None:
        segment, number = self._one_of(self.workspace.labels.of(Segment)), int(self.random.integers(1 << 24))
        title, changed = self._one_of([("Rename", replace(segment, name=f"Structure {number}")),
                                       ("Recolour", replace(segment, colour=f"#{number:06x}")),
                                       ("Lock" if not segment.locked else "Unlock", replace(segment, locked=not segment.locked)),
                                       ("Set status of", replace(segment, status="checked"))])
        self.workspace.do(f"{title} {segment.name}", ElementChange.replace(segment, changed))

    def _gone_segment(self) -> None:
        segment = self._one_of(self.workspace.labels.of(Segment))
        gone = logic.segment_becomes(segment.group, self.workspace.labels.group(segment.group), segment.value, Patch.nothing(),
                                     authorship.HAND)
        changes = [] if gone is None else [gone]
        self.workspace.do(f"Delete {segment.name}", *changes, ElementChange.remove(segment))

    def _answer(self) -> None:
        name = self._one_of(["a", "b", "c"])
        before = self.workspace.labels.element(Answer.KIND, name)
        after = Answer(id=name, value=int(self.random.integers(1000))) if self.random.random() < 0.8 else None
        self.workspace.do(f"Answer {name}", ElementChange(Answer.KIND, name, before, after))

    def _note(self) -> None:
        before = self.workspace.labels.element(Note.KIND, "n")
        self.workspace.do("Note", ElementChange(Note.KIND, "n", before, Note(id="n", text=str(self.random.integers(1 << 30)))))

    def _point(self) -> np.ndarray:
        k, j, i = (int(self.random.integers(size)) for size in SHAPE)
        return np.asarray(GRID.to_patient(np.array([i, j, k], dtype=np.float64)))

    def _one_of(self, things):  # type: ignore[no-untyped-def]
        return things[int(self.random.integers(len(things)))]

    def _new_id(self) -> str:
        return self.random.bytes(8).hex()
