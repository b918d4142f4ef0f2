"""The header of NIfTI-1 and NIfTI-2 (nifti.nimh.nih.gov: nifti1.h, nifti2.h), both byte orders, as plain numbers."""

import struct
from dataclasses import dataclass

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Floats

BYTES = 540
_DAMAGED = ("The NIfTI file is damaged: its header cannot be read.", "Copy it again from its source.")
# name → (type, offset in the header) of the fields that matter here.
_FIRST = {"dim": ("8h", 40), "datatype": ("h", 70), "pixdim": ("8f", 76), "offset": ("f", 108), "scale": ("2f", 112),
          "shown": ("2f", 124), "units": ("B", 123), "codes": ("2h", 252), "quatern": ("3f", 256), "origin": ("3f", 268),
          "rows": ("12f", 280)}
_SECOND = {"dim": ("8q", 16), "datatype": ("h", 12), "pixdim": ("8d", 104), "offset": ("q", 168), "scale": ("2d", 176),
           "shown": ("2d", 192), "units": ("i", 500), "codes": ("2i", 344), "quatern": ("3d", 352), "origin": ("3d", 376),
           "rows": ("12d", 400)}


@dataclass(frozen=True, eq=False, slots=True)
class NiftiHeader:
    """order: "<" or ">". dim: the sizes, without their count. pixdim: all eight. offset: of the voxels in their file.

    sform, qform: 4×4, indices → RAS in the file's unit of length. quatern: b, c, d.
    """

    version: int
    order: str
    single: bool
    dim: tuple[int, ...]
    datatype: int
    pixdim: tuple[float, ...]
    offset: int
    slope: float
    intercept: float
    shown: tuple[float, float]
    units: int
    qform_code: int
    sform_code: int
    quatern: tuple[float, ...]
    origin: tuple[float, ...]
    sform: Floats

    @property
    def qform(self) -> Floats:
        """From the quaternion (nifti1.h, method 2): a rotation, steps from pixdim, the third axis turned when pixdim[0] < 0."""
        b, c, d = self.quatern
        rest = 1.0 - (b * b + c * c + d * d)
        if rest < 1e-7:
            length = float(np.sqrt(b * b + c * c + d * d)) or 1.0
            a, b, c, d = 0.0, b / length, c / length, d / length
        else:
            a = float(np.sqrt(rest))
        turn = np.array([[a*a + b*b - c*c - d*d, 2*b*c - 2*a*d, 2*b*d + 2*a*c],
                         [2*b*c + 2*a*d, a*a + c*c - b*b - d*d, 2*c*d - 2*a*b],
                         [2*b*d - 2*a*c, 2*c*d + 2*a*b, a*a + d*d - c*c - b*b]])
        steps = np.abs(np.array(self.pixdim[1:4]))
        steps[2] *= -1 if self.pixdim[0] < 0 else 1
        affine = np.eye(4)
        affine[:3, :3], affine[:3, 3] = turn * steps, self.origin
        return affine


def is_header(head: bytes) -> bool:
    """Whether a file begins like NIfTI-1, NIfTI-2 or Analyze 7.5."""
    return head[:4] in (b"\x5c\x01\0\0", b"\0\0\x01\x5c", b"\x1c\x02\0\0", b"\0\0\x02\x1c")


def parse(head: bytes) -> NiftiHeader:
    """GraticuleError when it is no NIfTI header, or Analyze 7.5, which does not say which side is left."""
    if not is_header(head):
        raise GraticuleError(*_DAMAGED)
    order = "<" if head[0] else ">"
    second = (head[1] if order == "<" else head[2]) == 2
    if len(head) < (540 if second else 348):
        raise GraticuleError(*_DAMAGED)
    magic = head[4:7] if second else head[344:347]
    if magic not in ((b"n+2", b"ni2") if second else (b"n+1", b"ni1")):
        raise GraticuleError("An Analyze 7.5 file, which does not say which side is left: Graticule does not read it.",
                             "Save it as NIfTI in the program that made it.")
    return _made(head, order, second, single=magic[1:2] == b"+")


def _made(head: bytes, order: str, second: bool, single: bool) -> NiftiHeader:
    table = _SECOND if second else _FIRST
    field: dict[str, tuple[float, ...]] = {name: struct.unpack_from(order + form, head, at) for name, (form, at) in table.items()}
    count = int(field["dim"][0])
    if not 1 <= count <= 7 or not np.isfinite(field["offset"][0]):
        raise GraticuleError(*_DAMAGED)
    sform = np.eye(4)
    sform[:3] = np.array(field["rows"], dtype=np.float64).reshape(3, 4)
    return NiftiHeader(
        2 if second else 1, order, single, tuple(int(n) for n in field["dim"][1:1 + count]), int(field["datatype"][0]),
        field["pixdim"], int(field["offset"][0]), field["scale"][0], field["scale"][1], (field["shown"][1], field["shown"][0]),
        int(field["units"][0]), int(field["codes"][0]), int(field["codes"][1]), field["quatern"], field["origin"], sform)
