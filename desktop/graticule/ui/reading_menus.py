"""The menus of the row above the viewports: what goes along, and what lies over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graticule.domain.case import Kind
from graticule.presenters.relative_words import relation_words, short_title
from graticule.ui.words import tr

if TYPE_CHECKING:
    from graticule.ui.reading import Reading

SWITCHES = (("scroll", "Scroll together"), ("window", "Same window"), ("zoom", "Same zoom and place"))


class ReadingMenus:
    """Filled anew each time they open."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        reading.bar.link.aboutToShow.connect(self._fill_link)
        reading.bar.over.aboutToShow.connect(self._fill_over)

    def _fill_link(self) -> None:
        menu, linked, reading = self._reading.bar.link, self._reading.linked, self._reading
        menu.clear()
        if linked is None:
            return
        for name, words in SWITCHES:
            action = menu.addAction(tr(words))
            action.setCheckable(True)
            action.setChecked(getattr(linked.switches, name))
            action.toggled.connect(lambda on, name=name: setattr(linked.switches, name, on))
        menu.addSeparator()
        for case_id, companion in reading.company.here.items():
            relative = reading.company.book.relative(case_id)
            if companion.series is not None and relative is not None:
                words = f"{relation_words(relative)} · {short_title(relative.case.title)}: {tr(linked.words(case_id))}"
                menu.addAction(words).setEnabled(False)

    def _fill_over(self) -> None:
        menu, reading, fusing = self._reading.bar.over, self._reading, self._reading.fusing
        menu.clear()
        if fusing is None:
            return
        nothing = menu.addAction(tr("Nothing over the image"), lambda: reading.fuse(None))
        nothing.setCheckable(True)
        nothing.setChecked(fusing.over_id is None)
        menu.addSeparator()
        for relative in reading.company.book.relatives:
            if relative.case.kind is Kind.VOLUME:
                words = f"{relation_words(relative)} · {short_title(relative.case.title)}"
                action = menu.addAction(words, lambda case_id=relative.case.id: reading.fuse(case_id))
                action.setCheckable(True)
                action.setChecked(fusing.over_id == relative.case.id)
