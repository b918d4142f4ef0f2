"""Assistant: show a program on another computer what is meant, by points, boxes, scribbles or a lasso; it proposes the rest."""

from dataclasses import dataclass, field
from functools import partial
from typing import ClassVar

import numpy as np

from graticule.domain.assistant import BOX, LASSO, POINT, SCRIBBLE, AssistantQuestion, Suggestion
from graticule.domain.case import Kind
from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.volume import Volume
from graticule.editing.proposal import BECOMES, GAINS, Proposal, Proposed
from graticule.editing.tools.in_hand import refuse_in_a_slab, segment_in_hand, segment_name
from graticule.editing.tools.prompt_shapes import Drawn, outline_of, prompt_of
from graticule.editing.tools.tool import Bench, Outline, Pointer, ToolAct
from graticule.imaging.authorship import MACHINE
from graticule.imaging.patch import Patch

ASK, CLEAR = "ask", "clear"


@dataclass(frozen=True, slots=True)
class AssistantOptions:
    """shows: what the hand draws. onward: the assistant begins with what the segment holds already."""

    shows: str = field(default=POINT, metadata={"label": "Show by", "choices": {
        POINT: "Point", BOX: "Box", SCRIBBLE: "Scribble", LASSO: "Lasso"}})
    onward: bool = field(default=False, metadata={"label": "Go on from what is outlined"})


class AssistantTool:
    name: ClassVar[str] = "assistant"
    title: ClassVar[str] = "Assistant"
    key: ClassVar[str] = "Shift+Y"
    group: ClassVar[str] = "mark"
    family: ClassVar[str] = "grow"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.VOLUME,)
    hint: ClassVar[str] = "Click or draw what belongs; Ctrl: what does not; Enter takes the proposal, Esc drops it"
    acts: ClassVar[tuple[ToolAct, ...]] = (ToolAct(ASK, "Ask the assistant"), ToolAct(CLEAR, "Clear the prompts"))

    def __init__(self) -> None:
        self.options = AssistantOptions()
        self.drawn: list[Drawn] = []
        self._path: list[Pointer] = []
        self._start: Array | None = None
        self._shown: Proposal | None = None
        self._at: Pointer | None = None
        self._near_mm = 0.0

    def press(self, bench: Bench, pointer: Pointer) -> None:
        refuse_in_a_slab(pointer)
        self._ready(bench)
        self._path = [pointer]

    def drag(self, bench: Bench, pointer: Pointer) -> None:
        if self._path:
            self._path = [self._path[0], pointer] if self.options.shows == BOX else [*self._path, pointer]

    def release(self, bench: Bench, pointer: Pointer) -> None:
        if not self._path:
            return
        self.drag(bench, pointer)
        path, self._path = self._path, []
        prompt = prompt_of(self.options.shows, bench.canvas.grid, path)
        if prompt is not None:
            self._forget_accepted(bench)
            self.drawn.append(Drawn(prompt, tuple(step.at for step in path), path[0].plane))
            self._ask(bench)

    def hover(self, bench: Bench, pointer: Pointer | None) -> None:
        self._at = pointer
        self._near_mm = max(bench.canvas.grid.spacing_mm) / 2

    def cancel(self, bench: Bench) -> None:
        """Esc: the stroke under way; else the prompts, with the proposal they led to."""
        if self._path:
            self._path = []
        else:
            self._clear()

    def finish(self, bench: Bench) -> None:
        """Enter while nothing is proposed: ask, with whatever has been shown."""
        self._ready(bench)
        self._ask(bench)

    def act(self, bench: Bench, name: str) -> None:
        if name == CLEAR:
            self._clear()
            bench.thinking.stop()
            bench.proposals.drop()
        else:
            self.finish(bench)

    def take_back(self, bench: Bench, number: int) -> None:
        """Show the assistant one thing less; it answers anew."""
        del self.drawn[number]
        bench.proposals.drop()
        if self.drawn:
            self._ask(bench)

    def changed(self, bench: Bench) -> None:
        self._start = None

    def labels_changed(self, bench: Bench) -> None:
        """After the proposal was taken, or anything else was done, the next prompt begins anew."""
        self._start = None
        if self._shown is not None and bench.workspace.undo_title == self._shown.title:
            self._clear()

    def put_away(self, bench: Bench) -> None:
        self._path = []
        self._clear()

    def preview(self) -> tuple[Outline, ...]:
        shown = tuple(drawn.outline() for drawn in self.drawn if self._on_plane(drawn))
        if len(self._path) < 2:
            return shown
        first, points = self._path[0], tuple(step.at for step in self._path)
        return (*shown, outline_of(self.options.shows, points, first.plane, positive=not first.control))

    def _on_plane(self, drawn: Drawn) -> bool:
        """A prompt is seen where it was given, not on every slice."""
        plane = self._at.plane if self._at is not None else None
        if plane is None or self._at is None:
            return True
        away = (np.array(drawn.points) - np.array(self._at.at)) @ plane.normal
        return bool(np.abs(away).min() <= self._near_mm + 1e-6)

    def _ready(self, bench: Bench) -> Segment:
        """GraticuleError says why the assistant cannot be asked."""
        segment = segment_in_hand(bench)
        if bench.assistant is None:
            raise GraticuleError("No assistant is set up.", "Choose one under “Assistant” in the right column.")
        bench.assistant.refuse()
        model = bench.assistant.model
        if model is not None and model.prompts and self.options.shows not in model.prompts:
            raise GraticuleError("The chosen model does not understand this kind of prompt.", "Choose another way of showing.")
        if isinstance(bench.content, Volume) and not bench.content.arrived.all():
            raise GraticuleError("The image is still being read.", "Ask again in a moment.")
        return segment

    def _ask(self, bench: Bench) -> None:
        segment, assistant = self._ready(bench), bench.assistant
        if assistant is None or assistant.model is None:
            raise GraticuleError("The assistant's server has not answered yet.", "Look at its state in the right column.")
        if assistant.model.needs_prompt and not self.drawn:
            raise GraticuleError("The assistant has to be shown something first.", "Click into what you mean.")
        if self.options.onward and self._start is None:
            self._start = bench.workspace.labels.group(segment.group).values == segment.value
        name = segment_name(bench, segment)
        label = next((label for label in assistant.model.labels if label.casefold() == name.casefold()), "")
        canvas = bench.canvas
        question = AssistantQuestion(canvas.voxels, canvas.grid, assistant.image, assistant.model,
                                     tuple(drawn.prompt for drawn in self.drawn), self._start, label)
        bench.thinking.ask(assistant.asker(question), partial(self._answered, bench, segment.id, question),
                           title="Asking the assistant")

    def _answered(self, bench: Bench, segment_id: str, question: AssistantQuestion, found: Suggestion) -> None:
        segment, assistant = bench.workspace.labels.get(Segment, segment_id), bench.assistant
        if segment is None or assistant is None:
            return
        taken, left = _shares(bench, segment, found)
        way = BECOMES if question.start is not None else GAINS
        parts = tuple(Proposed(one.id, Patch(found.box, np.isin(found.values, values)), way if one.id == segment_id else GAINS)
                      for one, values in taken)
        voxels = sum(part.patch.voxels for part in parts)
        evidence = assistant.evidence(bench.new_id(), segment_id, len(question.prompts), voxels)
        title = f"{assistant.title} proposal: {', '.join(segment_name(bench, one) for one, _ in taken)}"
        ml = voxels * bench.canvas.grid.voxel_ml
        warning = "" if voxels else "The assistant found nothing here."
        if left:
            warning = f"Left out, since no segment has this name: {', '.join(left)}."
        note = f"{assistant.title}, prompts: {len(question.prompts)}, {ml:.1f} mL"
        self._shown = Proposal(title, parts, MACHINE, note, warning, evidence=(evidence,))
        bench.proposals.show(self._shown)

    def _forget_accepted(self, bench: Bench) -> None:
        """What was proposed is gone (dropped by another tool or act): what led to it too."""
        if self._shown is not None and bench.proposals.now is None and not bench.thinking.busy:
            self._clear()

    def _clear(self) -> None:
        self.drawn, self._start, self._shown = [], None, None


def _shares(bench: Bench, segment: Segment, found: Suggestion) -> tuple[list[tuple[Segment, list[int]]], list[str]]:
    """Which segment takes which of the answer's values, and the names of those that none takes.

    Names decide; an answer without names, or with none that is known here, is all for the segment in hand.
    """
    held = [int(value) for value in np.unique(found.values) if value]
    free = [one for one in bench.workspace.labels.of(Segment) if not one.locked]
    by_name = {segment_name(bench, one).casefold(): one for one in free}
    named = {value: by_name[found.names[value].casefold()] for value in held
             if value in found.names and found.names[value].casefold() in by_name}
    if not named:
        return [(segment, held)], []
    taken: dict[str, tuple[Segment, list[int]]] = {}
    for value, one in named.items():
        taken.setdefault(one.id, (one, []))[1].append(value)
    return list(taken.values()), [found.names.get(value, str(value)) for value in held if value not in named]
