"""The hanging protocols of the open case: which fit, which stage is hung, and the next one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from graticule.domain.errors import GraticuleError
from graticule.imaging.slab import Slab, Through
from graticule.presenters.hanging import Hanging, HungStage, hangings_for, rules_for
from graticule.presenters.layout import ACQUIRED, Place
from graticule.ui.slice_view import SliceView

if TYPE_CHECKING:
    from graticule.ui.reading import Reading


class HangingHand:
    """rules: those that fit, each with the stages for which there are images."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self.refused: GraticuleError | None = None
        self.rules = self._find()
        self._rule, self._stage = -1, 0
        self._asked: dict[str, Place] = {}

    def hang(self, rule: int, stage: int = 0) -> None:
        """Show a stage of a rule."""
        stages = self.rules[rule][1]
        self._rule, self._stage = rule, min(max(stage, 0), len(stages) - 1)
        hung, reading = stages[self._stage], self._reading
        self._asked = {place.key: place for place in hung.layout.places if place.window or place.slab_mm}
        if reading.fusing is not None:
            reading.fusing.choose(hung.over, hung.under)
        reading.set_layout(hung.layout)

    def hang_first(self) -> None:
        """When the case is opened for the first time: the first rule that lays other images beside it."""
        rule = next((at for at, (hanging, stages) in enumerate(self.rules)
                     if hanging.opens and stages[0].layout.companions), None)
        if rule is not None:
            self.hang(rule)

    def step(self, step: int) -> None:
        """The next or previous stage; the first of the first rule when the reader had a layout of their own."""
        if self._rule < 0:
            if self.rules:
                self.hang(0)
        elif 0 <= self._stage + step < len(self.rules[self._rule][1]):
            self.hang(self._rule, self._stage + step)

    def leave(self) -> None:
        """The reader made a layout of their own."""
        self._rule, self._asked = -1, {}

    def where(self) -> tuple[str, str, int, int]:
        """(rule, stage, its number from 0, how many); ("", "", 0, 0) for the reader's own layout."""
        if self._rule < 0:
            return "", "", 0, 0
        rule, stages = self.rules[self._rule]
        return rule.name, stages[self._stage].name, self._stage, len(stages)

    def view_came(self) -> None:
        """Views are there now: those for which the stage asked a window or a slab get it, once."""
        for key, place in list(self._asked.items()):
            view = self._reading.view(self._named(place))
            if view is not None:
                del self._asked[key]
                self._dress(place, view)

    def state(self) -> dict[str, Any]:
        return {"rule": self.where()[0], "stage": self._stage}

    def restore(self, state: Mapping[str, Any]) -> None:
        self._rule = next((at for at, (rule, _) in enumerate(self.rules) if rule.name == state.get("rule")), -1)
        count = len(self.rules[self._rule][1]) if self._rule >= 0 else 1
        self._stage = min(max(int(state.get("stage", 0)), 0), count - 1)

    def _find(self) -> list[tuple[Hanging, list[HungStage]]]:
        reading = self._reading
        try:
            return hangings_for(reading.opened.case, reading.company.book.relatives, rules_for(reading.opened.protocol))
        except GraticuleError as error:
            self.refused = error
            return []

    def _named(self, place: Place) -> Place:
        companion = self._reading.company.here.get(place.case_id)
        acquired = companion.acquired if companion is not None else self._reading.acquired
        return Place(acquired if place.show == ACQUIRED else place.show, place.case_id, place.fused)

    def _dress(self, place: Place, view: Any) -> None:
        reading = self._reading
        series = reading.company.here[place.case_id].series if place.case_id else reading.series
        preset = next((window for window in series.presets if window.name == place.window), None) if series else None
        if series is not None and preset is not None:
            series.set_window(preset)
        if place.slab_mm and isinstance(view, SliceView):
            view.view.set_slab(Slab(Through.MAX, place.slab_mm))
