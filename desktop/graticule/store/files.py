"""Copies of a case's files inside the store, for those who import with --copy."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from graticule.domain.case import Case
from graticule.store.case_index import moved
from graticule.store.errors import in_words


def copy_in(case: Case, files: Path) -> Case:
    """The case with every file copied under `files`; copies keep their names, which some formats need to find each other."""
    folder = files / case.id.removeprefix("c1:")[:16]
    with in_words():
        folder.mkdir(parents=True, exist_ok=True)
        paths = {original: str(folder / name) for original, name in _names(source.path for source in case.sources).items()}
        for original, copy in paths.items():
            if not Path(copy).exists():
                shutil.copyfile(original, copy + ".part")
                about = os.stat(original)  # the time of change is by what an opening knows the file again
                os.utime(copy + ".part", ns=(about.st_atime_ns, about.st_mtime_ns))
                os.replace(copy + ".part", copy)
    return moved(case, paths)


def _names(paths: Iterable[str]) -> dict[str, str]:
    """A name for each path, unlike all others even where case does not count; a number goes in front of the second of a kind."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for path in dict.fromkeys(paths):
        name, number = Path(path).name, 1
        while name.lower() in taken:
            number += 1
            name = f"{number}-{Path(path).name}"
        taken.add(name.lower())
        names[path] = name
    return names
