"""How large and how strong everything is drawn. Chosen before the first widget is made; later changes wait for the next start."""

from dataclasses import dataclass

from graticule.settings.settings import Settings

DARK, HIGH_CONTRAST = "dark", "high-contrast"
TOUCH_CONTROL_PX = 40


@dataclass(frozen=True, slots=True)
class Look:
    """text: 1.0 is the designed size. palette: of the segments, by name. patterns: stripes in segments as a second cue."""

    text: float = 1.0
    contrast: str = DARK
    touch: bool = False
    palette: str = "okabe-ito"
    patterns: bool = False
    pen_pressure: bool = False


class ChosenLook:
    """The one look of this run."""

    def __init__(self) -> None:
        self.now = Look()

    def use(self, settings: Settings) -> None:
        self.now = Look(settings.text_percent / 100, settings.theme, settings.touch, settings.segment_palette,
                        settings.segment_patterns, settings.pen_pressure)


LOOK = ChosenLook()
