"""Frank's X, Y and Z from the twelve leads: derived leads, told as such wherever they stand.

Kors JA et al., Reconstruction of the Frank vectorcardiogram from standard electrocardiographic leads, Eur Heart J 1990;11:1083
(regression). Edenbrandt L, Pahlm O, Vectorcardiogram synthesized from a 12-lead ECG, J Electrocardiol 1988;21:361 (inverse of
Dower's matrix). X points to the left, Y to the feet, Z to the back.
"""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from graticule.domain.geometry import Floats
from graticule.ecg.median_beat import MedianBeat

AXES = ("X", "Y", "Z")
FROM = ("V1", "V2", "V3", "V4", "V5", "V6", "I", "II")
KORS, INVERSE_DOWER = "Kors", "inverse Dower"

# Rows X, Y, Z; columns as FROM.
MATRICES: Mapping[str, tuple[tuple[float, ...], ...]] = MappingProxyType({
    KORS: ((-0.13, 0.05, -0.01, 0.14, 0.06, 0.54, 0.38, -0.07),
           (0.06, -0.02, -0.05, 0.06, -0.17, 0.13, -0.07, 0.93),
           (-0.43, -0.06, -0.14, -0.20, -0.11, 0.31, 0.11, -0.23)),
    INVERSE_DOWER: ((-0.172, -0.074, 0.122, 0.231, 0.239, 0.194, 0.156, -0.010),
                    (0.057, -0.019, -0.106, -0.022, 0.041, 0.048, -0.227, 0.887),
                    (-0.229, -0.310, -0.246, -0.063, 0.055, 0.108, 0.022, 0.102))})

# A loop as it is looked at: what runs to the right and what runs up on the page, each with its sign.
PLANES: Mapping[str, tuple[tuple[int, int], tuple[int, int]]] = MappingProxyType({
    "Frontal": ((0, 1), (1, -1)), "Horizontal": ((0, 1), (2, 1)), "Sagittal": ((2, 1), (1, -1))})


def frank(leads: Mapping[str, Floats], method: str = KORS) -> Floats | None:
    """(3, samples) in the unit of the leads, which must be equally long; None where one of the eight is missing."""
    if any(name not in leads for name in FROM):
        return None
    out: Floats = np.array(MATRICES[method]) @ np.stack([leads[name] for name in FROM])
    return out


def frank_beat(beat: MedianBeat, method: str = KORS) -> Floats | None:
    """(3, samples) mV of the usual beat."""
    return frank(dict(zip(beat.names, beat.values, strict=True)), method)


def loop(vector: Floats, plane: str) -> Floats:
    """(samples, 2): right and up on the page."""
    (across, right), (down, up) = PLANES[plane]
    out: Floats = np.stack([right * vector[across], up * vector[down]], axis=1)
    return out
