"""An answer that waits for a region: what is to be drawn, and which answers change with it."""

from collections.abc import Callable
from dataclasses import dataclass

from graticule.domain.codes import Code
from graticule.domain.edits import ElementChange
from graticule.domain.elements import Region

BOX, POLYGON = "box", "polygon"


@dataclass(frozen=True, eq=False)
class Marking:
    """question: the answer the region belongs to. changes: the answer with the region in its evidence, for the same act.

    done: told after the act, so that the keys can go back to the form.
    """

    question: str
    title: str
    shape: str
    code: Code | None
    changes: Callable[[Region], tuple[ElementChange, ...]]
    done: Callable[[], None]
