"""How a modality looks in 3D: colour and opacity by value. Starting points, not diagnoses."""

from dataclasses import dataclass

from graticule.render.reduce import Reduced

Rgb = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class VolumeLook:
    """Points (value, opacity per millimetre) and (value, colour); `shaded` for surfaces, `brightest` for a projection.

    beside_surfaces: how much of the opacity remains once segments have surfaces, which would be hidden inside otherwise.
    """

    name: str
    opacity: tuple[tuple[float, float], ...]
    colour: tuple[tuple[float, Rgb], ...]
    shaded: bool = True
    brightest: bool = False
    beside_surfaces: float = 1.0


_BONE = VolumeLook(
    "Bone", ((150, 0.0), (210, 0.12), (280, 0.55), (450, 0.9), (1200, 1.0)),
    ((120, (0.62, 0.34, 0.27)), (240, (0.88, 0.72, 0.56)), (450, (0.96, 0.90, 0.78)), (1500, (1.0, 0.99, 0.96))))


def look_for(modality: str, reduced: Reduced) -> VolumeLook:
    """CT shows bone; PET its hottest points along each ray; everything else the brighter half as thin mist."""
    if modality == "CT":
        return _BONE
    low, span = reduced.low, max(1e-6, reduced.high - reduced.low)
    grey: tuple[tuple[float, Rgb], ...] = ((low, (0.0, 0.0, 0.0)), (low + span, (1.0, 1.0, 1.0)))
    if modality in ("PT", "NM"):
        return VolumeLook("Brightest point", ((low, 0.0), (low + span, 1.0)), grey, shaded=False, brightest=True)
    mist = ((low + 0.12 * span, 0.0), (low + 0.4 * span, 0.03), (low + span, 0.09), (low + 1.6 * span, 0.2))
    return VolumeLook("Mist", mist, ((low, (0.25, 0.25, 0.27)), (low + 1.2 * span, (1.0, 1.0, 1.0))), beside_surfaces=0.12)
