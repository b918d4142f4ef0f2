"""Greys on the screen against pydicom's own arithmetic of PS3.3 C.11."""

import numpy as np
import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.pixels import apply_modality_lut, apply_voi_lut
from pydicom.pixels.processing import apply_windowing

from fakes.dicom_picture import dataset, table, written
from fakes.door_ways import filled, only_case
from graticule.domain.volume import LINEAR, LINEAR_EXACT, SIGMOID
from graticule.formats.dicom.voi import safe_name, windows_of
from graticule.presenters.windows import displayed
from graticule.render.grey import to_grey

RAMP = np.arange(-2048, 2048, dtype=np.int16).reshape(64, 64)


def windowed(values, data):
    """pydicom's greys, 0…255: its output range is that of the stored bits."""
    out = apply_windowing(values, data).astype(float)
    low, high = -(1 << 15), (1 << 15) - 1
    return (out - low) / (high - low) * 255


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([LINEAR, LINEAR_EXACT, SIGMOID]), st.integers(1, 5000), st.integers(-2500, 2500))
def test_windows_are_those_of_the_standard(function, width, level):
    data = dataset(RAMP, WindowWidth=width, WindowCenter=level, VOILUTFunction=function)
    window, = windows_of(data)
    assert (window.width, window.level, window.function) == (width, level, function)
    if function == LINEAR and width == 1:
        # At width 1 the standard is a threshold; pydicom divides by nothing.
        assert np.array_equal(to_grey(RAMP, window), np.where(level - 0.5 < RAMP, 255, 0))
        return
    expected = windowed(RAMP, data)
    for dtype in (np.int16, np.float32, np.float64):
        assert np.abs(to_grey(RAMP.astype(dtype), window).astype(float) - expected).max() <= 0.502


@pytest.mark.parametrize("first,bits,count,inverse", [(-1000, 8, 256, False), (0, 12, 4000, False), (-2048, 16, 4096, True)])
def test_tables_are_looked_up_and_their_ends_go_on(first, bits, count, inverse):
    entries = np.round(np.linspace(0, 1, count) ** 2 * ((1 << bits) - 1)).astype(int)
    entries = entries[::-1] if inverse else entries
    data = dataset(RAMP, VOILUTSequence=[table(first, entries, bits, "HARDER Patience")], WindowWidth=100, WindowCenter=50)
    window, line = windows_of(data)
    assert (window.name, line.width) == ("Harder", 100)
    greys = entries / ((1 << bits) - 1) * 255
    shown = to_grey(RAMP, window).astype(float)
    assert np.abs(shown - greys[np.clip(RAMP - first, 0, count - 1)]).max() <= 0.5
    # pydicom's own look-up wraps around beyond a table of bytes, so it is the referee inside the table only.
    inside = (first <= RAMP) & (first + count > RAMP)
    assert np.abs(shown - apply_voi_lut(RAMP, data, prefer_lut=True) / ((1 << bits) - 1) * 255)[inside].max() <= 0.5
    assert np.array_equal(to_grey(RAMP.astype(np.float32), window), to_grey(RAMP, window))


def test_a_table_stands_behind_the_rescale_and_follows_suv():
    item = table(100, range(256), 8)
    data = dataset(RAMP, VOILUTSequence=[item], RescaleSlope=2, RescaleIntercept=-10)
    values = apply_modality_lut(RAMP, data)
    assert values.min() < 0 and values.max() > 355
    expected = np.clip(values - 100, 0, 255)
    window, = windows_of(data)
    assert np.array_equal(to_grey(values.astype(np.float32), window), expected)
    scaled, = windows_of(data, factor=0.25)
    assert np.array_equal(to_grey((values * 0.25).astype(np.float32), scaled), expected)


@pytest.mark.parametrize("function", [LINEAR, LINEAR_EXACT, SIGMOID])
def test_windows_of_multiplied_values_give_the_same_greys(function):
    data = dataset(RAMP, WindowWidth=400, WindowCenter=40, VOILUTFunction=function)
    plain, = windows_of(data)
    scaled, = windows_of(data, factor=1 / 512)
    assert np.abs(to_grey((RAMP / 512).astype(np.float64), scaled).astype(int) - to_grey(RAMP, plain)).max() <= 1


def test_nonsense_windows_are_no_windows():
    nonsense = dataset(RAMP, WindowWidth=[0, -5, 300, 300], WindowCenter=[1, 2, 3, 3])
    assert [(w.width, w.level) for w in windows_of(nonsense)] == [(300, 3)]
    short = table(0, range(10), 8)
    short.LUTDescriptor = [200, 0, 8]
    assert windows_of(dataset(RAMP, VOILUTSequence=[short])) == ()
    assert windows_of(dataset(RAMP)) == ()


def test_eight_bit_tables_packed_in_words_and_tables_deeper_than_they_say():
    packed = pydicom.Dataset()
    packed.LUTDescriptor = [256, 0, 8]
    packed.add_new("LUTData", "OW", bytes(range(256)))
    window, = windows_of(dataset(RAMP.astype(np.uint16), VOILUTSequence=[packed]))
    assert np.allclose(window.table.greys, np.arange(256) / 255)
    deep, = windows_of(dataset(RAMP, VOILUTSequence=[table(0, [0, 65535], 12)]))
    assert window.table.greys.max() == deep.table.greys.max() == 1


def test_a_presentation_table_stands_behind_every_window():
    gamma = [round((n / 255) ** 2.2 * 65535) for n in range(256)]
    data = dataset(RAMP, WindowWidth=1000, WindowCenter=0, PresentationLUTSequence=[table(0, gamma, 16)])
    window, = windows_of(data)
    linear = np.clip((RAMP + 0.5) / 999 + 0.5, 0, 1)
    assert np.abs(to_grey(RAMP, window) - linear**2.2 * 255).max() <= 0.6


@pytest.mark.parametrize("photometric,shape,inverted", [
    ("MONOCHROME2", None, False), ("MONOCHROME1", None, True), ("MONOCHROME1", "INVERSE", True),
    ("MONOCHROME2", "IDENTITY", False), ("MONOCHROME2", "INVERSE", True)])
def test_inversion_happens_once(tmp_path, photometric, shape, inverted):
    tags = {"PresentationLUTShape": shape} if shape else {}
    pixels = np.arange(64, dtype=np.uint16).reshape(8, 8)
    path = written(tmp_path / "a.dcm", pixels, photometric, WindowWidth=64, WindowCenter=32, **tags)
    picture = filled(only_case(path))
    shown = to_grey(picture.pixels, displayed(picture.windows[0], picture.inverted, picture.blank))
    assert (int(shown[0, 0]) > int(shown[-1, -1])) is inverted
    assert np.array_equal(picture.pixels, pixels)


def test_only_known_words_of_an_explanation_are_shown():
    assert safe_name("Patience Sentinel LUNG") == "Lung"
    assert safe_name("WINDOW1") == "" and safe_name("SOFT_TISSUE") == "Soft tissue"
