from dataclasses import replace
from fractions import Fraction
from itertools import count

import numpy as np
import pytest
import wfdb
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graticule.domain.case import Case, Kind
from graticule.domain.codes import Code
from graticule.domain.elements import Answer, Beat, Episode, Note
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Grid
from graticule.domain.labels import Labels
from graticule.domain.recording import Lead, Recording
from graticule.domain.volume import Volume
from graticule.formats.ecg.atr import BEATS, decode
from graticule.formats.ecg.atr_reader import READER
from graticule.formats.ecg.family import FAMILY, wfdb_case
from graticule.formats.ecg.record import read_record
from graticule.formats.export.wfdb import EXPORTER, annotations_of, export_wfdb
from graticule.resources import load_ontology
from real_data import DATA, needs_data

ONTOLOGY = load_ontology("rhythm")
CASE = Case("c1:0123456789abcdef", Kind.ECG, "ECG", "", "wfdb", (), (), {"record": "rec 1"})


def ids():
    numbers = count()
    return lambda: f"e{next(numbers)}"


def recording(ticks: int = 5000, rate: Fraction = Fraction(500)) -> Recording:
    wave = (1000 * np.sin(np.arange(ticks) / 20)).astype(np.int16)
    return Recording((Lead("II", wave, 204.8, 3.0), Lead("V1", -wave, 1000.0)), rate, ticks)


def labelled(*elements) -> Labels:
    labels = Labels()
    for element in elements:
        labels.put(element.KIND, element.id, element)
    return labels


def episode(name: str, slug: str, start: int, end: int, **fields) -> Episode:
    concept = ONTOLOGY.slug(slug)
    return Episode(id=name, track=concept.track, start=start, end=end, code=concept.code, **fields)


def reopened(folder, name: str = "rec_1"):
    case = wfdb_case(folder / f"{name}.hea")
    content = FAMILY.open(case).content
    return content, READER.read(folder / f"{name}.atr", case, content, ids())


@needs_data
@pytest.mark.parametrize("record", ["100", "119", "201", "217", "231_first15min"])
def test_a_real_record_leaves_and_comes_back_the_same(tmp_path, record):
    header = DATA / "ecg" / "mitdb" / f"{record}.hea"
    case, content = wfdb_case(header), read_record(header)
    labels = READER.read(header.with_suffix(".atr"), case, content, ids())
    exported = export_wfdb(case, content, labels, ONTOLOGY, tmp_path)
    suffixes = (".hea", ".dat", ".atr", ".graticule.json")
    assert [item.path.name for item in exported] == [f"{record}{suffix}" for suffix in suffixes]
    assert all("equal" in check.result for item in exported for check in item.checks)
    assert {check.by.split()[0] for check in exported[0].checks} == {"wfdb", "graticule"}
    again, read_back = reopened(tmp_path, record)
    for one, other in zip(content.leads, again.leads, strict=True):
        np.testing.assert_array_equal(one.digital, other.digital)
    assert [e for e in read_back.all() if not isinstance(e, Note)] == sorted(
        (e for e in labels.all() if not isinstance(e, Note)), key=lambda e: (e.KIND, e.id))
    original, written = wfdb.rdann(str(header.with_suffix("")), "atr"), wfdb.rdann(str(tmp_path / record), "atr")
    columns = ("sample", "symbol", "subtype", "chan", "num")
    for column in columns:
        assert list(getattr(original, column)) == list(getattr(written, column))
    assert [aux.rstrip("\0") for aux in original.aux_note] == [aux.rstrip("\0") for aux in written.aux_note]


def test_without_the_json_file_the_type_of_block_is_lost_but_nothing_else(tmp_path):
    labels = labelled(episode("a", "sinus", 0, 2000), episode("b", "avb2_mobitz2", 2000, 4000, criteria={"v": 1}),
                      Beat(id="c", tick=100, symbol="V"), Answer(id="q", value=True))
    export_wfdb(CASE, recording(), labels, ONTOLOGY, tmp_path)
    _, whole = reopened(tmp_path)
    assert whole == labels
    (tmp_path / "rec_1.graticule.json").unlink()
    _, bare = reopened(tmp_path)
    assert [(e.code.code, e.start, e.end) for e in bare.of(Episode)] == [("sinus", 0, 2000), ("avb2", 2000, 4000)]
    assert [(b.tick, b.symbol) for b in bare.of(Beat)] == [(100, "V")]


def test_a_changed_annotation_file_counts_more_than_the_json_beside_it(tmp_path):
    export_wfdb(CASE, recording(), labelled(Beat(id="c", tick=100, symbol="V")), ONTOLOGY, tmp_path)
    wfdb.wrann("rec_1", "atr", np.array([7]), symbol=["N"], write_dir=str(tmp_path))
    _, labels = reopened(tmp_path)
    assert [(b.tick, b.symbol) for b in labels.of(Beat)] == [(7, "N")]


def test_overlapping_tracks_become_one_rhythm_and_gaps_are_said():
    labels = labelled(episode("a", "sinus", 0, 3000), episode("b", "avb2_2to1", 1000, 2000),
                      episode("c", "av_normal", 2000, 3000), episode("d", "afib", 3500, 5000))
    marks, says = annotations_of(recording(), labels)
    assert [(m.sample, m.aux) for m in marks] == [(0, "(N"), (1000, "(BII"), (2000, "(N"), (3000, "(UNLABELLED"), (3500, "(AFIB")]
    assert any("avb2_2to1" in sentence for sentence in says)
    assert any("one rhythm at a time" in sentence for sentence in says)


def test_a_rhythm_without_a_string_of_its_own_is_written_as_what_it_is_a_kind_of_and_said(tmp_path):
    labels = labelled(episode("a", "sinus_tachy", 10, 4000))
    assert any("sinus_tachy" in sentence for sentence in annotations_of(recording(), labels)[1])
    export_wfdb(CASE, recording(), labels, ONTOLOGY, tmp_path)
    (tmp_path / "rec_1.graticule.json").unlink()
    _, bare = reopened(tmp_path)
    assert [(e.code.code, e.start, e.end) for e in bare.of(Episode)] == [("sinus", 10, 4000)]


slugs = st.sampled_from([c.code.code for c in ONTOLOGY if c.track in ("rhythm", "conduction", "pacing")])
leads = st.sampled_from([None, "II", "V1"])
spans = st.tuples(st.integers(0, 4998), st.integers(1, 5000)).map(lambda p: (p[0], min(5000, p[0] + p[1])))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, 4999), st.sampled_from(sorted(BEATS)), leads), max_size=30),
       st.lists(st.tuples(slugs, spans), max_size=8))
def test_every_sample_number_survives(tmp_path_factory, beats, episodes):
    folder = tmp_path_factory.mktemp("out")
    labels = labelled(*(Beat(id=f"b{n}", tick=t, symbol=s, lead=lead) for n, (t, s, lead) in enumerate(beats)),
                      *(episode(f"e{n}", slug, *span) for n, (slug, span) in enumerate(episodes)))
    export_wfdb(CASE, recording(), labels, ONTOLOGY, folder)
    assert reopened(folder)[1] == labels
    marks = decode((folder / "rec_1.atr").read_bytes()).marks
    assert sorted((m.sample, m.symbol) for m in marks if m.symbol in BEATS) == sorted((t, s) for t, s, _ in beats)


def test_leads_of_several_rates_and_values_beyond_16_bits_and_gaps(tmp_path):
    fast = np.arange(400, dtype=np.int32) * 1000
    slow = np.arange(100, dtype=np.int16)
    fast[5] = -(1 << 31)
    leads = Lead("II", fast, 1e6, invalid=-(1 << 31)), Lead("RESP", slow, 10.0, step=4, unit="NU")
    content = Recording(leads, Fraction(500), 400, synthetic=True)
    labels = labelled(Beat(id="b", tick=7, symbol="N"), episode("e", "afib", 3, 399))
    export_wfdb(CASE, content, labels, ONTOLOGY, tmp_path)
    again, read_back = reopened(tmp_path)
    assert (again.rate, again.ticks, again.synthetic) == (500, 400, True)
    assert [lead.step for lead in again.leads] == [1, 4]
    np.testing.assert_array_equal(np.isnan(again.leads[0].physical()), np.isnan(content.leads[0].physical()))
    np.testing.assert_array_equal(again.leads[1].digital, slow)
    assert read_back == labels


def test_a_212_gap_becomes_a_gap_again(tmp_path):
    wave = np.array([1, 2, -2048, 4], np.int16)
    export_wfdb(CASE, Recording((Lead("II", wave, 200.0, invalid=-2048),), Fraction(100), 4), labelled(), ONTOLOGY, tmp_path)
    again = read_record(tmp_path / "rec_1.hea")
    np.testing.assert_array_equal(np.isnan(again.leads[0].physical()), [False, False, True, False])


def test_a_fractional_baseline_is_kept_in_the_json(tmp_path):
    content = recording()
    content = replace(content, leads=(replace(content.leads[0], baseline=3.25), content.leads[1]))
    export_wfdb(CASE, content, labelled(Beat(id="b", tick=7, symbol="N")), ONTOLOGY, tmp_path)
    assert "'3.25'" in repr((tmp_path / "rec_1.graticule.json").read_text().replace('"', "'"))


def test_notes_do_not_leave(tmp_path):
    labels = labelled(Note(id="n", text="Mrs Sentinel"), Beat(id="b", tick=7, symbol="N"))
    export_wfdb(CASE, recording(), labels, ONTOLOGY, tmp_path)
    assert all(b"Sentinel" not in path.read_bytes() for path in tmp_path.iterdir())


def test_an_unknown_scheme_goes_out_as_it_came(tmp_path):
    odd = Episode(id="o", track="rhythm", start=5, end=50, code=Code("WFDB", "(HGEA", ""))
    marks, _ = annotations_of(recording(), labelled(odd))
    assert [(m.sample, m.aux) for m in marks] == [(5, "(HGEA"), (50, "(UNLABELLED")]


@needs_data
def test_the_recording_itself_is_never_overwritten(tmp_path):
    for suffix in (".hea", ".dat"):
        (tmp_path / f"100{suffix}").write_bytes((DATA / "ecg" / "mitdb" / f"100{suffix}").read_bytes())
    case = wfdb_case(tmp_path / "100.hea")
    before = (tmp_path / "100.hea").read_bytes()
    with pytest.raises(GraticuleError, match="overwrite"):
        EXPORTER.export(case, FAMILY.open(case).content, labelled(), ONTOLOGY, tmp_path)
    assert (tmp_path / "100.hea").read_bytes() == before


def test_only_an_ecg_can_be_written(tmp_path):
    with pytest.raises(GraticuleError, match="Only an ECG"):
        export_wfdb(CASE, Volume(np.zeros((1, 2, 2)), Grid((1, 2, 2), np.eye(4)), "CT"), labelled(), ONTOLOGY, tmp_path)
