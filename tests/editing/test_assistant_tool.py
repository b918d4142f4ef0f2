"""The assistant tool: prompts become voxels, answers become proposals of a machine, and a protocol can forbid all of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from fakes.assistants import OwnSpeaker, World, served
from fakes.images import opened_with, ramp_volume
from graticule.assistants.nninteractive import NnInteractive
from graticule.domain.assistant import BOX, LASSO, POINT, SCRIBBLE, AssistantClient, AssistantNode
from graticule.domain.codes import Code
from graticule.domain.edits import ElementChange, voxel_change
from graticule.domain.elements import Assistance, Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import AUTHOR_HAND, AUTHOR_MACHINE, AUTHOR_MACHINE_CORRECTED
from graticule.editing.tools.assistant import AssistantTool
from graticule.editing.tools.tool import Bench, Plane, Pointer
from graticule.imaging import authorship
from graticule.presenters.assistants import AssistantSort, CaseAssistant
from graticule.study.protocol import AFTER_READ, ALLOWED, NEVER, parse_protocol

CODE = Code("graticule", "liver", "1")
VOLUME = ramp_volume()
BODY = (slice(10, 14), slice(12, 20), slice(20, 30))


class Set:
    """One server that somebody set up, or none; remembers what was noted."""

    def __init__(self, address: str) -> None:
        self.chosen: AssistantNode | None = AssistantNode("nninteractive", address) if address else None
        self.noted: list[Mapping[str, Any]] = []

    def sorts(self) -> Sequence[AssistantSort]:
        return [AssistantSort("nninteractive", "nnInteractive", "http://gpu:1527")]

    def node(self) -> AssistantNode | None:
        return self.chosen

    def keep(self, node: AssistantNode | None, key: str | None) -> None:
        self.chosen = node

    def connected(self, node: AssistantNode) -> AssistantClient:
        return NnInteractive(node, "", 5.0)

    def note(self, data: Mapping[str, Any]) -> None:
        self.noted.append(data)


class Desk:
    """A case with a bright body, a segment in hand, and the assistant tool."""

    def __init__(self, address: str, rule: str = ALLOWED, signed_before: bool = False) -> None:
        voxels = np.zeros_like(VOLUME.voxels)
        voxels[BODY] = 500
        self.opened = opened_with(replace(VOLUME, voxels=voxels))
        self.workspace = self.opened.workspace
        self.bench = Bench(self.workspace, self.opened.content, self.opened.ontology, self.opened.new_id, active_segment="s1")
        tumour = Segment(id="s1", group="main", value=1, colour="#ff0000", category=CODE, type=CODE, name="Tumour")
        self.workspace.do("Add Tumour", ElementChange.make(tumour))
        self.source = Set(address)
        self.assistant = CaseAssistant("c1:image", rule, lambda: signed_before, self.source, self.opened.runner, self.opened.bus)
        self.workspace.machine_refused = self.assistant.forbidden
        self.bench.assistant = self.assistant
        self.tool = AssistantTool()
        self.assistant.look()

    def at(self, k: int, j: int, i: int, *, control: bool = False) -> Pointer:
        grid = VOLUME.grid
        plane = Plane("axial", grid.direction[:, 0], grid.direction[:, 1], grid.normal, 1.0)
        return Pointer(tuple(grid.to_patient(np.array([i, j, k], dtype=float))), plane, control=control)

    def draw(self, kind: str, *places: Pointer) -> None:
        self.tool.options = replace(self.tool.options, shows=kind)
        self.tool.press(self.bench, places[0])
        for place in places[1:]:
            self.tool.drag(self.bench, place)
        self.tool.release(self.bench, places[-1])

    @property
    def mask(self) -> np.ndarray:
        return self.workspace.labels.group("main").values == 1


def body() -> np.ndarray:
    mask = np.zeros(VOLUME.grid.shape, dtype=bool)
    mask[BODY] = True
    return mask


@pytest.mark.parametrize("kind", [POINT, BOX, SCRIBBLE, LASSO])
def test_what_is_taken_is_the_machines(kind: str) -> None:
    with served(OwnSpeaker) as (address, _):
        desk = Desk(address)
        places = [desk.at(12, 14, 22), desk.at(12, 14, 27), desk.at(12, 18, 27), desk.at(12, 18, 22)]
        desk.draw(kind, *places[:1] if kind == POINT else places[:3:2] if kind == BOX else places)
        assert not desk.mask.any(), "shown, not done"
        proposal = desk.bench.proposals.now
        assert proposal is not None and proposal.act == authorship.MACHINE
        desk.bench.proposals.accept()
        desk.tool.labels_changed(desk.bench)
        assert np.array_equal(desk.mask, body())
        authors = desk.workspace.labels.group("main").authors
        assert set(np.unique(authors[BODY])) == {AUTHOR_MACHINE}
        (kept,) = desk.workspace.labels.of(Assistance)
        assert (kept.assistant, kept.model, kept.prompts, kept.segment) == ("nninteractive", "nnInteractive", 1, "s1")
        assert address not in kept.server and len(kept.server) == 64
        assert desk.source.noted == [{"case": "c1:image", "model": "nnInteractive", "prompts": 1, "assistant": "nninteractive",
                                      "server": kept.server}]
        assert "nnInteractive" in (desk.workspace.undo_title or "") and desk.tool.drawn == []
        desk.workspace.undo()
        assert not desk.mask.any() and desk.workspace.labels.of(Assistance) == []
        assert len(desk.source.noted) == 1, "that it was asked is not undone"


def test_a_hand_that_corrects_is_seen() -> None:
    with served(OwnSpeaker) as (address, _):
        desk = Desk(address)
        desk.draw(POINT, desk.at(12, 14, 22))
        desk.bench.proposals.accept()
        group = desk.workspace.labels.group("main")
        index = np.flatnonzero(body())[:3]
        author = authorship.authors_after(AUTHOR_HAND, group.values.reshape(-1)[index], group.authors.reshape(-1)[index],
                                          np.zeros(3, dtype=np.uint8))
        change = voxel_change("main", group, index, 0, author)
        assert change is not None
        desk.workspace.do("Erase", change)
        assert set(group.authors.reshape(-1)[index]) == {AUTHOR_MACHINE_CORRECTED}


def test_prompts_add_up_can_be_taken_back_and_cleared() -> None:
    with served(OwnSpeaker, World()) as (address, world):
        desk = Desk(address)
        desk.draw(POINT, desk.at(12, 14, 22))
        desk.draw(POINT, desk.at(2, 2, 2, control=True))
        assert [drawn.prompt.positive for drawn in desk.tool.drawn] == [True, False]
        assert [told[2] for told in world.told] == [True, False] and world.uploads == 1
        desk.tool.take_back(desk.bench, 1)
        assert desk.bench.proposals.now is not None and "prompts: 1" in desk.bench.proposals.now.note
        desk.tool.act(desk.bench, "clear")
        assert desk.tool.drawn == [] and desk.bench.proposals.now is None and not desk.mask.any()


def test_without_an_assistant_it_says_so_and_nothing_goes_out() -> None:
    desk = Desk("")
    with pytest.raises(GraticuleError, match="No assistant is set up"):
        desk.draw(POINT, desk.at(12, 14, 22))
    with served(OwnSpeaker) as (address, _):
        pass
    gone = Desk(address)
    with pytest.raises(GraticuleError, match="Nothing answers"):
        gone.draw(POINT, gone.at(12, 14, 22))


@pytest.mark.parametrize(("rule", "signed_before", "allowed"), [(ALLOWED, False, True), (NEVER, True, False),
                                                                (AFTER_READ, False, False), (AFTER_READ, True, True)])
def test_the_protocol_decides_below_the_screen(rule: str, signed_before: bool, allowed: bool) -> None:
    with served(OwnSpeaker) as (address, world):
        desk = Desk(address, rule, signed_before)
        assert bool(world.asked) is allowed, "a forbidden server is not even looked at"
        group = desk.workspace.labels.group("main")
        forged = voxel_change("main", group, np.array([5, 6]), 1, AUTHOR_MACHINE)
        evidence = Assistance(id="e", assistant="x", model="y", server="0", prompts=1, segment="s1", voxels=2)
        assert forged is not None
        for change in (forged, ElementChange.make(evidence)):
            if allowed:
                desk.workspace.do("Forged", change)
                desk.workspace.undo()
            else:
                with pytest.raises(GraticuleError, match="study"):
                    desk.workspace.do("Forged", change)
        by_hand = voxel_change("main", group, np.array([5, 6]), 1, AUTHOR_HAND)
        assert by_hand is not None and desk.workspace.do("Paint", by_hand) is not None
        if not allowed:
            with pytest.raises(GraticuleError, match="study"):
                desk.draw(POINT, desk.at(12, 14, 22))
            assert world.asked == []


def test_a_rule_that_is_none_is_refused() -> None:
    document = {"title": "T", "version": "1", "project": "p", "questions": [], "ontology": []}
    assert parse_protocol(document).assistants == ALLOWED
    assert parse_protocol({**document, "assistants": "after-read"}).assistants == AFTER_READ
    with pytest.raises(GraticuleError, match="assistants"):
        parse_protocol({**document, "assistants": "sometimes"})
