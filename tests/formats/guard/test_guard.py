"""Whatever a codec does, the caller gets its array or one sentence, and the next frame is decoded."""

import os
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from graticule.domain.errors import GraticuleError
from graticule.formats.guard.client import Pool, guarded, warm

CODECS = "fakes.hostile_codecs:"


def run(name, *arguments, largest=1 << 16, seconds=0.0):
    return guarded(CODECS + name, *arguments, largest=largest, name="JPEG 2000 image", seconds=seconds)


def still_decodes():
    return np.array_equal(run("doubled", np.arange(5)), np.arange(0, 10, 2))


@pytest.mark.parametrize("dtype", ["u1", "<i2", ">u2", "i4", "f4", "f8", "?"])
@pytest.mark.parametrize("shape", [(3,), (4, 5), (2, 3, 3), (0, 7)])
def test_arrays_come_home_as_they_are(dtype, shape):
    values = np.arange(int(np.prod(shape)), dtype="i4").reshape(shape).astype(dtype)
    answer = run("doubled", values, 1)
    assert answer.shape == shape and np.array_equal(answer, values * 1)
    answer[...] = 0  # it belongs to the caller


@pytest.mark.parametrize("name,said", [
    ("crash", "makes the decoder fail"), ("greed", "more memory"), ("slow_greed", "more memory"),
    ("leave", "makes the decoder fail"),
    ("too_many_pixels", "more pixels than its header says"), ("objects", "more pixels"), ("bug", "is damaged")])
def test_every_end_of_a_codec_becomes_a_sentence(name, said):
    with pytest.raises(GraticuleError, match=f"The JPEG 2000 image cannot be decoded.*{said}") as told:
        run(name, largest=1000)
    assert told.value.hint and "Sentinel" not in str(told.value)
    assert still_decodes()


@pytest.mark.parametrize("name", ["hang", "hang_with_the_lock"])
def test_a_codec_without_end_is_ended(name):
    start = time.monotonic()
    with pytest.raises(GraticuleError, match="without end"):
        run(name, seconds=0.3)
    assert time.monotonic() - start < 20 and still_decodes()


def test_an_answer_is_believed_no_more_than_the_file():
    with pytest.raises(GraticuleError, match="cannot be decoded"):
        run("lie")
    assert still_decodes()


def test_a_refusal_keeps_its_own_words():
    with pytest.raises(GraticuleError, match="nobody reads") as told:
        run("refuse")
    assert told.value.hint == "Draw it again."


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limit")
def test_a_codec_writes_no_files(tmp_path):
    with pytest.raises(GraticuleError):
        run("write_a_file", tmp_path / "x")
    assert not (tmp_path / "x").exists() or (tmp_path / "x").stat().st_size == 0


def test_work_goes_on_in_another_process_and_beside_each_other():
    assert int(run("who")[0]) != os.getpid()
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda n: int(run("doubled", np.array([n]))[0]), range(200)))
    assert answers == list(range(0, 400, 2))


def test_crashes_of_some_do_not_disturb_the_others():
    def one(n):
        if n % 7:
            return int(run("doubled", np.array([n]))[0]) == 2 * n
        with pytest.raises(GraticuleError):
            run("crash")
        return True

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(one, range(40)))


def test_room_grows_for_a_large_image_and_is_given_back():
    pool = Pool(1)
    try:
        large = pool.run(CODECS + "doubled", (np.ones(40 << 20, np.uint8),), 40 << 20, "image", 60)
        assert large.size == 40 << 20 and int(large[-1]) == 2
        assert int(pool.run(CODECS + "doubled", (np.array([3]),), 100, "image", 60)[0]) == 6
    finally:
        pool.close()


def test_warming_twice_starts_nothing_more():
    warm()
    warm()
    assert still_decodes()
