"""What a DICOM ECG that labels were made on lends to what is exported of it: its identity, and where its leads lie in it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydicom.dataset import Dataset

from graticule.domain.case import Case
from graticule.domain.recording import Recording
from graticule.formats.ecg.dicom_groups import MultiplexGroup, places, rhythm
from graticule.formats.ecg.dicom_waveform import READING, read_dicom
from graticule.formats.export.ecg_places import Group, Places


@dataclass(frozen=True, eq=False, slots=True)
class Evidence:
    """The waveform object that a report speaks of."""

    header: Any
    places: Places

    @property
    def sop_class(self) -> str:
        return str(self.header.SOPClassUID)

    @property
    def sop_instance(self) -> str:
        return str(self.header.SOPInstanceUID)


def source_of(case: Case) -> Dataset | None:
    """The data set that the case was read from; None for a case of another format. GraticuleError when the file is gone."""
    return read_dicom(Path(case.sources[0].path)) if case.reading == READING else None


def places_in_source(header: Any, recording: Recording) -> Places:
    """Where the recording's leads lie in the object it was read from: groups that are not shown keep their numbers."""
    groups = [MultiplexGroup.of(one) for one in header.WaveformSequence]
    chosen, _ = rhythm(groups)
    _, starts, steps = places(chosen)
    found, first = [], 0
    for group, start, step in zip(chosen, starts, steps, strict=True):
        count = len(group.item.ChannelDefinitionSequence)
        names = tuple(lead.name for lead in recording.leads[first: first + count])
        found.append(Group(groups.index(group) + 1, start, step, group.samples, names))
        first += count
    return Places(tuple(found), recording)
