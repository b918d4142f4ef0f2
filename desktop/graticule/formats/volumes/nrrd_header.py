"""The text header of an NRRD file (teem.sourceforge.net/nrrd/format.html), as words; numbers are made of them elsewhere."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Floats

# A segmentation of a hundred structures has some 100 KB of words; more than this is no header.
_LONGEST = 8 << 20
_DAMAGED = ("The NRRD file is damaged: its header cannot be read.", "Copy it again from its source.")
_SAME = {"datafile": "data file", "byteskip": "byte skip", "lineskip": "line skip", "spacedirections": "space directions",
         "spaceorigin": "space origin", "spacedimension": "space dimension", "spaceunits": "space units", "centers": "centerings"}


@dataclass(frozen=True, slots=True)
class NrrdHeader:
    """fields: the format's own, by their name in lower case. words: key/value pairs (":=") of whoever wrote it.

    start: bytes before the voxels, when these are in the same file.
    """

    fields: dict[str, str]
    words: dict[str, str]
    start: int

    def numbers(self, name: str) -> list[float]:
        try:
            return [float(word) for word in self.fields.get(name, "").split()]
        except ValueError as error:
            raise GraticuleError(*_DAMAGED) from error

    def sizes(self) -> list[int]:
        try:
            sizes = [int(word) for word in self.fields["sizes"].split()]
            if len(sizes) != int(self.fields["dimension"]):
                raise ValueError
        except (KeyError, ValueError) as error:
            raise GraticuleError(*_DAMAGED) from error
        return sizes

    def integer(self, name: str) -> int:
        try:
            return int(self.fields.get(name, "0"))
        except ValueError as error:
            raise GraticuleError(*_DAMAGED) from error

    def list_of(self, name: str) -> list[str]:
        """The words of a field with one for each axis, in lower case."""
        return self.fields.get(name, "").lower().split()

    def vectors(self, name: str) -> list[Floats | None]:
        """ "(1,0,0) none (0,1,0)" → one vector for each axis, None where there is none; [] when the field is missing."""
        found: list[Floats | None] = []
        for word in _vectors(self.fields.get(name, "")):
            try:
                vector = None if word == "none" else np.array([float(part) for part in word.split(",")])
            except ValueError as error:
                raise GraticuleError(*_DAMAGED) from error
            found.append(None if vector is None or np.isnan(vector).all() else vector)
        return found


def read_header(path: Path) -> NrrdHeader:
    """GraticuleError when the file does not begin like an NRRD file."""
    try:
        with path.open("rb") as file:
            data = file.read(_LONGEST)
    except OSError as error:
        raise GraticuleError("The file cannot be read.", "Check that it still exists and that you may open it.") from error
    if not data.startswith(b"NRRD000"):
        raise GraticuleError(*_DAMAGED)
    text, start = _up_to_empty_line(data)
    fields: dict[str, str] = {}
    words: dict[str, str] = {}
    for line in text.decode("utf-8", errors="replace").splitlines()[1:]:
        _take(line, fields, words)
    return NrrdHeader(fields, words, start)


def _up_to_empty_line(data: bytes) -> tuple[bytes, int]:
    ends = [(place, len(end)) for end in (b"\n\n", b"\r\n\r\n", b"\n\r\n") if (place := data.find(end)) >= 0]
    if not ends:
        return data, len(data)  # a detached header may end with the file
    place, length = min(ends)
    return data[:place], place + length


def _take(line: str, fields: dict[str, str], words: dict[str, str]) -> None:
    if line.startswith("#"):
        return
    key, pair, value = line.partition(":=")
    if pair and ": " not in key:
        words[key] = value
        return
    name, colon, value = line.partition(": ")
    if colon:
        name = name.strip().lower()
        fields[_SAME.get(name, name)] = value.strip()


def _vectors(text: str) -> list[str]:
    """Words of a field in which vectors stand in brackets."""
    found: list[str] = []
    for part in text.replace(" ", "").replace(")", ");").replace("none", "none;").split(";"):
        if part == "none":
            found.append(part)
        elif part.startswith("("):
            found.append(part.strip("()"))
        elif part:
            raise GraticuleError(*_DAMAGED)
    return found
