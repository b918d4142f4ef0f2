"""When in the heart's or the breath's cycle, or how long after the start, a volume of a 4D series was taken."""

from collections.abc import Sequence

from graticule.formats.dicom.frame import Frame
from graticule.formats.facts import number

# Attributes that say it in a unit of their own; the first that all slices agree on is taken (PS3.3 C.7.6.16, C.8.9.5).
_UNITS = (("phase/NominalCardiacTriggerDelayTime", "ms"), ("phase/TriggerTime", "ms"),
          ("phase/NominalPercentageOfCardiacPhase", "%"), ("phase/NominalPercentageOfRespiratoryPhase", "%"),
          ("time/TemporalPositionTimeOffset", "s"), ("time/FrameReferenceTime", "ms"))


def moment_fact(frames: Sequence[Frame]) -> list[object] | None:
    """[number, unit], or None where the files do not say one moment for the whole volume."""
    said = [dict(frame.moments) for frame in frames]
    for key, unit in _UNITS:
        values = {moments.get(key, "") for moments in said}
        if len(values) == 1 and (only := values.pop()):
            try:
                return [number(float(only)), unit]
            except ValueError:
                continue
    return None
