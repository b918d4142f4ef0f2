"""Colours for any number of segments that stay apart for every common kind of colour vision.

Perceptual steps are taken in Oklab (B. Ottosson 2020). What a colour looks like without red, green or blue cones is by the
matrices of Machado, Oliveira & Fernandes 2009 (severity 1) on linear sRGB.
"""

from collections.abc import Collection, Sequence
from functools import lru_cache

import numpy as np

from graticule.domain.geometry import Floats

# Lightness steps away from a family's first colour, nearest first: the order in which instances take their shades.
_SHADES = (0.0, 0.17, -0.16, 0.09, -0.09, 0.25, -0.24, 0.13, -0.13, 0.05, -0.05, 0.21, -0.2)
_LIGHTEST, _DARKEST = 0.94, 0.34
_TO_LMS = np.array([[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
                    [0.0883024619, 0.2817188376, 0.6299787005]])
_TO_LAB = np.array([[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
                    [0.0259040371, 0.7827717662, -0.8086757660]])
_VISION = np.array([
    np.eye(3),
    [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]])


def next_colour(used: Collection[str], first: Sequence[str]) -> str:
    """The first of `first` that nobody uses; after these, of their lighter and darker steps the one furthest from all used,
    for the kind of vision that tells it worst. Colours are "#rrggbb"."""
    free = next((colour for colour in first if colour not in used), None)
    if free is not None:
        return free
    few, many = _steps(tuple(first), 9), _steps(tuple(first), 30)
    steps = [colour for colour in few if colour not in used] or [colour for colour in many if colour not in used]
    return steps[int(np.argmax(_apart(steps, sorted(used))))] if steps else first[len(used) % len(first)]


def shade(colour: str, used: Collection[str], others: Sequence[str] = ()) -> str:
    """A colour of the same hue as `colour`, lighter or darker, that nobody uses: the next of a family of instances.

    others: palette to go on with when no shade is left that can be told from those in use.
    """
    shades = [found for found in _shades(colour) if found not in used]
    away = _apart(shades, sorted(used)) if shades and used else np.full(len(shades), 1.0)
    for least in (0.045, 0.02):
        if (away > least).any():
            return shades[int(np.argmax(away > least))]
    return next_colour(used, (colour, *others))


@lru_cache(maxsize=64)
def _shades(colour: str) -> tuple[str, ...]:
    light, a, b = lab(colour)
    steps = (light + step * spread for spread in (1.0, 1.3, 0.6, 1.8, 0.35) for step in _SHADES)
    return tuple(_hex(np.array([wanted, a, b])) for wanted in steps if _DARKEST <= wanted <= _LIGHTEST)


def apart(one: str, two: str) -> float:
    """How far two colours lie from each other (Oklab, 0…1) for the kind of vision that tells them worst."""
    return float(_apart([one], [two])[0])


def lab(colour: str) -> Floats:
    """(3,) Oklab of "#rrggbb": lightness 0…1, green–red, blue–yellow."""
    return np.asarray(_lab(_linear([colour]))[0])


@lru_cache(maxsize=4)
def _steps(first: tuple[str, ...], count: int) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for light in np.linspace(_DARKEST, _LIGHTEST, count):
        for colour in first:
            _, a, b = lab(colour)
            found.setdefault(_hex(np.array([light, a, b])))
    return tuple(found)


def _apart(these: Sequence[str], others: Sequence[str]) -> Floats:
    """(n,) the distance of each of `these` to the nearest of `others`, for the kind of vision that tells it worst."""
    nearest = np.full(len(these), np.inf)
    ours, theirs = _linear(these), _linear(others)
    for matrix in _VISION:
        one, two = _lab(np.clip(ours @ matrix.T, 0, 1)), _lab(np.clip(theirs @ matrix.T, 0, 1))
        nearest = np.minimum(nearest, np.linalg.norm(one[:, None] - two[None], axis=2).min(axis=1))
    return nearest


def _linear(colours: Sequence[str]) -> Floats:
    coded = np.array([[int(colour[at:at + 2], 16) for at in (1, 3, 5)] for colour in colours], dtype=np.float64) / 255
    return np.asarray(np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4))


def _lab(linear: Floats) -> Floats:
    return np.asarray(np.cbrt(linear @ _TO_LMS.T) @ _TO_LAB.T)


def _hex(of: Floats) -> str:
    """The sRGB colour of an Oklab one; where the screen has none so strong, a paler one of the same hue and lightness."""
    to_linear, to_lms = np.linalg.inv(_TO_LMS), np.linalg.inv(_TO_LAB)
    for pale in np.linspace(1.0, 0.0, 21):
        linear = to_linear @ (to_lms @ np.array([of[0], of[1] * pale, of[2] * pale])) ** 3
        if linear.min() >= -1e-4 and linear.max() <= 1 + 1e-4:
            break
    linear = np.clip(linear, 0, 1)
    coded = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return "#" + "".join(f"{round(float(part) * 255):02x}" for part in coded)
