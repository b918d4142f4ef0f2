"""Assistants over real HTTP: what goes out, what comes back, and on which voxels."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import EntryPoint

import numpy as np
import pytest

from fakes.assistants import MonaiSpeaker, OwnSpeaker, SlicerSpeaker, World, served
from graticule.assistants.known import BUILT_IN, connected, kinds
from graticule.assistants.monai_label import MonaiLabel
from graticule.assistants.nninteractive import NnInteractive
from graticule.domain.assistant import (
    BOX,
    LASSO,
    POINT,
    SCRIBBLE,
    AssistantClient,
    AssistantModel,
    AssistantNode,
    AssistantQuestion,
    Prompt,
)
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Grid
from graticule.domain.progress import Silent

SHAPE = (9, 14, 11)
# Anisotropic, turned and sheared, so that nothing can be swapped or mirrored unseen.
AFFINE = np.array([[0.9, 0.05, 0.1, -20.0], [-0.04, 0.0, 2.9, 31.0], [0.02, -1.1, 0.2, 55.0], [0, 0, 0, 1]])
GRID = Grid(SHAPE, AFFINE)


def picture() -> np.ndarray:
    """Two bright bodies of other shapes, the first of them cut short at a corner of the grid."""
    voxels = np.zeros(SHAPE, dtype=np.int16)
    voxels[0:3, 0:5, 0:2] = 500
    voxels[5:8, 7:12, 4:9] = 900
    voxels[6, 8, 5:7] = 880
    return voxels


VOXELS = picture()
ONE, TWO = VOXELS == 500, VOXELS >= 880
ANY = AssistantModel("nnInteractive", (POINT, BOX, SCRIBBLE, LASSO))


def point(k: int, j: int, i: int, *, positive: bool = True) -> Prompt:
    return Prompt(POINT, positive, (slice(k, k + 1), slice(j, j + 1), slice(i, i + 1)), np.ones((1, 1, 1), dtype=bool))


def drawn(kind: str, *, positive: bool = True) -> Prompt:
    mask = np.array([[[True, False, True], [True, True, True]]])
    return Prompt(kind, positive, (slice(6, 7), slice(8, 10), slice(5, 8)), mask)


def asked(*prompts: Prompt, model: AssistantModel = ANY, image: str = "one", **more: object) -> AssistantQuestion:
    return AssistantQuestion(VOXELS, GRID, image, model, prompts, **more)  # type: ignore[arg-type]


def mask_of(client: AssistantClient, question: AssistantQuestion) -> np.ndarray:
    found = client.suggest(question, Silent())
    out = np.zeros(SHAPE, dtype=np.uint8)
    out[found.box] = found.values
    return out


@contextmanager
def talking(speaker: type, make: Callable[..., AssistantClient], key: str = "",
            world: World | None = None) -> Iterator[tuple[AssistantClient, World]]:
    with served(speaker, world) as (address, world):
        client = make(AssistantNode("", address), key, 5.0)
        yield client, world
        client.close()


@pytest.mark.parametrize("speaker", [OwnSpeaker, SlicerSpeaker])
def test_points_add_and_take_away(speaker: type) -> None:
    with talking(speaker, NnInteractive) as (client, world):
        assert client.look(Silent()).models[0].prompts == (POINT, BOX, SCRIBBLE, LASSO)
        first, second = point(6, 8, 5), point(1, 2, 1)
        assert np.array_equal(mask_of(client, asked(first)), TWO)
        assert np.array_equal(world.image, VOXELS)
        assert np.array_equal(mask_of(client, asked(first, second)), ONE | TWO)
        assert np.array_equal(mask_of(client, asked(first, second, point(6, 8, 6, positive=False))), ONE)
        assert world.uploads == 1 and len(world.told) == 3, "one more prompt is one more request"


@pytest.mark.parametrize("speaker", [OwnSpeaker, SlicerSpeaker])
@pytest.mark.parametrize("kind", [BOX, SCRIBBLE, LASSO])
def test_what_is_drawn_lies_where_it_was_drawn(speaker: type, kind: str) -> None:
    with talking(speaker, NnInteractive) as (client, world):
        assert np.array_equal(mask_of(client, asked(drawn(kind))), TWO)
        assert world.told == [(f"/add_{'bbox' if kind == BOX else kind}_interaction", 1 if kind == BOX else 5, True)]


@pytest.mark.parametrize("speaker", [OwnSpeaker, SlicerSpeaker])
def test_another_list_of_prompts_begins_anew(speaker: type) -> None:
    with talking(speaker, NnInteractive) as (client, world):
        mask_of(client, asked(point(6, 8, 5), point(1, 2, 1)))
        assert np.array_equal(mask_of(client, asked(point(1, 2, 1))), ONE)
        start = np.zeros(SHAPE, dtype=bool)
        start[4, 4, 4] = True
        assert np.array_equal(mask_of(client, asked(point(1, 2, 1), start=start)), ONE | start)
        assert world.uploads == 1
        mask_of(client, asked(point(1, 2, 1), image="two"))
        assert world.uploads == 2


def test_a_lost_place_is_claimed_again_with_everything() -> None:
    with talking(OwnSpeaker, NnInteractive) as (client, world):
        first = point(6, 8, 5)
        mask_of(client, asked(first))
        world.lease, world.image, world.mask = "given to somebody else", None, None
        assert np.array_equal(mask_of(client, asked(first, point(1, 2, 1))), ONE | TWO)
        assert (world.claims, world.uploads) == (2, 2)


@pytest.mark.parametrize("sessions", [True, False])
@pytest.mark.parametrize("answer_as", [".nii.gz", ".nrrd"])
@pytest.mark.parametrize("flip", [False, True])
def test_monai_label_answers_on_our_grid(sessions: bool, answer_as: str, flip: bool) -> None:
    world = World(sessions=sessions, answer_as=answer_as, flip=flip)
    with talking(MonaiSpeaker, MonaiLabel, world=world) as (client, world):
        models = {model.name: model for model in client.look(Silent()).models}
        assert set(models) == {"deepedit", "deepgrow_3d", "segmentation"}, "what answers with no mask of a volume is left out"
        assert models["deepgrow_3d"].needs_prompt and not models["segmentation"].needs_prompt
        edit = models["deepedit"]
        found = client.suggest(asked(point(6, 8, 5), point(1, 2, 1, positive=False), model=edit, label="tumour"), Silent())
        assert np.array_equal(found.values == 1, TWO) and found.names == {1: "tumour"}
        assert np.array_equal(world.image, VOXELS.T), "NIfTI's first axis is i"
        assert np.allclose(np.diag([-1, -1, 1, 1]) @ world.affine, AFFINE, atol=1e-5)
        assert world.told[0]["foreground"] == [[5, 8, 6]] and world.told[0]["background"] == [[1, 2, 1]]
        whole = client.suggest(asked(model=models["segmentation"]), Silent())
        assert np.array_equal(whole.values == 1, ONE | TWO)
        assert world.uploads == 1


def test_an_expired_session_is_opened_again() -> None:
    with talking(MonaiSpeaker, MonaiLabel) as (client, world):
        mask_of(client, asked(point(6, 8, 5)))
        world.image = None
        assert np.array_equal(mask_of(client, asked(point(6, 8, 5))), TWO)
        assert world.uploads == 2


def test_uneven_slices_cannot_be_told_as_nifti() -> None:
    uneven = Grid(SHAPE, AFFINE, levels=np.cumsum(np.r_[0.0, np.linspace(1, 2, SHAPE[0] - 1)]))
    with talking(MonaiSpeaker, MonaiLabel) as (client, world):
        with pytest.raises(GraticuleError, match="unevenly"):
            client.suggest(AssistantQuestion(VOXELS, uneven, "one", ANY, (point(6, 8, 5),)), Silent())
        assert world.image is None, "nothing was sent"


@pytest.mark.parametrize(("speaker", "make"), [(MonaiSpeaker, MonaiLabel), (OwnSpeaker, NnInteractive),
                                               (SlicerSpeaker, NnInteractive)])
def test_the_access_key_opens(speaker: type, make: Callable[..., AssistantClient]) -> None:
    with talking(speaker, make, key="swordfish", world=World(key="swordfish")) as (client, _):
        assert client.look(Silent()).models
    with (talking(speaker, make, key="guess", world=World(key="swordfish")) as (client, _),
          pytest.raises(GraticuleError, match="access key")):
        client.look(Silent())


def test_values_that_are_no_numbers_are_sent_as_the_least() -> None:
    voxels = VOXELS.astype(np.float64)
    voxels[0, 13, 10] = np.nan
    with talking(OwnSpeaker, NnInteractive) as (client, world):
        client.suggest(AssistantQuestion(voxels, GRID, "one", ANY, (point(6, 8, 5),)), Silent())
        assert world.image.dtype == np.float32 and world.image[0, 13, 10] == 0 and np.isfinite(world.image).all()


def test_an_assistant_comes_by_entry_point() -> None:
    added = [EntryPoint("mine", "assistants.test_conversations:Mine", "graticule.assistants"),
             EntryPoint("broken", "nowhere.at.all:Gone", "graticule.assistants")]
    troubles: list[GraticuleError] = []
    found = kinds(troubles.append, added)
    assert [kind.name for kind in found] == [*(kind.name for kind in BUILT_IN), "mine"] and len(troubles) == 1
    with pytest.raises(GraticuleError, match="not installed"):
        connected(AssistantNode("other", "http://x"), "")


class Mine(MonaiLabel):
    name = "mine"
