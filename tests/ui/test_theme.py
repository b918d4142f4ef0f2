import re
from pathlib import Path

from PySide6.QtGui import QColor, QFontDatabase
from PySide6.QtWidgets import QApplication

import graticule.ui
from graticule.resources import resource
from graticule.ui import theme
from graticule.ui.theme import SEGMENT_COLOURS, TOKENS

HEX = re.compile(r"#[0-9a-fA-F]{6}\b")


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
    c = QColor(colour)
    return 0.2126 * linear(c.redF()) + 0.7152 * linear(c.greenF()) + 0.0722 * linear(c.blueF())


def contrast(one: str, two: str) -> float:
    light, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_body_text_is_readable_in_a_dark_room() -> None:
    assert contrast(TOKENS.text, TOKENS.panel) >= 7
    assert contrast(TOKENS.muted, TOKENS.panel) >= 4.5
    assert contrast(TOKENS.on_accent, TOKENS.accent) >= 4.5
    assert contrast(TOKENS.paper_trace, TOKENS.paper_ground) >= 7


def test_inter_and_the_style_are_applied(qapp: QApplication) -> None:
    theme.apply(qapp)
    assert "Inter" in QFontDatabase.families() and "$" not in qapp.styleSheet()


def test_every_icon_is_drawn_and_an_unknown_one_is_the_tool_sign(qapp: QApplication) -> None:
    for path in resource("icons").glob("*.svg"):
        image = theme.icon(path.stem).pixmap(20, 20).toImage()
        assert any(image.pixelColor(x, y).alpha() > 80 for x in range(20) for y in range(20)), path.stem
    assert theme.icon("nobody drew this").pixmap(20).toImage() == theme.icon("tool").pixmap(20).toImage()


def test_segment_colours_differ_from_each_other() -> None:
    assert len(set(SEGMENT_COLOURS)) == len(SEGMENT_COLOURS) >= 16


def test_only_the_theme_names_a_colour() -> None:
    folder = Path(graticule.ui.__file__).parent
    others = [path for path in sorted(folder.glob("*.py")) if path.name != "theme.py"]
    assert [path.name for path in others if HEX.search(path.read_text("utf-8"))] == []
