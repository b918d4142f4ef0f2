"""A second reader of surfaces: VTK is one, but no library that this room may use. Whoever exports brings it along."""

from collections.abc import Callable
from pathlib import Path

from graticule.domain.geometry import Floats

SurfaceReader = Callable[[Path], Floats]
"""A file → (n, 3, 3) corners of its triangles, LPS mm, in the file's order, part after part."""
