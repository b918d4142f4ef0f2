"""Presets, dragging and remembering of windows, tables and sigmoids among them."""

import json

import numpy as np

from graticule.domain.volume import LINEAR, LINEAR_EXACT, SIGMOID, GreyTable, Window
from graticule.presenters.windows import (
    CT_PRESETS,
    displayed,
    dragged,
    measured_windows,
    opening_window,
    presets_for,
    text_of,
    window_from,
    window_state,
)

VALUES = np.arange(1000, dtype=np.int16)
TABLE = Window(256, 128, "Normal", table=GreyTable(0.0, 1.0, np.linspace(0, 1, 256)))
CURVE = Window(1000, 2000, function=SIGMOID)


def test_the_files_own_table_opens_a_mammogram_and_its_sigmoid_is_a_preset():
    presets = presets_for("MG", None, (TABLE, CURVE), VALUES)
    assert [window.name for window in presets] == ["Normal", "From file 2", "Full range", "2–98 %"]
    assert opening_window("MG", None, (TABLE, CURVE), presets).table is TABLE.table
    assert opening_window("MG", None, (CURVE,), presets_for("MG", None, (CURVE,), VALUES)).function == SIGMOID


def test_ct_in_hounsfield_units_keeps_its_keys_and_offers_what_the_file_has():
    presets = presets_for("CT", "HU", (Window(350, 50), TABLE), VALUES)
    assert presets[:5] == CT_PRESETS and len(presets) <= 9
    assert opening_window("CT", "HU", (Window(350, 50), TABLE), presets).width == 350


def test_a_sigmoid_stays_one_when_dragged_and_a_table_becomes_a_line():
    assert dragged(CURVE, 30, 0).function == SIGMOID and dragged(CURVE, 30, 0).width == 1100
    line = dragged(TABLE, 0, 10)
    assert line.table is None and line.function == LINEAR and line.name == ""
    assert dragged(Window(2, 0), -500, 0).width >= 1  # LINEAR is not defined below
    assert dragged(Window(0.01, 0, function=LINEAR_EXACT), 30, 0).width < 0.02


def test_windows_are_remembered_and_tables_found_again_by_name():
    presets = presets_for("MG", None, (TABLE, CURVE), VALUES)
    for window in (Window(5, 2, "x", True, LINEAR_EXACT), CURVE, presets[0]):
        state = json.loads(json.dumps(window_state(window)))
        assert window_from(state, presets) == window
    assert window_from(window_state(TABLE), ()) is None
    assert window_from([400, 40, "Lung", False], ()) == Window(400, 40, "Lung")  # remembered before functions were


def test_measured_windows_leave_padding_out_and_reach_every_value():
    values = np.concatenate([np.full(5000, 4095), np.arange(100, 300)]).astype(np.int16)
    full, middle = measured_windows(values, (4095, 4095))
    assert (full.level - full.width / 2, full.level + full.width / 2) == (100, 299)
    assert full.function == middle.function == LINEAR_EXACT
    assert measured_windows(np.full(3, 7, np.int16), (7, 7))[0].width > 0


def test_words_and_turning():
    assert text_of(TABLE) == "Table  Normal" and text_of(CURVE) == "W 1000  L 2000  sigmoid"
    shown = displayed(CURVE, True, (0, 5))
    assert shown.inverted and shown.function == SIGMOID and shown.blank == (0, 5)
