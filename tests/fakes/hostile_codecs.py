"""Codecs that do what a codec may do when a file was made to harm it. They run in the worker process, never here."""

import ctypes
import os
import sys
import time

import numpy as np

from graticule.domain.errors import GraticuleError


def doubled(values, by=2):
    return np.asarray(values) * by


def who():
    return np.array([os.getpid()])


def crash():
    ctypes.string_at(0)


def hang():
    while True:
        time.sleep(0.01)


def hang_with_the_lock():
    """Native code that never gives the interpreter's lock back."""
    ctypes.PyDLL(None).sleep(600)


def greed():
    return np.ones(1 << 36, np.uint8)


def slow_greed():
    kept = []
    while True:
        kept.append(np.ones(64 << 20, np.uint8))


def too_many_pixels():
    return np.zeros(10_000, np.uint8)


def objects():
    return np.array([object()])


def refuse():
    raise GraticuleError("The picture is of a kind that nobody reads.", "Draw it again.")


def bug():
    raise KeyError("Sentinel Patience")


def leave():
    os._exit(0)


def lie():
    """A decoder that was taken over: it writes an answer of its own and goes."""
    text = b'{"dtype": "O", "shape": [-1, 99999999999]}'
    for number in range(3, 64):
        try:
            os.write(number, len(text).to_bytes(4, "little") + text)
        except OSError:
            continue
    sys.exit(0)


def write_a_file(path):
    with open(path, "wb") as file:
        file.write(b"x" * 100)
    return np.zeros(1)
