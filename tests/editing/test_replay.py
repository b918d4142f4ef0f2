"""A replay shows every moment exactly as it was, in any order, and never touches what stands."""

import hypothesis.strategies as st
import numpy as np
from hypothesis import given, settings

from editing.any_edit import SHAPE, Reader
from fakes.journal import FakeJournal
from graticule.domain.edits import apply_changes
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Labels
from graticule.domain.progress import Silent
from graticule.editing.events import Bus, LabelsChanged
from graticule.editing.replay import BLOCK, Replay, net
from graticule.editing.workspace import Workspace


def worked(acts: int, seed: int) -> tuple[Workspace, FakeJournal, list[Labels]]:
    """A workspace, its journal, and the labels after each row of it (the first: before any)."""
    journal, bus = FakeJournal(), Bus()
    workspace = Workspace("case", Labels(SHAPE), journal, bus)
    moments, reader = [workspace.labels.copy()], Reader(workspace, np.random.default_rng(seed))

    def note(event: LabelsChanged) -> None:
        if event.committed and len(moments) <= acts:
            moments.append(workspace.labels.copy())

    bus.subscribe(LabelsChanged, note)
    while len(moments) <= acts:
        reader.act()
    workspace.labels = moments[acts].copy()  # the last gesture may have been several acts
    return workspace, journal, moments


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000), places=st.lists(st.integers(0, 40), min_size=1, max_size=12))
def test_any_moment_in_any_order(seed: int, places: list[int]) -> None:
    workspace, journal, moments = worked(40, seed)
    now = workspace.labels.copy()
    replay = Replay(workspace.labels.copy(), 40, journal.edit)
    for place in places:
        replay.go(place)
        assert replay.at == place and replay.labels == moments[place]
    assert workspace.labels == now


def test_prepared_strides_lead_to_the_same_moments() -> None:
    acts = 2 * BLOCK + 9
    workspace, journal, moments = worked(acts, 3)
    replay = Replay(workspace.labels.copy(), acts, journal.edit)
    replay.prepare(Silent())
    asked: list[int] = []
    replay._edit = lambda seq: (asked.append(seq), journal.edit(seq))[1]
    for place in (0, acts, 5, BLOCK, 2 * BLOCK + 1, 1, 0):
        replay.go(place)
        assert replay.labels == moments[place], place
    assert len(asked) < acts * 2, "whole blocks were taken at a stride"


def test_a_net_is_the_first_before_and_the_last_after() -> None:
    _, journal, moments = worked(BLOCK, 11)
    changes = net(journal.edit(seq).changes for seq in range(1, BLOCK + 1))
    assert changes is not None
    labels = Labels(SHAPE)
    apply_changes(labels, changes)
    assert labels == moments[-1]


def test_nothing_can_be_painted_while_an_earlier_moment_is_shown() -> None:
    workspace, _, _ = worked(5, 1)
    now, workspace.replaying = workspace.labels.copy(), True
    for act in (workspace.undo, workspace.redo):
        try:
            act()
        except GraticuleError as refused:
            assert "earlier moment" in refused.message
    assert workspace.labels == now
