"""Tumours segmented by mouse and keys alone in the real window: Dice, millilitres, interactions, seconds of each mix of tools.

`python -m benchmarks segment_by_mouse` plays the ways the guide recommends; `python -m benchmarks.segment_by_mouse [TUMOUR …]
[--ways WAY …]` all of them, or some ("--list" names both). Off screen by itself; with QT_QPA_PLATFORM=xcb it is seen. The seconds
are a model of the person (`tests/fakes/mouse_hand.Pace`), also for a hand half as fast; this machine's stand beside them.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figure import Figure, Timing

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if sys.platform.startswith("linux"):
    os.environ.setdefault("VTK_DEFAULT_OPENGL_WINDOW", "vtkEGLRenderWindow")
sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

MINUTE = Timing(60_000, 60_000)
BEST = {"brain tumour": "freehand, every slice", "sarcoma CT": "freehand, every 3rd + fill",
        "sarcoma MR": "freehand, every 3rd + fill", "sarcoma PET": "freehand, every 2nd + fill"}


def run() -> Iterator[Figure]:
    for name, way in BEST.items():
        seconds = _played(name, way)
        yield Figure("#4", f"{name}: {way}, of a reader", Timing(seconds * 1000, seconds * 1000), "a minute", MINUTE)


def _played(name: str, way: str) -> float:
    """Prints what came of it; the seconds."""
    from benchmarks.room import application
    from fakes.mouse_hand import Pace
    from fakes.tumour_reader import WAYS, tumour_reader
    from fakes.tumours import made_tumour, real_tumours
    from real_data import DATA

    application()
    with tempfile.TemporaryDirectory() as folder:
        real = real_tumours(DATA)
        tumour = real[name]() if name in real else made_tumour(name, Path(folder))
        with tumour_reader(Path(folder, "room"), tumour) as reader:
            WAYS[way](reader)
            clock, truth_ml = reader.hand.clock, reader.truth().sum() * reader.page.presenter.volume.grid.voxel_ml
            print(f"{name:15} {way:35} Dice {reader.dice():.3f}  {reader.ml():6.2f} of {truth_ml:6.2f} mL  "
                  f"{clock.interactions:3d} interactions  {clock.seconds():5.1f} s, slow hand "
                  f"{clock.seconds(Pace(drag_mm_per_s=40)):5.1f} s; this machine {clock.thinking_s:5.1f} s", flush=True)
            return clock.seconds()


def main(words: list[str]) -> int:
    from fakes.tumour_reader import WAYS
    from fakes.tumours import MADE

    asked = argparse.ArgumentParser(description="Segment tumours by mouse.")
    asked.add_argument("tumours", nargs="*")
    asked.add_argument("--ways", nargs="*")
    asked.add_argument("--list", action="store_true")
    given = asked.parse_args(words)
    if given.list:
        print(*BEST, *MADE, "", *WAYS, sep="\n")
        return 0
    for name in given.tumours or (*BEST, *MADE):
        for way in given.ways or WAYS:
            _played(name, way)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
