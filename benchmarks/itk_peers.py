"""ITK's own grow-cut and contour interpolation, in an environment of their own: they never become dependencies of the product.

GRATICULE_BENCH_PYTHON names an interpreter that has them (`pip install itk-growcut itk-morphologicalcontourinterpolation`);
without it the rows against them are left out.
"""

import json
import os
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.figure import Timing

_SCRIPT = """
import json, sys, time
from statistics import median
import itk, numpy
task, count, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3]
given = numpy.load(folder + "/given.npz")
def image(array):
    made = itk.image_from_array(array)
    made.SetSpacing([float(n) for n in given["spacing"][::-1]])
    return made
def growcut():
    run = itk.FastGrowCut[itk.Image[itk.SS, 3], itk.Image[itk.UC, 3]].New()
    run.SetInput(image(given["voxels"]))
    run.SetSeedImage(image(given["seeds"]))
    run.SetDistancePenalty(float(given["penalty"]))
    run.Update()
    return run.GetOutput()
def between():
    run = itk.MorphologicalContourInterpolator[itk.Image[itk.UC, 3]].New()
    run.SetInput(image(given["drawn"]))
    run.SetAxis(2)
    run.Update()
    return run.GetOutput()
spans = []
for n in range(count):
    start = time.perf_counter()
    found = {"growcut": growcut, "between": between}[task]()
    spans.append((time.perf_counter() - start) * 1000)
numpy.save(folder + "/found.npy", itk.array_from_image(found))
spans.sort()
print(json.dumps([median(spans), spans[-1]]))
"""


def itk(task: str, count: int, **given: object) -> tuple[Timing, np.ndarray] | None:
    """Time and answer of "growcut" (voxels int16, seeds uint8, penalty, spacing) or "between" (drawn uint8, spacing).

    None without ITK.
    """
    python = os.environ.get("GRATICULE_BENCH_PYTHON", "")
    if not python:
        return None
    with tempfile.TemporaryDirectory() as folder:
        np.savez(Path(folder, "given.npz"), **{name: np.asarray(value) for name, value in given.items()})
        done = subprocess.run([python, "-c", _SCRIPT, task, str(count), folder], capture_output=True, text=True, check=False)
        # ITK may crash while its interpreter ends; its answer is complete by then.
        if not done.stdout.strip():
            return None
        return Timing(*json.loads(done.stdout.splitlines()[-1])), np.load(Path(folder, "found.npy"))
