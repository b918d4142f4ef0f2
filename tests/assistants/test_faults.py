"""Servers that are gone, slow, cut off, wrong or hostile: one clear sentence each, and never a mask that is not one."""

import threading
import time
from collections.abc import Callable

import numpy as np
import pytest

from assistants.test_conversations import GRID, VOXELS, asked, mask_of, point, talking
from fakes.assistants import MonaiSpeaker, OwnSpeaker, SlicerSpeaker, served, until
from graticule.assistants.arrays import packed, unpack
from graticule.assistants.monai_label import MonaiLabel
from graticule.assistants.nninteractive import NnInteractive
from graticule.assistants.wire import Wire, checked_address
from graticule.domain.assistant import AssistantClient, AssistantNode, AssistantQuestion
from graticule.domain.errors import Cancelled, GraticuleError
from graticule.domain.progress import Silent, Stoppable

GARBLED, FAILED, LARGE, SIZE, CUT = "damaged", "failed while", "far more", "another size", "cut"
ANYWHERE = {"500": FAILED, "cut": CUT, "redirect": "another address"}
CASES = [
    *((MonaiSpeaker, MonaiLabel, fault, words) for fault, words in ANYWHERE.items()),
    *((OwnSpeaker, NnInteractive, fault, words) for fault, words in ANYWHERE.items()),
    *((SlicerSpeaker, NnInteractive, fault, words) for fault, words in ANYWHERE.items()),
    *((MonaiSpeaker, MonaiLabel, fault, words) for fault, words in {
        "truncated gzip": GARBLED, "wrong shape": SIZE, "NaN": "no labels", "fraction": "no labels", "256": "no labels",
        "elsewhere": "elsewhere", "huge claim": SIZE, "bomb": LARGE, "two masks": "several masks", "no file": "without a mask",
        "short form": GARBLED, "words": "without a mask"}.items()),
    *((OwnSpeaker, NnInteractive, fault, words) for fault, words in {
        "truncated gzip": GARBLED, "no gzip": GARBLED, "wrong shape": GARBLED, "NaN": GARBLED, "outside": GARBLED,
        "huge claim": GARBLED, "words": GARBLED, "full": "busy"}.items()),
    *((SlicerSpeaker, NnInteractive, fault, words) for fault, words in {
        "truncated gzip": GARBLED, "no gzip": GARBLED, "wrong shape": GARBLED, "bomb": LARGE, "forgot": "could not use",
        "words": GARBLED}.items()),
]


@pytest.mark.parametrize(("speaker", "make", "fault", "words"), CASES)
def test_one_clear_sentence(speaker: type, make: Callable[..., AssistantClient], fault: str, words: str) -> None:
    with talking(speaker, make) as (client, world):
        world.fault = fault
        with pytest.raises(GraticuleError, match=words) as told:
            client.suggest(asked(point(6, 8, 5)), Silent())
        assert "secret" not in str(told.value), "a server's own words may name files of its disk"
        world.fault = ""
        assert np.array_equal(mask_of(client, asked(point(6, 8, 5))), VOXELS >= 880), "and it goes on afterwards"


@pytest.mark.parametrize("fault", ["truncated gzip", "other file", "wrong shape"])
def test_a_nrrd_that_is_none(fault: str) -> None:
    with talking(MonaiSpeaker, MonaiLabel) as (client, world):
        world.answer_as, world.fault = ".nrrd", fault
        with pytest.raises(GraticuleError, match=SIZE if fault == "wrong shape" else GARBLED):
            client.suggest(asked(point(6, 8, 5)), Silent())


def test_nobody_there_and_nowhere() -> None:
    with served(OwnSpeaker) as (address, _):
        pass
    with pytest.raises(GraticuleError, match="Nothing answers"):
        NnInteractive(AssistantNode("", address)).look(Silent())
    for wrong in ("", "gpu:1527", "ftp://gpu", "http://", "http://user:pass@gpu", "http://gpu:99999", "http://gpu?x=1"):
        with pytest.raises(GraticuleError, match="address"):
            checked_address(wrong)


def test_another_server_is_no_assistant() -> None:
    with served(SlicerSpeaker) as (address, _), pytest.raises(GraticuleError, match="not an assistant of this kind"):
        MonaiLabel(AssistantNode("", address)).look(Silent())
    with served(MonaiSpeaker) as (address, _), pytest.raises(GraticuleError, match="not an assistant of this kind"):
        NnInteractive(AssistantNode("", address)).look(Silent())


def test_a_server_that_thinks_too_long() -> None:
    with served(OwnSpeaker) as (address, world):
        client = NnInteractive(AssistantNode("", address), "", 0.3)
        client.look(Silent())
        world.fault = "slow"
        with pytest.raises(GraticuleError, match="in time"):
            client.suggest(asked(point(6, 8, 5)), Silent())


def test_cancelling_does_not_wait_for_the_server() -> None:
    with talking(OwnSpeaker, NnInteractive) as (client, world):
        client.look(Silent())
        world.fault, progress, ended = "slow", Stoppable(), []

        def work() -> None:
            try:
                client.suggest(asked(point(6, 8, 5)), progress)
            except Cancelled:
                ended.append(time.monotonic())

        thread = threading.Thread(target=work)
        thread.start()
        until(lambda: "/set_image" in world.paths())
        asked_at = time.monotonic()
        progress.stop()
        thread.join(3)
        assert ended and ended[0] - asked_at < 2, "the server sleeps on, the reader does not"
        world.fault = ""
        assert np.array_equal(mask_of(client, asked(point(6, 8, 5))), VOXELS >= 880)


def test_a_long_way_out_is_told_and_can_be_left() -> None:
    voxels = np.random.default_rng(1).integers(0, 2000, (40, 300, 300)).astype(np.int16)
    steps: list[tuple[int, int]] = []

    class Telling:
        def step(self, done: int, total: int, text: str = "") -> None:
            steps.append((done, total))
            if done > 1 << 20:
                raise Cancelled

    with served(SlicerSpeaker) as (address, world):
        world.fault = "slow"
        client = Wire(AssistantNode("", address))
        body = [b"x", memoryview(voxels).cast("B")] * 40
        with pytest.raises((Cancelled, GraticuleError)):
            client.ask("POST", "/upload_image", Telling(), body=body)
        assert steps[0][1] == 40 * (1 + voxels.nbytes)


def test_the_container_holds_what_was_put_in() -> None:
    for dtype in (np.uint8, np.int16, np.float32):
        array = np.random.default_rng(2).integers(0, 200, (1, 5, 6, 7)).astype(dtype)
        assert np.array_equal(unpack(b"".join(packed(array)), array.shape), array)


def test_nothing_of_the_reader_or_the_patient_goes_out() -> None:
    """Only what a question holds can be sent: voxels, grid, prompts and one of the model's own words."""
    assert set(AssistantQuestion.__dataclass_fields__) == {"voxels", "grid", "image", "model", "prompts", "start", "label"}
    assert GRID.shape == VOXELS.shape
