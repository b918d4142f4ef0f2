"""Tumours segmented by mouse and keys alone in the real window: how well, in how many interactions, in how long a time.

The person is played by `fakes/tumour_reader.py`, which states what is seen and how the hand trembles; the seconds are a model
(`fakes/mouse_hand.Pace`), so that they are the same on every machine.
"""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox

from fakes.mouse_hand import Pace
from fakes.tumour_reader import WAYS, TumourReader, tumour_reader
from fakes.tumours import made_tumour, real_tumours
from graticule.ui import theme
from graticule.ui.label_look_row import LabelLookRow
from real_data import DATA, needs_data

LEAST_DICE, MOST_SECONDS = 0.93, 60.0
# The real ones leave time for a hand half as fast as the model's.
SLOW = Pace(drag_mm_per_s=40.0)
# What the guide says to do with each: slices thick against the tumour are drawn one by one.
BEST = {"brain tumour": "freehand, every slice", "sarcoma CT": "freehand, every 3rd + fill",
        "sarcoma MR": "freehand, every 3rd + fill", "sarcoma PET": "freehand, every 2nd + fill"}


def _as_promised(reader: TumourReader, way: str, pace: Pace) -> None:
    WAYS[way](reader)
    clock = reader.hand.clock
    print(f"{reader.tumour.name}, {way}: Dice {reader.dice():.4f}, {clock.interactions} interactions, {clock.seconds():.1f} s")
    assert reader.dice() >= LEAST_DICE
    assert clock.seconds(pace) <= MOST_SECONDS


@needs_data
@pytest.mark.parametrize("name", BEST)
def test_a_real_tumour_is_outlined_well_within_a_minute(name: str, tmp_path: Path, qapp: QApplication) -> None:
    theme.apply(qapp)
    with tumour_reader(tmp_path, real_tumours(DATA)[name]()) as reader:
        _as_promised(reader, BEST[name], SLOW)


@pytest.mark.parametrize("name", ["two parts", "at the border", "left-handed"])
def test_so_is_one_that_nobody_has_seen(name: str, tmp_path: Path, qapp: QApplication) -> None:
    theme.apply(qapp)
    with tumour_reader(tmp_path / "room", made_tumour(name, tmp_path)) as reader:
        _as_promised(reader, "freehand, every 2nd + fill", Pace())


def test_a_click_on_an_option_leaves_the_keys_with_the_image(tmp_path: Path, qapp: QApplication) -> None:
    theme.apply(qapp)
    with tumour_reader(tmp_path / "room", made_tumour("two parts", tmp_path)) as reader:
        reader.begin()
        reader.tool(Qt.Key.Key_K)
        hover = next(box for box in reader.room.window.findChildren(QCheckBox) if box.isVisible() and "erdict" in box.text())
        reader.hand.press_widget(hover)
        assert not hover.isChecked()
        reader.tool(Qt.Key.Key_D)
        assert reader.page.active_tool == "fill-freehand"
        reader.hand.press_widget(reader.page.segments_panel.findChild(LabelLookRow).outline)
        reader.tool(Qt.Key.Key_B, Qt.KeyboardModifier.NoModifier)
        assert reader.page.active_tool == "brush"
