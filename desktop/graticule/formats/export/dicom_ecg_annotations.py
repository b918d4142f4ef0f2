"""The Waveform Annotation Sequence (PS3.3 C.10.10): each statement with its code, its channels and its places in time."""

from collections.abc import Iterable

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from graticule.formats.export.dicom_object import item
from graticule.formats.export.ecg_codes import code_sequence
from graticule.formats.export.ecg_places import Places, Said
from graticule.formats.export.ecg_statements import Statement


def annotation_sequence(said: Iterable[Statement], places: Places) -> Sequence:
    """Beats of a kind as many points, episodes as segments. The group number tells our tracks apart."""
    tracks: dict[str, int] = {}
    return Sequence(_item(one, places, tracks.setdefault(one.track, len(tracks) + 1)) for one in said)


def place_of(one: Statement, places: Places) -> tuple[str, Said]:
    """(Temporal Range Type, where)"""
    if one.is_episode:
        start, end = one.ticks.tolist()
        return "SEGMENT", places.span(start, end, one.lead)
    return ("POINT" if one.ticks.size == 1 else "MULTIPOINT"), places.points(one.ticks, one.lead)


def put_place(data: Dataset, kind: str, said: Said) -> None:
    data.TemporalRangeType = kind
    if said.samples:
        data.ReferencedSamplePositions = list(said.samples)
    else:
        data.ReferencedTimeOffsets = list(said.seconds)


def _item(one: Statement, places: Places, group: int) -> Dataset:
    kind, said = place_of(one, places)
    made = item(ConceptNameCodeSequence=code_sequence(one.code), ReferencedWaveformChannels=list(said.channels))
    put_place(made, kind, said)
    made.AnnotationGroupNumber = group
    return made
