"""Programs by others that read what we wrote, where they are installed: dcmqi and dciodvfy."""

import re
import shutil
import subprocess
import sysconfig
import tempfile
from pathlib import Path

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Grid
from graticule.formats.export.exported import Check, differs
from graticule.formats.masks import masks_in, on_grid

NOT_HERE = "not available on this computer"
_PATIENCE_S = 120
_QUOTED = re.compile(r"<[^>]*>")  # values, which may be names


def checked_by_dcmqi(path: Path, numbered: Array, grid: Grid) -> Check:
    """dcmqi converts the SEG to NRRD; every segment must have our voxels.

    numbered: (k, j, i) uint8, segment numbers 1, 2, 3, … on `grid`. Sheared or uneven stacks are beyond dcmqi.
    """
    program = _program("segimage2itkimage")
    if program is None:
        return Check("dcmqi", NOT_HERE)
    with tempfile.TemporaryDirectory() as folder:
        code, _ = _run([program, "--inputDICOM", str(path), "--outputDirectory", folder, "-t", "nrrd"])
        files = {int(file.stem.split("-")[-1]): file for file in Path(folder).glob("*.nrrd")
                 if file.stem.split("-")[-1].isdigit()}
        if code != 0 or sorted(files) != list(range(1, int(numbered.max()) + 1)):
            return Check("dcmqi", "could not convert this geometry")
        for number, file in files.items():
            theirs = _voxels(file, grid)
            if theirs is None:
                return Check("dcmqi", "not comparable: it needs evenly spaced, untilted slices")
            if not np.array_equal(theirs, numbered == number):
                raise differs(path, "dcmqi", f"segment {number} has other voxels")
    return Check("dcmqi", f"equal: {len(files)} segments")


def _voxels(file: Path, grid: Grid) -> Array | None:
    try:
        found = masks_in(file)
    except GraticuleError:
        return None
    whole = found[0].grid
    return on_grid(type(found[0])("", 0, np.logical_or.reduce([mask.voxels for mask in found]), whole), grid)


def checked_by_dciodvfy(path: Path) -> Check:
    """David Clunie's conformance checker: its errors are reported, not hidden; they do not undo the export."""
    program = _program("dciodvfy")
    if program is None:
        return Check("dciodvfy", NOT_HERE)
    _, text = _run([program, str(path)])
    errors = [_QUOTED.sub("<…>", line) for line in text.splitlines() if line.startswith("Error")]
    return Check("dciodvfy", "no errors" if not errors else f"{len(errors)} errors: {errors[0]}")


def _program(name: str) -> str | None:
    """On the path, or among the scripts of this Python."""
    return shutil.which(name) or shutil.which(name, path=sysconfig.get_path("scripts"))


def _run(command: list[str]) -> tuple[int, str]:
    """(exit code, stdout and stderr); a program that does not start or does not end counts as failed."""
    hidden: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # Windows only: no console flashes up
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=_PATIENCE_S, check=False,
                              creationflags=hidden)
    except (OSError, subprocess.TimeoutExpired):
        return 1, ""
    return done.returncode, done.stdout + done.stderr
