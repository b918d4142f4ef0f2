import numpy as np
import pytest

from fakes.dicom_series import NAMES, Series, asymmetric
from fakes.door_ways import cases_of, only_case, scanned
from graticule.domain.case import Case, Kind
from graticule.domain.errors import Cancelled, GraticuleError
from graticule.domain.progress import Stoppable
from graticule.formats import door
from real_data import DATA, needs_data


def test_every_file_is_answered_even_when_families_share_a_folder(tmp_path):
    Series(asymmetric((3, 4, 4))).write(tmp_path / "ct")
    (tmp_path / "readme.txt").write_text("words")
    (tmp_path / ".DS_Store").write_bytes(b"\0\0\0\1Bud1")
    assert {outcome.path for outcome in scanned(tmp_path)} == {path for path in tmp_path.rglob("*") if path.is_file()}


def test_a_stopped_scan_stops(tmp_path):
    Series(asymmetric((3, 4, 4))).write(tmp_path)
    progress = Stoppable()
    progress.stop()
    with pytest.raises(Cancelled):
        list(door.scan([tmp_path], progress))


def test_a_case_of_a_newer_version_or_without_its_files_is_a_sentence(tmp_path):
    with pytest.raises(GraticuleError, match="cannot open"):
        door.open_case(Case("c1:x", Kind.VOLUME, "CT", "", "hologram", ()))
    with pytest.raises(GraticuleError):
        door.open_case(Case("c1:x", Kind.VOLUME, "CT", "", "dicom-series", ()))


def test_no_log_line_holds_a_name(tmp_path, caplog, recwarn):
    with caplog.at_level("DEBUG"):
        Series(asymmetric((2, 4, 4))).write(tmp_path / "Sentinel", SeriesDescription="Sentinel^Patience")
        cases_of(tmp_path)
    said = caplog.text + " ".join(str(warning.message) for warning in recwarn)
    assert not any(word in said for word in ("Sentinel", *NAMES))


def test_header_pass_reads_each_file_once(tmp_path, monkeypatch):
    """Work grows with the number of files, not with its square: 200 files in 40 orientations, each read once."""
    import graticule.formats.dicom.family as family
    opened = []
    plain = family.read_header
    monkeypatch.setattr(family, "read_header", lambda path: (opened.append(path), plain(path))[1])
    series = Series(asymmetric((40, 3, 3)))
    for k in range(40):
        turn = np.radians(k)
        for copy in range(5):
            series.slice(k, ImageOrientationPatient=[float(np.cos(turn)), float(np.sin(turn)), 0, 0, 0, -1]).save_as(
                tmp_path / f"{k}_{copy}.dcm", enforce_file_format=True)
    outcomes = scanned(tmp_path)
    assert len(opened) == 200 and len(outcomes) == 200


@needs_data
def test_the_same_series_has_the_same_case_id_everywhere():
    assert only_case(DATA / "imaging/ct/liver_mets_crlm1004").id == only_case(
        *sorted((DATA / "imaging/ct/liver_mets_crlm1004").iterdir(), reverse=True)).id
