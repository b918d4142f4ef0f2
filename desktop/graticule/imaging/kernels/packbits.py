"""Run-length coding of bytes, row by row (PackBits, as DICOM PS3.5 Annex G has it)."""

from graticule.domain.geometry import Array
from graticule.imaging.kernels.compiled import compiled


@compiled
def pack(plane: Array, out: Array) -> int:
    """plane: (j, i) uint8; out: uint8, at least two bytes for each pixel and row. Returns how many bytes were written."""
    rows, columns = plane.shape
    at = 0
    for j in range(rows):
        row = plane[j]
        i = 0
        while i < columns:
            run = 1
            while i + run < columns and run < 128 and row[i + run] == row[i]:
                run += 1
            if run > 1:
                out[at], out[at + 1] = 257 - run, row[i]
                at += 2
                i += run
                continue
            start = i
            while i < columns and i - start < 128 and (i + 1 >= columns or row[i] != row[i + 1]):
                i += 1
            out[at] = i - start - 1
            out[at + 1:at + 1 + i - start] = row[start:i]
            at += 1 + i - start
    return at
