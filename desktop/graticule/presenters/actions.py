"""All actions there are: those of `settings/actions.py`, and one for each tool of the palette."""

from collections.abc import Sequence
from functools import lru_cache

from graticule.domain.case import Kind
from graticule.editing.tools.palette import BUILT_IN
from graticule.settings.actions import ACTIONS, Action
from graticule.settings.bindings import Bindings

PLACE_OF_KIND = {Kind.VOLUME: "volume", Kind.IMAGE: "picture", Kind.ECG: "ecg"}
TOOLS = "Tools"


@lru_cache(maxsize=1)
def all_actions() -> tuple[Action, ...]:
    return (*tool_actions(), *ACTIONS)


def tool_actions() -> list[Action]:
    """Tools that a question lends are not taken by a key."""
    return [Action(f"tool.{tool.name}", tool.title, TOOLS,
                   frozenset(PLACE_OF_KIND[kind] for kind in tool.kinds if kind in PLACE_OF_KIND))
            for tool in BUILT_IN if tool.group != "answer"]


def heard_on(place: str) -> list[Action]:
    """The actions whose keys are heard in a view ("volume", "picture", "ecg", "form", …), by group in their order."""
    return [action for action in all_actions() if place in action.heard_in]


def by_group(actions: Sequence[Action]) -> dict[str, list[Action]]:
    groups: dict[str, list[Action]] = {}
    for action in actions:
        groups.setdefault(action.group, []).append(action)
    return groups


def with_keys(actions: Sequence[Action], bindings: Bindings) -> list[Action]:
    return [action for action in actions if bindings.keys_of(action.name)]
