import shutil

import pytest

from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Silent
from graticule.formats.ecg.atr import Annotations, Mark, encode
from graticule.formats.ecg.family import FAMILY, wfdb_case
from real_data import DATA, needs_data


def head(path):
    with path.open("rb") as file:
        return file.read(4096)


def gather(paths):
    claimed = [path for path in paths if FAMILY.claims(path, head(path))]
    return list(FAMILY.gather(claimed, Silent()))


@needs_data
def test_every_ecg_file_gets_exactly_one_answer():
    paths = sorted(path for path in (DATA / "ecg").rglob("*") if path.is_file())
    outcomes = gather(paths)
    inside = [outcome.path.name for outcome in outcomes if outcome.labels_reading == "ecg-file"]
    assert sorted(outcome.path for outcome in outcomes if outcome.labels_reading != "ecg-file") == paths
    assert sorted(inside) == ["guangxi_sinus.dcm", "subject1_0.xml", "waveform_ecg.dcm"]
    cases = {outcome.case.id for outcome in outcomes if outcome.outcome == "case"}
    assert len(cases) == 5 + 8 + 1 + 2 + 3
    assert {outcome.outcome for outcome in outcomes} == {"case", "labels"}
    others = {outcome.path.suffix: outcome.labels_reading for outcome in outcomes if outcome.outcome == "labels"}
    assert (others[".atr"], others[".edf"]) == ("atr", "edf-annotations")


@needs_data
def test_files_of_one_record_share_a_case_whichever_was_chosen():
    folder = DATA / "ecg" / "ptb_15lead"
    ids = {outcome.case.id for name in ("s0010_re.hea", "s0010_re.dat", "s0010_re.xyz") for outcome in gather([folder / name])}
    assert ids == {wfdb_case(folder / "s0010_re.hea").id}


@needs_data
def test_titles_and_facts_give_no_diagnosis_away():
    for path in (DATA / "ecg").rglob("*.hea"):
        case = wfdb_case(path)
        assert "Dx" not in repr(case) and "block" not in repr(case)
        assert "infarction" not in repr(FAMILY.open(case).content.facts).lower()


@needs_data
def test_labels_are_matched_to_the_very_record_beside_them():
    folder = DATA / "ecg" / "mitdb"
    (outcome,) = gather([folder / "100.atr"])
    case = wfdb_case(folder / "100.hea")
    assert set(outcome.match_ids) & {source.object_id for source in case.sources}


@needs_data
def test_labels_alone_are_matched_by_the_record_name(tmp_path):
    shutil.copy(DATA / "ecg" / "mitdb" / "100.atr", tmp_path)
    (outcome,) = gather([tmp_path / "100.atr"])
    assert outcome.match_ids[0] in wfdb_case(DATA / "ecg" / "mitdb" / "100.hea").facts["match_ids"]


@needs_data
def test_a_changed_or_lost_signal_file_is_not_opened(tmp_path):
    for suffix in (".hea", ".dat"):
        (tmp_path / f"100{suffix}").write_bytes((DATA / "ecg" / "mitdb" / f"100{suffix}").read_bytes())
    case = wfdb_case(tmp_path / "100.hea")
    assert FAMILY.open(case).content.ticks == 650_000
    data = bytearray((tmp_path / "100.dat").read_bytes())
    data[1000] ^= 1
    (tmp_path / "100.dat").write_bytes(data)
    with pytest.raises(GraticuleError, match="has changed"):
        FAMILY.open(case)
    (tmp_path / "100.dat").unlink()
    with pytest.raises(GraticuleError, match="no longer"):
        FAMILY.open(case)


def test_orphans_and_broken_records_are_refused_in_a_sentence(tmp_path):
    (tmp_path / "lost.dat").write_bytes(bytes(100))
    (tmp_path / "many.hea").write_text("many/3 2 360 100\nmany_1 100\n")
    (tmp_path / "short.hea").write_text("short 1 100 500\nshort.dat 16 200\n")
    (tmp_path / "short.dat").write_bytes(bytes(100))
    (tmp_path / "short.qrs").write_bytes(bytes(2))
    reasons = {outcome.path.name: (outcome.outcome, outcome.reason) for outcome in gather(sorted(tmp_path.iterdir()))}
    assert reasons["lost.dat"][0] == "refused" and "without its header" in reasons["lost.dat"][1]
    assert "3 segments" in reasons["many.hea"][1]
    assert reasons["short.dat"] == reasons["short.hea"]
    assert "cut short" in reasons["short.hea"][1]
    assert reasons["short.qrs"][0] == "refused"


@pytest.mark.parametrize(("beginning", "says"), [
    (b"0       X X", "EDF"), (b"\xffBIOSEMI", "BDF"), (b"ISHNE1.0", "ISHNE"), (b"<?xml?><RestingECG>", "damaged"),
    ("<?xml?><restingecgdata>".encode("utf-16"), "damaged"), (b"<AnnotatedECG xmlns", "damaged"),
    (bytes(16) + b"SCPECG" + bytes(20), "SCP-ECG"), (b"@ MFR", "MFER")])
def test_damaged_and_unread_formats_are_refused_in_a_sentence(tmp_path, beginning, says):
    path = tmp_path / "x.bin"
    path.write_bytes(beginning)
    (outcome,) = gather([path])
    assert outcome.outcome == "refused"
    assert says in outcome.reason


def test_segments_are_parts_of_their_record(tmp_path):
    (tmp_path / "m.hea").write_text("m/2 1 100 20\nm_1 10\nm_2 10\n")
    for n in (1, 2):
        (tmp_path / f"m_{n}.hea").write_text(f"m_{n} 1 100 10\nm_{n}.dat 16 200 16 0 0 0 0 II\n")
        (tmp_path / f"m_{n}.dat").write_bytes(bytes(20))
    outcomes = gather(sorted(tmp_path.iterdir()))
    assert len(outcomes) == 5 and {outcome.outcome for outcome in outcomes} == {"case"}
    assert len({outcome.case.id for outcome in outcomes}) == 1
    assert FAMILY.open(outcomes[0].case).content.ticks == 20


def test_any_annotator_is_taken_and_vital_signs_are_no_ecg(tmp_path):
    (tmp_path / "r.hea").write_text("r 1 100 500\nr.dat 16 200 16 0 0 0 0 II\n")
    (tmp_path / "r.dat").write_bytes(bytes(1000))
    (tmp_path / "r.reader7").write_bytes(encode(Annotations((Mark(5, "N"), Mark(300, "V")))))
    (tmp_path / "n.hea").write_text("n 1 0.0166666 10\nn.dat 16 1/mmHg 16 0 0 0 0 NBP\n")
    (tmp_path / "n.dat").write_bytes(bytes(20))
    found = {outcome.path.name: outcome for outcome in gather(sorted(tmp_path.iterdir()))}
    assert (found["r.reader7"].outcome, found["r.reader7"].labels_reading) == ("labels", "atr")
    assert "no ECG" in found["n.hea"].reason


def test_other_files_are_left_to_other_families(tmp_path):
    for name, data in (("a.png", b"\x89PNG"), ("a.nii", bytes(400)), ("ct.dcm", bytes(128) + b"DICM")):
        (tmp_path / name).write_bytes(data)
        assert not FAMILY.claims(tmp_path / name, data)
