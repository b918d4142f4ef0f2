"""The operations, in the order in which they are offered."""

from graticule.editing.operations.combine import Combine
from graticule.editing.operations.fill_holes import FillHoles
from graticule.editing.operations.hollow import Hollow
from graticule.editing.operations.keep_largest import KeepLargest
from graticule.editing.operations.margin import Margin
from graticule.editing.operations.merge import Merge
from graticule.editing.operations.operation import Operation
from graticule.editing.operations.possible import Possible
from graticule.editing.operations.remove_small import RemoveSmall
from graticule.editing.operations.smooth import Smooth
from graticule.editing.operations.split import Split

BUILT_IN: tuple[type[Operation], ...] = (
    Smooth, Margin, Hollow, Possible, KeepLargest, RemoveSmall, FillHoles, Combine, Split, Merge)


def operations() -> list[Operation]:
    """A fresh one of each."""
    return [sort() for sort in BUILT_IN]
