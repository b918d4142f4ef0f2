import numpy as np
import pytest
from pydicom.pixels import apply_color_lut

from graticule.domain.errors import GraticuleError
from graticule.imaging.colour_maps import HOT_IRON, INVERTED, NAMES, PERCEPTUAL, PET, table
from graticule.imaging.histogram import histogram, window_of


@pytest.mark.filterwarnings("ignore:Invalid value for VR UI")
@pytest.mark.parametrize(("name", "theirs"), [(HOT_IRON, "HOT_IRON"), (PET, "PET")])
def test_known_maps_are_those_of_the_standard(name: str, theirs: str) -> None:
    standard = apply_color_lut(np.arange(256, dtype=np.uint8), palette=theirs)
    assert np.abs(table(name).astype(int) - standard.astype(int)).max() <= 4


def test_every_map_is_a_table_of_256_and_brightness_rises_in_the_perceptual_one() -> None:
    for name in NAMES:
        assert table(name).shape == (256, 3) and table(name).dtype == np.uint8
    bright = table(PERCEPTUAL) @ np.array([0.2126, 0.7152, 0.0722])
    assert np.all(np.diff(bright) >= -0.5) and table(INVERTED)[0].tolist() == [255, 255, 255]
    with pytest.raises(GraticuleError, match="no colour map"):
        table("rainbow")


def test_a_histogram_counts_every_value_once_and_leaves_padding_out() -> None:
    values = np.array([-2000, -2000, 5, 6, 6, 9], np.int16)
    found = histogram(values, (-2000.0, -2000.0))
    assert found is not None and found.counts.sum() == 4 and found.counts[1] == 2 and found.share == 1
    assert histogram(np.full(3, np.nan)) is None
    assert window_of(np.arange(101, dtype=np.int16)) == pytest.approx((96, 50))
    assert window_of(values[:2], (-2000.0, -2000.0)) is None
