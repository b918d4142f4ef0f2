"""What is in a real archive is found by each key, comes back unchanged, and is the same case as the original."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pydicom
import pytest

from fakes.orthanc import Orthanc
from graticule.domain.archive import MOVE, Found, FoundStudy, Login, Node, Search, Wanted
from graticule.domain.progress import Silent
from graticule.pacs.connect import connected
from graticule.pacs.fetching import fetch
from graticule.pacs.shelf import Incoming
from pacs.conftest import CHEST, CT, ENHANCED, originals

WAYS = ("web", "dimse", "move")


def node_of(filled: Orthanc, way: str) -> Node:
    return filled.web() if way == "web" else filled.dimse(fetch_by=MOVE) if way == "move" else filled.dimse()


def find(node: Node, search: Search) -> Found:
    with connected(node, Login()) as archive:
        return archive.studies(search, Silent())


def nothing_here(uids: Sequence[str]) -> dict[str, Path]:
    return {}


def header(path: Path) -> pydicom.Dataset:
    return pydicom.dcmread(path, stop_before_pixels=True)


@pytest.mark.parametrize("way", WAYS[:2])
def test_each_key_finds_the_study_and_a_wrong_value_does_not(filled: Orthanc, way: str) -> None:
    node, original = node_of(filled, way), header(sorted(CT.glob("*.dcm"))[0])
    day = str(original.StudyDate)
    keys = [{"patient_id": str(original.PatientID)}, {"patient_name": str(original.PatientName)[:3]},
            {"from_day": day, "to_day": day}, {"from_day": day}, {"to_day": day}, {"modality": "CT"},
            {"study": str(original.StudyInstanceUID)}]
    for key in keys:
        assert str(original.StudyInstanceUID) in [study.uid for study in find(node, Search(**key)).studies], key
    for key in ({"patient_id": "nobody"}, {"patient_name": "Zzz"}, {"from_day": "20400101"}, {"modality": "XA"},
                {"accession": "none such"}):
        assert find(node, Search(**key)).studies == (), key


@pytest.mark.parametrize("way", WAYS[:2])
def test_both_ways_tell_the_same_of_a_study_and_its_series(filled: Orthanc, way: str) -> None:
    node, original = node_of(filled, way), header(CHEST)
    with connected(node, Login()) as archive:
        study = archive.studies(Search(study=str(original.StudyInstanceUID)), Silent()).studies[0]
        series = archive.series(study.uid, Silent())
    assert (study.patient_id, study.images, study.modalities) == (str(original.PatientID), 1, (str(original.Modality),))
    told = [(one.uid, one.modality, one.images) for one in series]
    assert told == [(str(original.SeriesInstanceUID), str(original.Modality), 1)]


@pytest.mark.parametrize("way", WAYS)
def test_pixels_encoding_and_identity_come_back_unchanged(filled: Orthanc, way: str, tmp_path: Path) -> None:
    fetched = fetch_all(node_of(filled, way), tmp_path)
    assert (fetched.failed, fetched.trouble, fetched.already) == ((), "", 0)
    back = {str(header(path).SOPInstanceUID): path for path in fetched.files}
    assert len(back) == len(originals()) and not list(tmp_path.rglob("*.part"))
    for path in originals():
        one, other = pydicom.dcmread(path), pydicom.dcmread(back[str(header(path).SOPInstanceUID)])
        assert str(other.file_meta.TransferSyntaxUID) == str(one.file_meta.TransferSyntaxUID)
        assert (other.SeriesInstanceUID, other.StudyInstanceUID) == (one.SeriesInstanceUID, one.StudyInstanceUID)
        assert other.PixelData == one.PixelData
        assert np.array_equal(other.pixel_array, one.pixel_array)


@pytest.mark.parametrize("way", WAYS)
def test_what_is_here_is_not_fetched_again(filled: Orthanc, way: str, tmp_path: Path) -> None:
    first = fetch_all(node_of(filled, way), tmp_path)
    stamps = {path: path.stat().st_mtime_ns for path in first.files}
    lost = first.files[3]
    lost.unlink()
    second = fetch_all(node_of(filled, way), tmp_path)
    assert (set(second.files), second.already, second.failed) == (set(first.files), len(first.files) - 1, ())
    assert all(path.stat().st_mtime_ns == stamp for path, stamp in stamps.items() if path != lost)


def test_files_of_cases_elsewhere_are_told_and_not_fetched(filled: Orthanc, tmp_path: Path) -> None:
    known = {str(header(path).SOPInstanceUID): path for path in sorted(CT.glob("*.dcm"))[:18]}
    with connected(filled.web(), Login()) as archive:
        here = {uid: path for uid, path in known.items() if path.is_file()}.items
        fetched = fetch(archive, [wanted(CT)], Incoming(tmp_path), lambda uids: {u: p for u, p in here() if u in uids}, Silent())
    assert fetched.already == 18 and len(fetched.files) == 19 and len(list(tmp_path.rglob("*.dcm"))) == 1


def test_many_studies_come_in_pages(filled: Orthanc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graticule.pacs.web.PAGE", 1)
    with connected(filled.web(), Login()) as archive:
        every = archive.studies(Search(), Silent())
        some = archive.studies(Search(), Silent(), 2)
    assert len({study.uid for study in every.studies}) == 3 and not every.more
    assert len(some.studies) == 2 and some.more


def wanted(path: Path) -> Wanted:
    read = header(path if path.is_file() else sorted(path.glob("*.dcm"))[0])
    return Wanted(str(read.StudyInstanceUID), str(read.SeriesInstanceUID))


def fetch_all(node: Node, folder: Path):  # type: ignore[no-untyped-def]
    with connected(node, Login()) as archive:
        return fetch(archive, [wanted(CT), wanted(ENHANCED), wanted(CHEST)], Incoming(folder), nothing_here, Silent())


def test_a_study_has_what_a_person_chooses_by(filled: Orthanc) -> None:
    web, dimse = (sorted(find(node, Search()).studies, key=by_uid) for node in (filled.web(), filled.dimse()))
    assert [(one.uid, one.patient_name, one.patient_id, one.day, one.description) for one in web] == [
        (one.uid, one.patient_name, one.patient_id, one.day, one.description) for one in dimse]


def by_uid(study: FoundStudy) -> str:
    return study.uid
