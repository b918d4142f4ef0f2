"""What is said round the views: the line above each place, the cards of the strip, the notes in the corners."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graticule.presenters.layout import Place
from graticule.presenters.relative_words import relation_words, short_title
from graticule.presenters.worklist import KIND_ICONS
from graticule.ui.place_frame import PlaceFrame
from graticule.ui.series_strip import Card
from graticule.ui.words import tr

if TYPE_CHECKING:
    from graticule.ui.reading import Reading


class WallWords:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def say(self) -> None:
        """Everything, after the wall changed."""
        self.show_cards()
        self.say_links()

    def say_links(self) -> None:
        """After ties between series changed."""
        reading = self._reading
        company = bool(reading.layout_now.companions)
        for frame, place in zip(reading.wall.frames, reading.layout_now.places, strict=False):
            frame.show_head(company)
            self._say_head(frame, place)
        self._tell_series()

    def show_cards(self) -> None:
        reading, case = self._reading, self._reading.opened.case
        shown = reading.layout_now.companions
        own = Card(case.id, short_title(case.title), tr("Being labelled"), KIND_ICONS[case.kind], True, True,
                   reading.company.thumb(case.id))
        others = [Card(one.case.id, short_title(one.case.title), relation_words(one), KIND_ICONS[one.case.kind], False,
                       one.case.id in shown, reading.company.thumb(one.case.id)) for one in reading.company.book.relatives]
        reading.strip.show_cards([own, *others] if others else [])

    def _say_head(self, frame: PlaceFrame, place: Place) -> None:
        reading, relative = self._reading, self._reading.company.book.relative(place.case_id)
        if relative is not None:
            why = self._link(place.case_id)
            short = tr(reading.linked.short_words(place.case_id)) if why and reading.linked is not None else ""
            what = f"{relation_words(relative)} · {short_title(relative.case.title)}"
            frame.say(tr("For comparison"), what, short, why, own=False)
        elif place.key:
            frame.say(tr("Being labelled"), short_title(reading.opened.case.title), own=True)
        else:
            frame.say("", tr("Empty"), own=False)

    def _link(self, case_id: str) -> str:
        """How a companion goes with the case, in full; "" where that is no question."""
        companion, linked = self._reading.company.here.get(case_id), self._reading.linked
        return tr(linked.words(case_id)) if linked is not None and companion is not None and companion.series is not None else ""

    def _tell_series(self) -> None:
        """The presenters write their own notes into the corners, and need to know which views are seen."""
        reading = self._reading
        if reading.series is None or reading.linked is None:
            return
        keys = [reading.alone] if reading.alone else [place.key for place in reading.layout_now.places]
        reading.series.on_screen = frozenset(key for key in keys if key and reading.is_own(key))
        reading.series.also = {place.key for place in reading.layout_now.places if place.case_id}
        reading.series.notes = reading.linked.offset_words()
        for case_id, companion in reading.company.here.items():
            if companion.series is not None:
                companion.series.notes = (self._link(case_id),)
        for view in reading.viewports().values():
            view.update()
