"""The hand over an image that is there for comparison: it looks; where a tie leads to the case, it paints the case's labels."""

from collections.abc import Callable, Iterable

from graticule.domain.errors import GraticuleError
from graticule.editing.tools.palette import tools_for
from graticule.editing.tools.tool import Bench
from graticule.presenters.hand import Hand
from graticule.presenters.open_case import OpenCase
from graticule.ui.viewport import Viewport

# What the left button does beside the case while a marking tool is in the hand.
INSTEAD = ("window", "pan")


def looking_hand(opened: OpenCase, trouble: Callable[[GraticuleError], None]) -> Hand:
    """The tools of this kind of image that only look."""
    bench = Bench(opened.workspace, opened.content, opened.ontology, opened.new_id)
    hand = Hand([tool for tool in tools_for(opened.case.kind) if tool.group == "look"], bench, trouble)
    take(hand, "", ())
    return hand


def take(hand: Hand, name: str, views: Iterable[Viewport]) -> None:
    """The case's hand took the tool `name`: the same here if it only looks or reaches the case, else the first of `INSTEAD`."""
    hand.choose(next((tool for tool in (name, *INSTEAD) if getattr(hand.find(tool), "reaches", hand.find(tool) is not None)), ""))
    for view in views:
        view.follow_tool()
