"""Where a frame keeps an attribute: its own functional groups, the shared ones, those of converted files, the header."""

from typing import Any

# Legacy Converted Enhanced files keep what has no group of its own here (PS3.3 C.7.6.16.2.25).
_CONVERTED = ("UnassignedPerFrameConvertedAttributesSequence", "UnassignedSharedConvertedAttributesSequence")


Level = dict[str, dict[str, Any]]
"""Functional group → keyword → value, of one frame or of all."""


class Groups:
    """The attributes of frame `number` of a file, counted from 0. data: anything with `get(keyword)`."""

    def __init__(self, data: Any, number: int, shared: "Level | None" = None) -> None:
        """shared: what `shared_of` gave for the file, when many frames of it are asked for."""
        per_frame = data.get("PerFrameFunctionalGroupsSequence") or ()
        own = [_level(item) for item in per_frame[number:number + 1]]
        common = shared_of(data) if shared is None else shared
        self._levels: list[Level] = [*own, common] if common else own
        self._data = data

    @property
    def grouped(self) -> bool:
        """Whether the frame has functional groups at all; a classic image has none."""
        return bool(self._levels)

    def get(self, sequence: str, keyword: str) -> Any:
        """The value of `keyword` in functional group `sequence`, or in the header itself; None when absent or empty."""
        for level in self._levels:
            for name in (sequence,) if sequence else _CONVERTED:
                value = level[name].get(keyword) if name in level else None
                if value is not None and value != "":
                    return value
        value = self._data.get(keyword)
        return None if value == "" else value

    def own(self, sequence: str, keyword: str) -> Any:
        """As `get`, without falling back on the header when a functional group is asked for."""
        return self.get(sequence, keyword) if not sequence or any(sequence in level for level in self._levels) else None

    def item(self, sequence: str) -> Any:
        """The item of a functional group, None when no level has it."""
        return next((level[sequence] for level in self._levels if sequence in level), None)


def shared_of(data: Any) -> Level:
    """The functional groups that all frames of a file share."""
    return next((_level(item) for item in (data.get("SharedFunctionalGroupsSequence") or ())[:1]), {})


def _level(groups: Any) -> Level:
    """Plain dicts of the first items: pydicom looks names up in the whole dictionary of DICOM each time one is asked for."""
    return {group.keyword: {element.keyword: element.value for element in group.value[0]}
            for group in groups if group.VR == "SQ" and len(group.value)}


def several(value: Any) -> list[Any]:
    """The parts of a value that may be one, many or none."""
    if value is None or value == "":
        return []
    return [value] if isinstance(value, str | int | float) else list(value)


def number(value: Any) -> float | None:
    return None if value is None or value == "" else float(value)


def positive(value: Any) -> float | None:
    """A length that can be one; zero, negative and monstrous values are none."""
    found = number(value)
    return found if found is not None and 0 < found < 1e6 else None


def pair(value: Any) -> tuple[float, float] | None:
    parts = [positive(part) for part in several(value)]
    return (parts[0], parts[1]) if len(parts) == 2 and parts[0] and parts[1] else None
