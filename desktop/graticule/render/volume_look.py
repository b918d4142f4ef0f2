"""How a modality looks in 3D: colour and opacity by value. Starting points, not diagnoses."""

from dataclasses import dataclass, replace

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

    @property
    def span(self) -> float:
        """How many values lie between its first and its last point: what a shift is a share of."""
        return max(1e-6, self.opacity[-1][0] - self.opacity[0][0])

    def tuned(self, shift: float, density: float) -> "VolumeLook":
        """Moved along the values by `shift` of its span (−1…1), and `density` times as opaque."""
        by = shift * self.span
        opacity = tuple((value + by, min(1.0, part * density)) for value, part in self.opacity)
        return replace(self, opacity=opacity, colour=tuple((value + by, rgb) for value, rgb in self.colour))


_RED, _BONE_WHITE = (0.78, 0.22, 0.16), (1.0, 0.99, 0.96)
_BONE = VolumeLook(
    "Bone", ((150, 0.0), (210, 0.12), (280, 0.55), (450, 0.9), (1200, 1.0)),
    ((120, (0.62, 0.34, 0.27)), (240, (0.88, 0.72, 0.56)), (450, (0.96, 0.90, 0.78)), (1500, _BONE_WHITE)))
_VESSELS = VolumeLook(
    "Vessels", ((100, 0.0), (150, 0.04), (220, 0.35), (320, 0.6), (700, 0.9)),
    ((100, (0.45, 0.08, 0.06)), (200, _RED), (340, (0.93, 0.55, 0.35)), (520, (0.97, 0.90, 0.78)), (1200, _BONE_WHITE)))
_LUNG = VolumeLook(
    "Lung", ((-960, 0.0), (-900, 0.02), (-780, 0.05), (-620, 0.14), (-480, 0.10), (-380, 0.0)),
    ((-950, (0.16, 0.20, 0.28)), (-800, (0.45, 0.62, 0.78)), (-600, (0.86, 0.80, 0.74)), (-400, (0.95, 0.62, 0.52))),
    beside_surfaces=0.5)
_SKIN = VolumeLook(
    "Skin", ((-520, 0.0), (-380, 0.12), (-250, 0.65), (-50, 0.95), (400, 1.0)),
    ((-520, (0.60, 0.42, 0.34)), (-200, (0.87, 0.68, 0.57)), (100, (0.93, 0.78, 0.68)), (600, _BONE_WHITE)), beside_surfaces=0.12)
_SOFT = VolumeLook(
    "Soft tissue", ((0, 0.0), (40, 0.02), (90, 0.10), (160, 0.30), (300, 0.65), (900, 0.95)),
    ((0, (0.42, 0.16, 0.13)), (80, (0.72, 0.35, 0.27)), (180, (0.90, 0.62, 0.48)), (350, (0.96, 0.90, 0.78)),
     (1200, _BONE_WHITE)),
    beside_surfaces=0.25)


def look_for(modality: str, reduced: Reduced) -> VolumeLook:
    """CT shows bone; PET its hottest points along each ray; everything else the brighter half as thin mist."""
    return looks_for(modality, reduced)[0]


def looks_for(modality: str, reduced: Reduced) -> tuple[VolumeLook, ...]:
    """The presets of a modality, its usual one first. CT goes by Hounsfield units; others by the values that occur."""
    if modality == "CT":
        return _BONE, _VESSELS, _LUNG, _SKIN, _SOFT, _brightest(-100.0, 1100.0)
    low, span = reduced.low, max(1e-6, reduced.high - reduced.low)
    brightest = _brightest(low, span)
    if modality in ("PT", "NM"):
        return brightest, _hot_spots(low, span)
    return _mist(low, span), _surface(low, span), _bright_vessels(low, span), brightest


def _brightest(low: float, span: float) -> VolumeLook:
    return VolumeLook("Brightest point", ((low, 0.0), (low + span, 1.0)), _grey(low, span), shaded=False, brightest=True)


def _mist(low: float, span: float) -> VolumeLook:
    opacity = ((low + 0.12 * span, 0.0), (low + 0.4 * span, 0.03), (low + span, 0.09), (low + 1.6 * span, 0.2))
    return VolumeLook("Mist", opacity, ((low, (0.25, 0.25, 0.27)), (low + 1.2 * span, (1.0, 1.0, 1.0))), beside_surfaces=0.12)


def _surface(low: float, span: float) -> VolumeLook:
    opacity = ((low + 0.12 * span, 0.0), (low + 0.22 * span, 0.25), (low + 0.4 * span, 0.8), (low + span, 1.0))
    return VolumeLook("Surface", opacity, ((low, (0.55, 0.44, 0.38)), (low + span, (0.95, 0.88, 0.80))), beside_surfaces=0.12)


def _bright_vessels(low: float, span: float) -> VolumeLook:
    opacity = ((low + 0.75 * span, 0.0), (low + 0.95 * span, 0.15), (low + 1.3 * span, 0.7))
    colour = ((low + 0.7 * span, (0.5, 0.1, 0.08)), (low + span, _RED), (low + 1.5 * span, (1.0, 0.85, 0.7)))
    return VolumeLook("Bright vessels", opacity, colour)


def _hot_spots(low: float, span: float) -> VolumeLook:
    opacity = ((low + 0.3 * span, 0.0), (low + 0.6 * span, 0.06), (low + span, 0.4))
    colour = ((low, (0.1, 0.0, 0.0)), (low + 0.6 * span, (0.9, 0.35, 0.05)), (low + span, (1.0, 0.95, 0.6)))
    return VolumeLook("Hot spots", opacity, colour, shaded=False)


def _grey(low: float, span: float) -> tuple[tuple[float, Rgb], ...]:
    return (low, (0.0, 0.0, 0.0)), (low + span, (1.0, 1.0, 1.0))
