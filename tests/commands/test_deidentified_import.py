"""Files in, cases without identity out: labels find their images again, and nothing of the originals is in the store."""

import json
import logging
import os
import re
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pydicom
import pytest

from fakes.dicom_series import Series, asymmetric
from graticule.__main__ import main
from graticule.commands.deidentified_import import bring_in_without_identity, try_out
from graticule.commands.import_command import bring_in
from graticule.commands.label_sources import labels_of_case
from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Silent
from graticule.formats.door import open_case
from graticule.store.store import Store
from graticule.study.protocol import parse_protocol
from real_data import DATA, needs_data
from store.making import PROTOCOL, new_store

WORDS = re.compile(rb"Sentinel|ID-4711|Patience", re.IGNORECASE)


@pytest.fixture
def store(tmp_path):
    made = new_store(tmp_path / "store")
    yield made
    made.close()


def brought(store: Store, *paths, profile="reading"):
    made = bring_in_without_identity(store, paths, Silent(), profile)
    return list(made.outcomes()), made.findings


def cases(outcomes):
    return {outcome.case.id: outcome.case for outcome in outcomes if outcome.case}


def series(folder: Path, seed=0):
    made = Series(asymmetric((4, 9, 8)))
    made.series_uid, made.study_uid, made.frame_uid = (f"1.2.3.{seed}.{n}" for n in range(3))
    folder.mkdir(parents=True)
    for k in range(4):
        data = made.slice(k, StudyDate="20200301", StudyDescription="Abdomen Sentinel", SOPInstanceUID=f"1.2.3.{seed}.9.{k}")
        data.SOPInstanceUID = data.file_meta.MediaStorageSOPInstanceUID = f"1.2.3.{seed}.9.{k}"
        data.save_as(folder / f"Sentinel {k}.dcm", enforce_file_format=True)
    return folder


def everything_in(folder: Path):
    """Names and bytes of all files below, and the bytes of what the database holds in clear."""
    for path in folder.rglob("*"):
        yield str(path.relative_to(folder)).encode()
        if path.is_file():
            yield path.read_bytes()


def test_the_same_files_twice_are_the_same_case_and_another_project_knows_nothing(store, tmp_path):
    source = series(tmp_path / "Sentinel folder")
    first, findings = brought(store, source)
    again, _ = brought(store, source)
    assert [o.outcome for o in first] == ["case"] * 4 and {o.outcome for o in again} == {"known"}
    assert set(cases(first)) == set(cases(again)) and {o.path for o in first} == set(source.iterdir())
    with new_store(tmp_path / "other") as other:
        elsewhere, _ = brought(other, source)
        one, two = next(iter(cases(first).values())), next(iter(cases(elsewhere).values()))
        assert one.id != two.id and one.facts["patient"] != two.facts["patient"]
        assert not {s.object_id for s in one.sources} & {s.object_id for s in two.sources}
    assert findings.files == 4


def test_voxels_are_as_before_and_nothing_of_the_originals_stays(store, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    source = series(tmp_path / "Sentinel folder")
    case = next(iter(cases(brought(store, source)[0]).values()))
    opening = open_case(case)
    opening.fill(Silent(), lambda k: None)
    assert np.array_equal(opening.content.voxels, asymmetric((4, 9, 8)))
    shutil.rmtree(source)
    store.cases.require_files(case.id)
    assert not [found for found in everything_in(store.path / "files") if WORDS.search(found)]
    tables = [row[0] for row in store._database.all("SELECT name FROM sqlite_master WHERE type = 'table'")]
    rows = "".join(str(row) for name in tables for row in store._database.all(f"SELECT * FROM {name}"))
    assert not WORDS.search(rows.encode()) and not WORDS.search(caplog.text.encode()) and str(tmp_path) not in caplog.text
    assert "abdomen" in case.title.lower() and not WORDS.search(case.title.encode())


def test_archives_are_unpacked_aside_and_swept_away(store, tmp_path):
    source = series(tmp_path / "Sentinel folder")
    with zipfile.ZipFile(tmp_path / "Sentinel.zip", "w") as archive:
        for path in source.iterdir():
            archive.write(path, path.name)
    (store.path / "unpacking-left").mkdir()
    outcomes, _ = brought(store, tmp_path / "Sentinel.zip")
    assert len(cases(outcomes)) == 1 and not list(store.path.glob("unpacking-*"))
    assert not [found for found in everything_in(store.path / "files") if WORDS.search(found)]


def test_a_trial_writes_nothing(store, tmp_path):
    source = series(tmp_path / "in")
    findings = try_out(store, [source], "reading", Silent())
    assert findings.files == 4 and findings.acts["identity", "PatientName", "replaced"] == 4
    assert not (store.path / "files" / "without-identity").exists() and not store.cases.all()
    assert not list(store.path.glob("unpacking-*"))


def test_what_cannot_be_de_identified_stays_outside(store, tmp_path):
    (tmp_path / "notes.txt").write_text("Sentinel")
    (tmp_path / "half.dcm").write_bytes((series(tmp_path / "in") / "Sentinel 0.dcm").read_bytes()[:300])
    outcomes, _ = brought(store, tmp_path / "notes.txt", tmp_path / "half.dcm")
    assert all(outcome.outcome in ("skipped", "refused") and outcome.reason for outcome in outcomes) and len(outcomes) == 2
    assert not store.cases.all()


def test_a_protocol_that_demands_it_is_obeyed_by_every_import(tmp_path):
    with new_store(tmp_path / "store") as store:
        store.protocols.put(PROTOCOL | {"deidentify": "reading"})
        source = series(tmp_path / "in")
        case = next(iter(cases(bring_in(store, [source], Silent(), copy=False)).values()))
        assert all(Path(s.path).is_relative_to(store.path / "files") for s in case.sources)
        assert pydicom.dcmread(case.sources[0].path).PatientIdentityRemoved == "YES"
    with pytest.raises(GraticuleError):
        parse_protocol(PROTOCOL | {"deidentify": True})


def test_the_command_line(tmp_path, capsys):
    source = series(tmp_path / "in")
    assert main(["init", str(tmp_path / "store")]) == 0
    assert main(["import", "--store", str(tmp_path / "store"), "--deidentify", "reading", "--dry-run", str(source)]) == 0
    assert "replaced identity PatientName  × 4" in capsys.readouterr().out
    assert main(["import", "--json", "--store", str(tmp_path / "store"), "--deidentify", "reading", str(source)]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len([row for row in rows if row.get("outcome") == "case"]) == 4
    assert {"deidentified": "replaced", "group": "identity", "what": "PatientID", "count": 4} in rows
    assert main(["import", "--store", str(tmp_path / "store"), "--deidentify", "nothing", str(source)]) == 2
    assert main(["import", "--store", str(tmp_path / "store"), "--dry-run", str(source)]) == 2


def test_the_key_travels_locked_and_makes_the_same_cases(tmp_path, capsys):
    source = series(tmp_path / "in")
    (tmp_path / "words").write_text("on the way\n")
    with new_store(tmp_path / "one") as one:
        here = set(cases(brought(one, source)[0]))
    common = ["--key-passphrase-file", str(tmp_path / "words")]
    assert main(["project-key", "--store", str(tmp_path / "one"), "--out", str(tmp_path / "key.json"), *common]) == 0
    with new_store(tmp_path / "two"):
        pass
    assert main(["project-key", "--store", str(tmp_path / "two"), "--take", str(tmp_path / "key.json"), *common]) == 0
    from graticule.store.store import open_store

    with open_store(tmp_path / "two") as two:
        assert set(cases(brought(two, source)[0])) == here
        secret = two.project_keys.of("test-project").hex()
    assert secret not in (tmp_path / "key.json").read_text() and not [
        found for found in everything_in(tmp_path / "two") if secret.encode() in found or bytes.fromhex(secret) in found]
    with new_store(tmp_path / "three") as three:
        three.project_keys.of("test-project")
    assert main(["project-key", "--store", str(tmp_path / "three"), "--take", str(tmp_path / "key.json"), *common]) == 2


@needs_data
@pytest.mark.parametrize("order", ["together", "labels later"])
def test_labels_made_on_the_originals_find_the_copies(store, tmp_path, order):
    """CT and the segmentation that names its UIDs, through the same key: voxels of the label are those of the plain import."""
    folder = DATA / "imaging/seg/ct3slice_dcmqi"
    files = [path for path in folder.iterdir() if path.suffix == ".dcm"]
    images = [path for path in files if pydicom.dcmread(path, stop_before_pixels=True).Modality == "CT"]
    labels = [path for path in files if pydicom.dcmread(path, stop_before_pixels=True).Modality == "SEG"]
    assert images and labels
    with new_store(tmp_path / "plain") as plain:
        plain_case = next(iter(cases(list(bring_in(plain, files, Silent(), copy=False))).values()))
        expected = counts(plain, plain_case)
    if order == "together":
        outcomes, _ = brought(store, *files)
    else:
        outcomes = brought(store, *images)[0] + brought(store, *labels)[0]
    assert [o.outcome for o in outcomes].count("labels") == len(labels)
    case = next(iter(cases(outcomes).values()))
    assert len(store.cases.all()) == 1 and counts(store, case) == expected and expected


def counts(store, case):
    """Voxels of every imported segment."""
    return sorted(found.labels.voxels_of(segment) for found in labels_of_case(store, case, "imported")
                  for segment in found.labels.of(Segment))


@needs_data
def test_a_pets_suv_and_a_priors_distance_survive(store, tmp_path):
    """SUV needs weight, dose and two times; the moved dates still fit them."""
    folder = DATA / "imaging/seg/sarcoma_sts002"
    pet = [path for path in folder.rglob("*.dcm") if pydicom.dcmread(path, stop_before_pixels=True).Modality == "PT"]
    with new_store(tmp_path / "plain") as plain:
        before = next(iter(cases(list(bring_in(plain, pet, Silent(), copy=False))).values()))
    after = next(iter(cases(brought(store, *pet)[0]).values()))
    one, two = open_case(before), open_case(after)
    assert one.content.unit == two.content.unit and one.content.unit
    for opening in (one, two):
        opening.fill(Silent(), lambda k: None)
    assert np.array_equal(one.content.voxels, two.content.voxels)
    assert before.facts["taken"][:10] != after.facts["taken"][:10] and before.facts["taken"][10:] == after.facts["taken"][10:]


def test_time_stamps_of_copies_say_nothing_of_the_originals(store, tmp_path):
    source = series(tmp_path / "in")
    for path in source.iterdir():
        os.utime(path, (1_000_000_000, 1_000_000_000))
    case = next(iter(cases(brought(store, source)[0]).values()))
    assert all(Path(s.path).stat().st_mtime > 1_100_000_000 for s in case.sources)
