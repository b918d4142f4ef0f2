"""Run with a language and a text size: prints each visible control of the real window that is too small for its words."""

import sys

from graticule.settings import Settings
from graticule.settings.look import LOOK

language, percent, colours = sys.argv[1], int(sys.argv[2]), sys.argv[3]
LOOK.use(Settings(language=language, text_percent=percent, theme=colours))

from PySide6.QtGui import QFontMetrics  # noqa: E402 - sizes are fixed when the theme is imported
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel  # noqa: E402

from graticule.ui import theme  # noqa: E402
from graticule.ui.pieces import Elided  # noqa: E402
from graticule.ui.words import use_language  # noqa: E402

app = QApplication([])
use_language(language)
theme.apply(app)

from fakes.window import open_window  # noqa: E402
from graticule.domain.codes import Code  # noqa: E402
from graticule.domain.elements import Segment  # noqa: E402
from graticule.ui.section import Section  # noqa: E402

desk = open_window()
for number in ("c1:01", "c1:02", "c1:03"):
    desk.parts.desk.open(number)
    window = desk.window
    if number == "c1:01":
        page, code = window.stage.page, Code("SCT", "80891009", "")
        page.opened.workspace.set("Add segment", Segment(id="s1", group="main", value=1, colour="#56b4e9", category=code,
                                                         type=code, name="Heart"))
        page.set_tool("brush")
        page.measured.comparison.open()
    app.processEvents()
    for section in window.findChildren(Section):
        section.open()
    app.processEvents()
    app.processEvents()
    if window.width() > 1280 or window.height() > 800:
        print(f"{number}: the window needs {window.width()} × {window.height()}")
    column, room = window.answers._scroll.widget(), window.answers._scroll.viewport()
    if column.minimumSizeHint().width() > room.width():
        print(f"{number}: the right column needs {column.minimumSizeHint().width()} of {room.width()}")
    for widget in window.findChildren(QAbstractButton):
        if widget.isVisible() and widget.text() and widget.width() < widget.minimumSizeHint().width() - 1:
            print(f"{number}: button “{widget.text()}” {widget.width()} of {widget.minimumSizeHint().width()}")
    for label in window.findChildren(QLabel):
        wanted = QFontMetrics(label.font()).horizontalAdvance(label.text())
        if label.isVisible() and not isinstance(label, Elided) and not label.wordWrap() and "<" not in label.text() \
                and (label.width() < wanted - 1 or label.height() < QFontMetrics(label.font()).height() - 2):
            print(f"{number}: label “{label.text()}” {label.width()} × {label.height()} of {wanted}")
    last = window.tools.finish
    if last.mapTo(window, last.rect().bottomRight()).x() > window.width():
        print(f"{number}: Finish is pushed out")
window.close()
