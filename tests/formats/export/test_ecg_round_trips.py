"""Random labels of an ECG leave as WFDB, DICOM, EDF+ and JSON and come back equal, by the door that any file comes in by."""

import json
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecg_label_strategies import ONTOLOGY, labels_on, recordings, said
from graticule.domain.case import Case, Kind
from graticule.domain.elements import Answer
from graticule.domain.labels import Labels
from graticule.domain.recording import Recording
from graticule.formats.door import open_case, read_labels, scan
from graticule.formats.export.readable import labels_of
from graticule.formats.export.registry import export

CASE = Case("c1:0123456789abcdef", Kind.ECG, "ECG", "", "wfdb", (), (), {"record": "rec 1"})
FEW = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def ids():
    numbers = count()
    return lambda: f"again{next(numbers)}"


def out_and_in(folder: Path, format: str, recording: Recording, labels: Labels) -> dict[str, Labels]:
    """By reading: the labels that the door finds in what was exported."""
    made = export(CASE, recording, labels, ONTOLOGY, format, folder)
    assert all(file.proven for file in made)
    found = {}
    for outcome in scan([file.path for file in made]):
        if outcome.outcome == "labels" and outcome.case is not None:
            content = open_case(outcome.case).content
            assert content.ticks >= recording.ticks and content.rate == recording.rate
            found[outcome.labels_reading] = read_labels(outcome, outcome.case, content, ids())
    return found


@pytest.mark.parametrize("unlike", [False, True])
@FEW
@given(data=st.data())
def test_dicom_gives_back_every_beat_and_episode_from_the_waveform_and_from_the_report(tmp_path_factory, data, unlike):
    recording = data.draw(recordings(unlike))
    labels = data.draw(labels_on(recording))
    found = out_and_in(tmp_path_factory.mktemp("dicom"), "dicom-ecg", recording, labels)
    for reading in ("ecg-file", "waveform-report"):
        assert said(found.get(reading, Labels())) == said(labels)


@pytest.mark.parametrize("unlike", [False, True])
@FEW
@given(data=st.data())
def test_edf_gives_back_every_beat_and_episode(tmp_path_factory, data, unlike):
    recording = data.draw(recordings(unlike))
    labels = data.draw(labels_on(recording))
    found = out_and_in(tmp_path_factory.mktemp("edf"), "edf", recording, labels)
    assert said(found.get("ecg-file", Labels())) == said(labels)


@pytest.mark.parametrize("unlike", [False, True])
@FEW
@given(data=st.data())
def test_wfdb_with_its_json_gives_back_the_very_labels(tmp_path_factory, data, unlike):
    recording = data.draw(recordings(unlike))
    labels = data.draw(labels_on(recording))
    labels.put(Answer.KIND, "q", Answer(id="q", value=True))
    assert out_and_in(tmp_path_factory.mktemp("wfdb"), "wfdb", recording, labels)["atr"] == labels


@FEW
@given(data=st.data())
def test_json_gives_back_the_very_labels(tmp_path_factory, data):
    recording = data.draw(recordings())
    labels = data.draw(labels_on(recording))
    file, = export(CASE, recording, labels, ONTOLOGY, "json", tmp_path_factory.mktemp("json"))
    assert file.proven and labels_of(json.loads(file.path.read_text(encoding="utf-8"))) == labels
