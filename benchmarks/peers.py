"""Peers in an environment of their own: they never become dependencies of the product.

GRATICULE_BENCH_PYTHON names an interpreter that has dicomsdl (`python -m venv peers && peers/bin/pip install dicomsdl numpy`);
without it the rows against dicomsdl are left out.
"""

import json
import os
import subprocess
from pathlib import Path

from benchmarks.figure import Timing

_SCRIPT = """
import json, sys, time
from statistics import median
import numpy, dicomsdl
task, count, paths = sys.argv[1], int(sys.argv[2]), json.load(sys.stdin)
KEYS = ("SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID", "ImagePositionPatient", "ImageOrientationPatient",
        "PixelSpacing", "Rows", "Columns", "BitsStored", "PixelRepresentation", "RescaleSlope", "RescaleIntercept",
        "InstanceNumber", "Modality", "ImageType")
def headers():
    for path in paths:
        data = dicomsdl.open(path, 0x7FE00000)
        for key in KEYS:
            getattr(data, key)
def volume():
    slices = []
    for path in paths:
        data = dicomsdl.open(path)
        place = data.ImagePositionPatient, data.ImageOrientationPatient, data.PixelSpacing
        slices.append((data.ImagePositionPatient[2], data.pixelData(storedvalue=True)))
    slices.sort(key=lambda pair: pair[0])
    numpy.stack([pixels for _, pixels in slices])
spans = []
for n in range(count + 1):
    start = time.perf_counter()
    {"headers": headers, "volume": volume}[task]()
    spans.append((time.perf_counter() - start) * 1000)
spans = sorted(spans[1:])
print(json.dumps([median(spans), spans[min(len(spans) - 1, int(len(spans) * 0.95))]]))
"""


def dicomsdl(task: str, paths: list[Path], count: int) -> Timing | None:
    """Median and 95th percentile of `count` runs of "headers" or "volume"; None where dicomsdl is not installed."""
    python = os.environ.get("GRATICULE_BENCH_PYTHON", "")
    if not python:
        return None
    done = subprocess.run([python, "-c", _SCRIPT, task, str(count)], input=json.dumps([str(path) for path in paths]),
                          capture_output=True, text=True, check=False)
    if done.returncode:
        return None
    return Timing(*json.loads(done.stdout))
