"""Where a NIfTI file says its voxels lie: its sform when that has a code, else its qform, else nowhere."""

import numpy as np

from graticule.domain.geometry import Floats, Grid
from graticule.domain.volume import Doubt
from graticule.formats.titles import millimetres
from graticule.formats.volumes.nifti_header import NiftiHeader
from graticule.formats.volumes.sheet import NO_POSITION, NO_SCALE, SAME_MM, Place, Sign, apart_mm, steps_only, usable

RAS_TO_LPS = np.diag([-1.0, -1.0, 1.0, 1.0])
# NIFTI_UNITS: the code of a length → its name and mm.
_LENGTHS = {1: ("m", 1000.0), 2: ("mm", 1.0), 3: ("µm", 0.001)}
# NIFTI_XFORM: what the coordinates of the code belong to.
_SPACES = {1: "scanner", 2: "aligned to another image", 3: "Talairach atlas", 4: "MNI atlas", 5: "other atlas"}
_DAMAGED = Doubt("position-damaged", "One of the two positions in the file is no position; it is not used.")


def placed(header: NiftiHeader, shape: tuple[int, int, int]) -> Place:
    """The grid (k, j, i) in LPS mm, with rows and doubts about how far the file's two positions agree."""
    unit = _LENGTHS.get(header.units & 7, ("", 1.0))[1]
    sform = _in_mm(header.sform, unit) if header.sform_code > 0 else None
    qform = _in_mm(header.qform, unit) if header.qform_code > 0 else None
    damaged = (header.sform_code > 0) > (sform is not None) or (header.qform_code > 0) > (qform is not None)
    doubts = (_DAMAGED,) if damaged else ()
    affine, code, name = (sform, header.sform_code, "sform") if sform is not None else (qform, header.qform_code, "qform")
    if affine is None:
        grid, measured = steps_only(shape, [step * unit for step in header.pixdim[1:4]], len(header.dim))
        return Place(grid, measured, "", (), (*doubts, NO_POSITION, *(() if measured else (NO_SCALE,))))
    signs, more = _compared(sform, qform, shape, code)
    unit_signs, unit_doubts = _unit(header)
    return Place(Grid(shape, affine), True, f"{name}, {_space(code)}", (*signs, *unit_signs),
                 (*doubts, *more, *_atlas(code), *unit_doubts))


def _compared(sform: Floats | None, qform: Floats | None, shape: tuple[int, int, int],
              code: int) -> tuple[tuple[Sign, ...], tuple[Doubt, ...]]:
    """How far sform and qform put the same corner of the volume apart."""
    if sform is None or qform is None:
        return (), ()
    apart = apart_mm(sform, qform, shape)
    if apart <= SAME_MM:
        return (("sform and qform", f"agree within {max(apart, 0.01):.2f} mm", ""),), ()
    doubt = Doubt("two-positions", f"The file gives two positions that differ by up to {millimetres(apart)}; "
                                   f"the sform ({_space(code)}) is used.")
    return (("sform and qform", f"up to {millimetres(apart)} apart", "warn"),), (doubt,)


def _atlas(code: int) -> tuple[Doubt, ...]:
    if code not in (3, 4, 5):
        return ()
    return (Doubt("atlas", f"The image lies in an atlas' space ({_space(code)}): distances are not the patient's own."),)


def _unit(header: NiftiHeader) -> tuple[tuple[Sign, ...], tuple[Doubt, ...]]:
    name = _LENGTHS.get(header.units & 7, ("", 1.0))[0]
    if name == "mm":
        return (), ()
    if name:
        return (("Unit of length", name, ""),), ()
    return ((("Unit of length", "not stated, taken as mm", "warn"),),
            (Doubt("length-unit-assumed", "The file does not state its unit of length; it is taken as mm."),))


def _space(code: int) -> str:
    return _SPACES.get(code, f"code {code}")


def _in_mm(affine: Floats, unit: float) -> Floats | None:
    """RAS in the file's unit → LPS in mm; None when it places nothing."""
    with np.errstate(over="ignore", invalid="ignore"):
        lps = np.asarray(RAS_TO_LPS @ affine, dtype=np.float64)
        lps[:3] *= unit
    return lps if usable(lps) else None
