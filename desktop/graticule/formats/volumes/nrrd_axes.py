"""Which axes of an NRRD file are the patient's, and what the others are."""

from dataclasses import dataclass

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Floats
from graticule.formats.volumes.nrrd_header import NrrdHeader

_OF_SPACE = ("domain", "space")
_COLOURS = {"rgb-color": 3, "rgba-color": 4, "3-color": 3, "4-color": 4}
_ITEMS = {"list": "volume", "time": "time", "vector": "component", "covariant-vector": "component", "normal": "component",
          "3-vector": "component", "2-vector": "component", "4-vector": "component", "3-gradient": "component",
          "3-normal": "component", "point": "component", "none": "volume", "???": "volume", "stub": "volume", "scalar": "volume"}
_LIKE = "Save each of its volumes as a file of three dimensions."


@dataclass(frozen=True, eq=False, slots=True)
class Axes:
    """shape: (k, j, i). inner, outer: numbers at each voxel, repetitions of the whole grid. item: what these are.

    directions: of i, j and k in the file's space, () when not stated. spacings: of i, j and k, 0 where not stated.
    """

    shape: tuple[int, int, int]
    inner: int
    outer: int
    colour: bool
    item: str
    directions: tuple[Floats, ...]
    spacings: tuple[float, ...]


def axes_of(header: NrrdHeader) -> Axes:
    """GraticuleError when there are not two or three axes of space, or more than one other."""
    sizes = header.sizes()
    vectors, kinds = header.vectors("space directions"), header.list_of("kinds")
    if any(field and len(field) != len(sizes) for field in (vectors, kinds)):
        raise GraticuleError("The NRRD file is damaged: its axes contradict each other.", "Copy it again from its source.")
    space = _axes_of_space(sizes, vectors, kinds)
    others = [axis for axis in range(len(sizes)) if axis not in space]
    if len(space) not in (2, 3) or len(others) > 1 or (others and others[0] not in (0, len(sizes) - 1)):
        raise GraticuleError(f"An NRRD file of {len(sizes)} dimensions: Graticule reads volumes of three.", _LIKE)
    kind = kinds[others[0]] if others and kinds else "???"
    colour = bool(others) and others[0] == 0 and _COLOURS.get(kind) == sizes[0] and header.fields.get("type", "") in (
        "uchar", "unsigned char", "uint8", "uint8_t")
    if others and not colour and kind not in _ITEMS:
        raise GraticuleError("An NRRD file of tensors or complex numbers, which Graticule does not read.", _LIKE)
    i, j, k = (sizes[axis] for axis in space) if len(space) == 3 else (*(sizes[axis] for axis in space), 1)
    inner, outer = ((sizes[0], 1) if others[0] == 0 else (1, sizes[-1])) if others else (1, 1)
    found = [vectors[axis] for axis in space] if vectors else []
    directions = tuple(vector[:3] for vector in found if vector is not None and vector.shape[0] >= 3)
    return Axes((k, j, i), inner, outer, colour, _ITEMS.get(kind, "volume"), directions if len(directions) == 3 else (),
                _spacings(header, space, len(sizes)))


def _axes_of_space(sizes: list[int], vectors: list[Floats | None], kinds: list[str]) -> list[int]:
    if vectors:
        return [axis for axis, vector in enumerate(vectors) if vector is not None]
    if kinds and any(kind not in (*_OF_SPACE, "???", "none") for kind in kinds):
        return [axis for axis, kind in enumerate(kinds) if kind in _OF_SPACE]
    return list(range(min(3, len(sizes))))


def _spacings(header: NrrdHeader, space: list[int], count: int) -> tuple[float, ...]:
    spacings = header.numbers("spacings")
    return tuple(spacings[axis] for axis in space) if len(spacings) == count else ()
