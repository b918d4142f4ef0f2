"""Exports appear under their own names only once they are proven: until then they lie in a folder of their own."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from graticule.domain.case import Case
from graticule.domain.errors import GraticuleError
from graticule.formats.export.exported import Exported

_UNPROVEN = ".graticule-unproven-"


@contextmanager
def unproven(out: Path) -> Iterator[Path]:
    """A folder in `out` (made when missing) for files that nobody has read back yet; gone afterwards with what is left in it."""
    out.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=_UNPROVEN, dir=out))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def put_down(made: Sequence[Exported], proof: Path, case: Case, out: Path) -> list[Exported]:
    """Move proven files and their proof into `out`; GraticuleError, and nothing moved, when one is a file of the case itself."""
    _refuse_own_files([*(file.path.name for file in made), proof.name], case, out)
    placed = [replace(file, path=_moved(file.path, out)) for file in made]
    _moved(proof, out)
    return placed


def _moved(path: Path, out: Path) -> Path:
    os.replace(path, out / path.name)
    return out / path.name


def _refuse_own_files(names: Sequence[str], case: Case, out: Path) -> None:
    own = {os.path.abspath(source.path) for source in case.sources}
    if any(os.path.abspath(out / name) in own for name in names):
        raise GraticuleError("The export would overwrite a file of the case itself.", "Choose another folder.")
