"""Text of 130 and 150 %, high contrast, in both languages, in a window of 1280 × 800: nothing is cut off."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from graticule.settings import Settings
from graticule.settings.look import HIGH_CONTRAST, ChosenLook, Look
from graticule.ui.theme import Tokens, tokens_of

TESTS = Path(__file__).parents[1]


@pytest.mark.parametrize(("language", "percent", "colours"), [("en", 100, "dark"), ("de", 130, "dark"),
                                                                ("de", 150, "high-contrast")])
def test_nothing_is_clipped(language: str, percent: int, colours: str) -> None:
    path = os.pathsep.join([str(TESTS), str(TESTS.parent / "desktop")])
    run = subprocess.run([sys.executable, str(TESTS / "interaction" / "clipped.py"), language, str(percent), colours],
                         env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, timeout=120, check=False)
    assert (run.returncode, run.stdout) == (0, ""), run.stderr[-2000:]


def light(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[at:at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_high_contrast_is_high() -> None:
    tokens = tokens_of(Look(contrast=HIGH_CONTRAST))
    for name, least in (("text", 15), ("muted", 10), ("accent", 7), ("good", 7), ("warn", 7), ("bad", 7), ("line", 4.5),
                        ("faint", 4.5)):
        assert contrast(getattr(tokens, name), tokens.panel) >= least, name
    assert contrast(tokens.on_accent, tokens.accent) >= 7


def test_controls_and_text_grow_and_fingers_get_forty_pixels() -> None:
    large = tokens_of(Look(text=1.5))
    assert (large.body_px, large.control, large.label_px) == (20, 42, 18)
    assert tokens_of(Look(touch=True)).control == 40 and tokens_of(Look()) == Tokens()


def test_the_look_follows_the_settings() -> None:
    chosen = ChosenLook()
    chosen.use(Settings(text_percent=130, theme="high-contrast", segment_palette="tol-muted", touch=True, pen_pressure=True))
    assert chosen.now == Look(1.3, "high-contrast", True, "tol-muted", False, True)
