"""The weighted mean of red, green and blue."""

from graticule.domain.geometry import Array
from graticule.imaging.kernels.compiled import compiled


@compiled
def mix(colours: Array, red: int, green: int, blue: int, out: Array) -> None:
    """colours: (n, 3) uint8; weights in 256ths; out: (n,) uint8, rounded."""
    for n in range(out.size):
        out[n] = (colours[n, 0] * red + colours[n, 1] * green + colours[n, 2] * blue + 128) >> 8
