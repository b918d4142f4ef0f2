"""Programs by others that read what we wrote, where they are installed: dcmqi and dciodvfy."""

import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Grid
from graticule.formats.export.exported import NOT_HERE, Check, differs
from graticule.formats.export.segment_rows import SegmentRow
from graticule.formats.masks import masks_in, on_grid

_PATIENCE_S = 120
_QUOTED = re.compile(r"<[^>]*>")  # values, which may be names


def checked_by_dcmqi(path: Path, rows: Sequence[SegmentRow], grid: Grid) -> Check:
    """dcmqi converts the SEG to NRRD; every segment must have our voxels. Sheared or uneven stacks are beyond dcmqi."""
    program = program_path("segimage2itkimage")
    if program is None:
        return Check("dcmqi", NOT_HERE)
    with tempfile.TemporaryDirectory() as folder:
        code, _ = run([program, "--inputDICOM", str(path), "--outputDirectory", folder, "-t", "nrrd"])
        files = {int(file.stem.split("-")[-1]): file for file in Path(folder).glob("*.nrrd")
                 if file.stem.split("-")[-1].isdigit()}
        if code != 0 or not files:
            return Check("dcmqi", "could not convert this geometry or kind")
        for row in rows:
            theirs = _voxels(files, row, grid)
            if theirs is None:
                return Check("dcmqi", "not comparable: it needs evenly spaced, untilted slices")
            if not np.array_equal(theirs, row.mask):
                raise differs(path, "dcmqi", f"segment {row.number} has other voxels")
    return Check("dcmqi", f"equal: {sum(row.voxels for row in rows)} voxels in {len(rows)} segments", proves=True)


def _voxels(files: Mapping[int, Path], row: SegmentRow, grid: Grid) -> Array | None:
    """The segment's voxels on `grid`: a file of its own, or one of several that share a label map."""
    try:
        own = files.get(row.number)
        found = masks_in(own) if own is not None and len(files) >= row.number else []
        if not found:
            return None
        mask = found[0] if len(found) == 1 else next((one for one in found if one.value == row.number), None)
        return None if mask is None else on_grid(mask, grid)
    except GraticuleError:
        return None


def checked_by_dciodvfy(path: Path, source: str = "") -> Check:
    """David Clunie's conformance checker: its errors are reported, not hidden; they do not undo the export.

    source: a file of the case. What is wrong in it already (an identifier too long) must be copied, and is told apart.
    """
    program = program_path("dciodvfy")
    if program is None:
        return Check("dciodvfy", NOT_HERE)
    errors = _errors(program, str(path))
    known = set(_errors(program, source)) if errors and source else set()
    own = [error for error in errors if error not in known]
    copied = f"; {len(errors) - len(own)} that the image has too" if len(errors) > len(own) else ""
    return Check("dciodvfy", (f"{len(own)} errors: {own[0]}" if own else "no errors") + copied)


def _errors(program: str, path: str) -> list[str]:
    _, text = run([program, path])
    return [_QUOTED.sub("<…>", line) for line in text.splitlines() if line.startswith("Error")]


def program_path(name: str) -> str | None:
    """Beside a frozen program, on the path, or among the scripts of this Python."""
    frozen: str = getattr(sys, "_MEIPASS", "")
    places = [str(Path(frozen, "readers"))] if frozen else []
    found = (shutil.which(name, path=place) for place in (*places, None, sysconfig.get_path("scripts")))
    return next((path for path in found if path), None)


def run(command: list[str]) -> tuple[int, str]:
    """(exit code, stdout and stderr); a program that does not start or does not end counts as failed."""
    hidden: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # Windows only: no console flashes up
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=_PATIENCE_S, check=False,
                              creationflags=hidden)
    except (OSError, subprocess.TimeoutExpired):
        return 1, ""
    return done.returncode, done.stdout + done.stderr
