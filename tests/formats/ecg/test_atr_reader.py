"""Reference annotations of MIT-BIH as labels: the counts and durations published with the data."""

from fractions import Fraction
from itertools import count

import numpy as np
import pytest

from graticule.domain.case import Case, Kind
from graticule.domain.elements import Beat, Episode, Note
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Grid
from graticule.domain.recording import Lead, Recording
from graticule.domain.volume import Volume
from graticule.formats.ecg.atr import Annotations, Mark, encode
from graticule.formats.ecg.atr_reader import READER
from graticule.formats.ecg.family import wfdb_case
from graticule.formats.ecg.record import read_record
from real_data import DATA, needs_data

BEATS = {
    "100": {"N": 2239, "A": 33, "V": 1}, "119": {"N": 1543, "V": 444},
    "201": {"N": 1625, "V": 198, "a": 97, "A": 30, "j": 10, "F": 2, "J": 1}, "217": {"/": 1542, "f": 260, "V": 162, "N": 244},
    "231_first15min": {"R": 613, "N": 160, "A": 1, "V": 2},
}
EPISODES = {
    "100": {("rhythm", "sinus"): (1, 1805.5)},
    "119": {("rhythm", "v_bigeminy"): (37, 235.3), ("rhythm", "v_trigeminy"): (17, 214.2), ("rhythm", "sinus"): (49, None)},
    "201": {("rhythm", "afib"): (3, 605.8), ("rhythm", "junctional"): (3, 23.6), ("rhythm", "v_trigeminy"): (12, 397.4),
            ("rhythm", "svt"): (1, 1.7)},
    "217": {("pacing", "paced"): (33, 1509.5), ("rhythm", "afib"): (24, 252.4), ("rhythm", "v_bigeminy"): (9, None),
            ("rhythm", "vt"): (1, 1.8)},
    "231_first15min": {("conduction", "avb2"): (3, 380.0), ("rhythm", "sinus"): (3, None)},
}


def ids():
    numbers = count()
    return lambda: f"e{next(numbers)}"


def labels_of(record: str):
    header = DATA / "ecg" / "mitdb" / f"{record}.hea"
    return read_record(header), READER.read(header.with_suffix(".atr"), wfdb_case(header), read_record(header), ids())


@needs_data
@pytest.mark.parametrize("record", BEATS)
def test_beats_and_episodes_are_those_published(record):
    recording, labels = labels_of(record)
    found: dict[str, int] = {}
    for beat in labels.of(Beat):
        found[beat.symbol] = found.get(beat.symbol, 0) + 1
        assert beat.lead is None
    assert found == BEATS[record]
    for (track, slug), (number, seconds) in EPISODES[record].items():
        episodes = [e for e in labels.of(Episode) if (e.track, e.code.code) == (track, slug)]
        assert len(episodes) == number
        if seconds is not None:
            assert sum(recording.seconds(e.end - e.start) for e in episodes) == pytest.approx(seconds, abs=0.06)


@needs_data
def test_second_degree_block_is_on_its_own_track_and_its_lost_type_is_said():
    _, labels = labels_of("231_first15min")
    spans = [(round(e.start / 360, 2), round(e.end / 360, 2)) for e in labels.of(Episode) if e.track == "conduction"]
    assert spans == [(97.62, 148.96), (333.56, 562.05), (799.84, 900.0)]
    assert "type is not stated" in labels.of(Note)[0].text
    marks = [e.code.code for e in labels.of(Episode) if e.track == "mark"]
    assert (marks.count("mark_comment"), marks.count("mark_blocked_p"), len(marks)) == (232, 2, 234)


def recording(ticks: int = 10_000, rate: int = 250) -> Recording:
    return Recording((Lead("I", np.zeros(ticks, np.int16), 200.0),
                      Lead("II", np.zeros(ticks, np.int16), 200.0)), Fraction(rate), ticks)


CASE = Case("c1:x", Kind.ECG, "ECG", "", "wfdb", ())


def read(tmp_path, marks, resolution=None, case=CASE, content=None):
    path = tmp_path / "r.atr"
    path.write_bytes(encode(Annotations(tuple(marks), resolution)))
    return READER.read(path, case, content or recording(), ids())


def test_a_rhythm_lasts_until_the_next_change_and_the_last_to_the_end(tmp_path):
    labels = read(tmp_path, [Mark(100, "+", aux="(AFIB"), Mark(300, "N"), Mark(400, "+", aux="(N")])
    assert [(e.code.code, e.start, e.end) for e in labels.of(Episode)] == [("afib", 100, 400), ("sinus", 400, 10_000)]
    assert labels.of(Note) == []


def test_a_string_nobody_knows_is_kept_as_it_is(tmp_path):
    episode = read(tmp_path, [Mark(100, "+", aux="(HGEA2?")]).of(Episode)[0]
    assert (episode.code.scheme, episode.code.code, episode.track) == ("WFDB", "(HGEA2?", "rhythm")


def test_fibrillation_brackets_become_an_episode_and_flutter_waves_are_no_beats(tmp_path):
    marks = [Mark(0, "+", aux="(N"), Mark(1000, "["), *(Mark(1000 + n, "!") for n in (50, 100, 150)), Mark(1200, "]")]
    labels = read(tmp_path, marks)
    assert [(e.code.code, e.start, e.end) for e in labels.of(Episode) if e.track != "mark"] == [
        ("sinus", 0, 1000), ("vfib", 1000, 1201), ("sinus", 1201, 10_000)]
    assert labels.of(Beat) == []
    changes = [Mark(0, "+", aux="(N"), Mark(1001, "+", aux="(VFL"), Mark(1201, "+", aux="(N")]
    stated = read(tmp_path, [*changes, Mark(1000, "["), Mark(1200, "]")])
    assert [e.code.code for e in stated.of(Episode) if e.track != "mark"] == ["sinus", "vflutter", "sinus"]


def test_beats_of_several_channels_name_their_lead(tmp_path):
    labels = read(tmp_path, [Mark(10, "N"), Mark(12, "N", channel=1)])
    assert [(b.tick, b.lead) for b in labels.of(Beat)] == [(10, "I"), (12, "II")]


def test_another_time_resolution_and_frames_are_put_on_the_clock(tmp_path):
    assert [b.tick for b in read(tmp_path, [Mark(500, "N")], Fraction(500)).of(Beat)] == [250]
    framed = Case("c1:x", Kind.ECG, "ECG", "", "wfdb", (), (), {"ticks_per_frame": 4})
    assert [b.tick for b in read(tmp_path, [Mark(500, "N")], case=framed).of(Beat)] == [2000]


def test_annotations_of_another_record_are_refused(tmp_path):
    with pytest.raises(GraticuleError, match="outside the record"):
        read(tmp_path, [Mark(10_000, "N")])
    volume = Volume(np.zeros((1, 2, 2)), Grid((1, 2, 2), np.eye(4)), "CT")
    with pytest.raises(GraticuleError, match="belongs to an ECG"):
        read(tmp_path, [Mark(1, "N")], content=volume)
