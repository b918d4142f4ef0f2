import numpy as np

from graticule.imaging.distinct_colours import apart, lab, next_colour, shade
from graticule.ui.theme import SEGMENT_COLOURS


def test_the_palette_comes_first_and_no_colour_twice() -> None:
    used: list[str] = []
    for _ in range(120):
        used.append(next_colour(used, SEGMENT_COLOURS))
    assert tuple(used[:21]) == SEGMENT_COLOURS and len(set(used)) == 120


def test_a_family_keeps_its_hue_and_its_shades_are_told_apart_by_every_eye() -> None:
    for first in SEGMENT_COLOURS[:7]:
        family = [first]
        for _ in range(5):
            family.append(shade(first, family))
        hues = [np.arctan2(*lab(colour)[:0:-1]) for colour in family]
        turned = [abs(np.angle(np.exp(1j * (hue - hues[0])))) for hue in hues]
        assert max(turned) < 0.2, first
        assert min(apart(one, two) for at, one in enumerate(family) for two in family[:at]) > 0.03, first


def test_red_and_green_of_one_lightness_are_near_for_some() -> None:
    assert apart("#d55e00", "#0072b2") > 2 * apart("#c05010", "#7a7a10")
