"""The look: every colour, size and font of the desk, and the icons. Nothing else names a colour."""

import math
from functools import lru_cache
from string import Template
from typing import NamedTuple

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QImage, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QStyleFactory

from graticule.domain.errors import GraticuleError
from graticule.resources import resource
from graticule.settings.look import HIGH_CONTRAST, LOOK, TOUCH_CONTROL_PX, Look


class Tokens(NamedTuple):
    """Colours as #rrggbb or #aarrggbb (both understood by QColor and by style sheets); sizes in device-independent pixels."""

    ground: str = "#0e1116"
    panel: str = "#12161d"
    raised: str = "#1a2029"
    hover: str = "#222a36"
    line: str = "#2a3240"
    text: str = "#d7dde6"
    muted: str = "#8b96a5"
    faint: str = "#5c6675"
    accent: str = "#4c8dff"
    accent_hover: str = "#6a9fff"
    foreign: str = "#e3b3cc"
    accent_pressed: str = "#3b78e0"
    accent_soft: str = "#334c8dff"
    on_accent: str = "#0b1220"
    good: str = "#3fb27f"
    warn: str = "#e0a83a"
    bad: str = "#e5604d"
    image_ground: str = "#000000"
    image_text: str = "#e6ebf2"
    halo: str = "#000000"
    plane_axial: str = "#e5604d"
    plane_coronal: str = "#3fb27f"
    plane_sagittal: str = "#e0c33a"
    plane_3d: str = "#8b96a5"
    paper_ground: str = "#fffaf7"
    paper_fine: str = "#f6d5cf"
    paper_coarse: str = "#eaa79d"
    paper_trace: str = "#101418"
    paper_text: str = "#4a4f57"
    dark_paper_ground: str = "#11151b"
    dark_paper_fine: str = "#241f24"
    dark_paper_coarse: str = "#43343a"
    dark_paper_trace: str = "#e6ebf2"
    dark_paper_text: str = "#a3adba"

    body_px: int = 13
    label_px: int = 12
    overlay_px: int = 11
    title_px: int = 15
    step: int = 4
    control: int = 28
    radius: int = 6
    icon: int = 20
    small_icon: int = 16
    focus_ring: int = 2
    worklist_width: int = 268
    answers_width: int = 312
    strip_width: int = 44


# Line, muted text and accents strong enough for tired or weak eyes: body 19:1, muted 13:1, lines 7:1 on the panel.
_HIGH_CONTRAST = {
    "ground": "#000000", "panel": "#000000", "raised": "#11161d", "hover": "#2a3440", "line": "#9aa7b8", "text": "#ffffff",
    "muted": "#d3dae4", "faint": "#9aa7b8", "accent": "#7db4ff", "accent_hover": "#a6ccff", "accent_pressed": "#5b9bf0",
    "accent_soft": "#667db4ff", "on_accent": "#000000", "good": "#5fe0a4", "warn": "#ffc857", "bad": "#ff8a75",
    "image_text": "#ffffff"}
_TEXT_SIZES = ("body_px", "label_px", "overlay_px", "title_px", "icon", "small_icon", "control")
_WIDTHS = ("worklist_width", "answers_width", "strip_width")


def tokens_of(look: Look) -> Tokens:
    """The tokens of a look. Text and controls grow whole; the columns less, so that the image keeps room."""
    plain = Tokens(**(_HIGH_CONTRAST if look.contrast == HIGH_CONTRAST else {}))
    sizes = {name: round(getattr(plain, name) * look.text) for name in _TEXT_SIZES}
    sizes["control"] = max(sizes["control"], TOUCH_CONTROL_PX if look.touch else 0)
    widths = {name: round(getattr(plain, name) * (1 + 0.45 * (look.text - 1))) for name in _WIDTHS}
    widths["strip_width"] = max(widths["strip_width"], sizes["control"] + 16)
    return plain._replace(**sizes, **widths)


TOKENS = tokens_of(LOOK.now)


def grown(pixels: int) -> int:
    """A height made for text of the designed size, at the reader's text size and for fingers."""
    return round(pixels * max(1.0, LOOK.now.text, TOKENS.control / Tokens().control))


def wide(pixels: int) -> int:
    """A width made for text of the designed size, at the reader's text size."""
    return round(pixels * max(1.0, LOOK.now.text))


# Safe with the common colour-blindnesses: Okabe & Ito 2008, Paul Tol's “bright” and “muted” 2021; then lighter and darker steps.
_PALETTES = {
    "okabe-ito": (
        "#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7",
        "#f5c76b", "#a3d6f4", "#5fc9a8", "#f7f0a0", "#5aa5d6", "#f09a5c", "#e3b3cc",
        "#9c6c00", "#2f7fae", "#006b4e", "#a89f2e", "#004e7a", "#933f00", "#8f5075"),
    "tol-bright": (
        "#ee6677", "#4477aa", "#ccbb44", "#228833", "#66ccee", "#aa3377", "#bbbbbb",
        "#f5a3ad", "#8fadcc", "#e0d68f", "#7ab885", "#a3e0f5", "#cc85ad", "#dddddd",
        "#a64753", "#2f5377", "#8f832f", "#185f24", "#478fa6", "#772453", "#838383"),
    "tol-muted": (
        "#cc6677", "#88ccee", "#ddcc77", "#117733", "#aa4499", "#44aa99", "#999933", "#332288", "#882255",
        "#e0a3ad", "#b8e0f5", "#ebe0ad", "#70ad85", "#cc8fc2", "#8fccc2", "#c2c285", "#857ab8", "#b87a99",
        "#8f4753", "#5f8fa6", "#9b8f53")}
SEGMENT_COLOURS = _PALETTES.get(LOOK.now.palette, _PALETTES["okabe-ito"])

PLANE_COLOURS = {"axial": TOKENS.plane_axial, "coronal": TOKENS.plane_coronal, "sagittal": TOKENS.plane_sagittal,
                 "3d": TOKENS.plane_3d}

FONT_FILES = ("Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf")


def apply(app: QApplication) -> None:
    """Dress the whole program: Fusion, palette, style sheet, Inter."""
    app.setStyle(QStyleFactory.create("Fusion"))
    app.setPalette(palette())
    for name in FONT_FILES:
        QFontDatabase.addApplicationFont(str(resource("fonts", name)))
    app.setFont(font(TOKENS.body_px))
    sheet = Template(resource("themes", "dark.qss").read_text(encoding="utf-8"))
    # A control is its inside and a border of one or, in the focus, two pixels.
    app.setStyleSheet(sheet.substitute(TOKENS._asdict(), themes=resource("themes").as_posix(), inside=TOKENS.control - 2,
                                       inside_focus=TOKENS.control - 4, tool_inside=TOKENS.control - 10,
                                       compact=grown(20), box=TOKENS.small_icon - 2))


def font(pixels: int = TOKENS.body_px, weight: QFont.Weight = QFont.Weight.Normal, *, tabular: bool = False) -> QFont:
    """Inter at a size; `tabular` figures for numbers that change in place or stand in a column."""
    made = QFont("Inter")
    made.setPixelSize(pixels)
    made.setWeight(weight)
    if tabular:
        made.setFeature(QFont.Tag("tnum"), 1)
    return made


def palette() -> QPalette:
    made = QPalette()
    for role, colour in {
            QPalette.ColorRole.Window: TOKENS.panel, QPalette.ColorRole.WindowText: TOKENS.text,
            QPalette.ColorRole.Base: TOKENS.raised, QPalette.ColorRole.AlternateBase: TOKENS.panel,
            QPalette.ColorRole.Text: TOKENS.text, QPalette.ColorRole.PlaceholderText: TOKENS.muted,
            QPalette.ColorRole.Button: TOKENS.raised, QPalette.ColorRole.ButtonText: TOKENS.text,
            QPalette.ColorRole.BrightText: TOKENS.bad, QPalette.ColorRole.Link: TOKENS.accent,
            QPalette.ColorRole.Highlight: TOKENS.accent, QPalette.ColorRole.HighlightedText: TOKENS.on_accent,
            QPalette.ColorRole.ToolTipBase: TOKENS.raised, QPalette.ColorRole.ToolTipText: TOKENS.text,
            QPalette.ColorRole.Light: TOKENS.hover, QPalette.ColorRole.Midlight: TOKENS.hover,
            QPalette.ColorRole.Mid: TOKENS.line, QPalette.ColorRole.Dark: TOKENS.ground,
            QPalette.ColorRole.Shadow: TOKENS.halo, QPalette.ColorRole.Accent: TOKENS.accent}.items():
        made.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(TOKENS.faint))
    return made


@lru_cache(maxsize=512)
def icon(name: str, colour: str = TOKENS.text) -> QIcon:
    """An icon of resources/icons by its name, in a token's colour; the plain tool sign for a name nobody drew.

    Drawn from the vector for the sharpest screen there is.
    """
    made = QIcon()
    screens = QGuiApplication.screens()
    scale = math.ceil(max((screen.devicePixelRatio() for screen in screens), default=1.0))
    for state, tint in ((QIcon.Mode.Normal, colour), (QIcon.Mode.Disabled, TOKENS.faint)):
        renderer = QSvgRenderer(QByteArray(_svg(name).replace("currentColor", tint).encode()))
        for size in (TOKENS.small_icon, TOKENS.icon):
            made.addPixmap(_draw(renderer, size, scale), state)
    return made


def pixmap(name: str, size: int = TOKENS.small_icon, colour: str = TOKENS.text) -> QPixmap:
    """One icon as a pixmap for a label, at the screen's pixel ratio."""
    screen = QGuiApplication.primaryScreen()
    return icon(name, colour).pixmap(QSize(size, size), screen.devicePixelRatio() if screen else 1.0)


def _svg(name: str) -> str:
    try:
        return resource("icons", f"{name}.svg").read_text(encoding="utf-8")
    except GraticuleError:
        return resource("icons", "tool.svg").read_text(encoding="utf-8")


def _draw(renderer: QSvgRenderer, size: int, scale: int) -> QPixmap:
    image = QImage(size * scale, size * scale, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    try:
        renderer.render(painter, QRectF(0, 0, size * scale, size * scale))
    finally:
        painter.end()
    drawn = QPixmap.fromImage(image)
    drawn.setDevicePixelRatio(scale)
    return drawn

# Beats by class, on paper and on the dark ground of plots (rank of `presenters/holter_views.py`).
BEAT_COLOURS = {"normal": "#6f7b86", "unknown": "#8a6d3b", "fusion": "#7b3fa0", "supraventricular": "#1467b3",
                "ventricular": "#c62828"}
PLOTTED_BEATS = ("#7d93ab", "#3f9e6b", "#8a6d3b", "#b07cd0", "#3d97e8", "#f0554a")
