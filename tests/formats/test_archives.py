"""What a zip or tar holds is read like a folder; nothing leaves its place, fills the disk or hangs."""

import io
import os
import tarfile
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.dicom_series import Series, asymmetric
from fakes.door_ways import filled, only_case, scanned
from graticule.domain.errors import Cancelled, GraticuleError
from graticule.domain.progress import Silent, Stoppable
from graticule.formats import archives
from graticule.formats.archives import Allowance, unpack

LOCKED_FLAG = 1


def zipped(path, entries):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def tarred(path, entries):
    with tarfile.open(path, "w:gz" if path.suffix == ".tgz" else "w") as bundle:
        for name, data in entries.items():
            about = tarfile.TarInfo(name)
            about.size = len(data)
            bundle.addfile(about, io.BytesIO(data))
    return path


def outcomes_by_name(*paths, **options):
    return {outcome.path.name: outcome for outcome in scanned(*paths, **options)}


@pytest.mark.parametrize("pack,name", [(zipped, "study.zip"), (zipped, "study"), (tarred, "study.tar"), (tarred, "study.tgz")])
def test_an_archive_is_read_like_the_folder_in_it(tmp_path, pack, name):
    paths = Series(asymmetric((3, 4, 4))).write(tmp_path / "series")
    archive = pack(tmp_path / name, {f"DICOM/{'deep/' * 5}{path.name}": path.read_bytes() for path in paths})
    outcomes = scanned(archive, unpack_to=tmp_path / "store")
    assert [outcome.outcome for outcome in outcomes] == ["skipped", "case", "case", "case"]
    assert "3 files" in outcomes[0].reason
    assert outcomes[1].case.id == only_case(tmp_path / "series").id
    assert np.array_equal(filled(outcomes[1].case).voxels, asymmetric((3, 4, 4)))
    again = scanned(archive, unpack_to=tmp_path / "store")
    assert [outcome.path for outcome in again] == [outcome.path for outcome in outcomes]


@pytest.mark.parametrize("pack,name", [(zipped, "evil.zip"), (tarred, "evil.tar")])
def test_names_cannot_leave_the_folder(tmp_path, pack, name):
    archive = pack(tmp_path / name, {
        "../../escaped.txt": b"x", "/etc/absolute.txt": b"y", "a:b|c.txt": b"z", "..\\up.txt": b"w", "C:\\con.txt": b"v",
        "aux.txt": b"u", "blank .txt. ": b"t", "n" * 300 + ".txt": b"s"})
    scanned(archive, unpack_to=tmp_path / "store")
    found = [path for path in tmp_path.rglob("*") if path.is_file() and path != archive]
    assert len(found) == 8
    assert all((tmp_path / "store") in path.parents for path in found)
    assert all(len(path.name) <= 100 and path.name.split(".")[0].lower() not in ("con", "aux") for path in found)


@given(st.lists(st.text(max_size=60), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_any_names_land_inside_each_in_its_own_file(tmp_path_factory, names):
    folder = tmp_path_factory.mktemp("names")
    places = archives._Names(folder)
    found = [places.place(name) for name in names]
    assert len({str(path).lower() for path in found}) == len(names)
    for path in found:
        assert path.resolve().is_relative_to(folder.resolve()) and path != folder
        path.parent.mkdir(parents=True, exist_ok=True)


def test_names_in_no_known_alphabet_are_unpacked(tmp_path):
    archive = zipped(tmp_path / "a.zip", {"xxxx.txt": b"hello"})
    archive.write_bytes(archive.read_bytes().replace(b"xxxx.txt", b"\xff\xfe\x80\x81.txt"))
    assert [outcome.outcome for outcome in scanned(archive, unpack_to=tmp_path / "store")] == ["skipped", "skipped"]
    bundle = tarred(tmp_path / "b.tar", {os.fsdecode(b"\xff\xfe\x80.txt"): b"hello"})
    assert [outcome.outcome for outcome in scanned(bundle, unpack_to=tmp_path / "store")] == ["skipped", "skipped"]


def test_a_zip_in_a_zip_is_opened_once_more_and_no_further(tmp_path):
    third = zipped(tmp_path / "third.zip", {"c.txt": b"c"}).read_bytes()
    second = zipped(tmp_path / "second.zip", {"b.txt": b"b", "third.zip": third}).read_bytes()
    (tmp_path / "in").mkdir()
    zipped(tmp_path / "in" / "first.zip", {"a.txt": b"a", "second.zip": second})
    found = outcomes_by_name(tmp_path / "in", unpack_to=tmp_path / "store")
    assert {name: outcome.outcome for name, outcome in found.items()} == {
        "first.zip": "skipped", "a.txt": "skipped", "second.zip": "skipped", "b.txt": "skipped", "third.zip": "refused"}
    assert "unpack it first" in found["third.zip"].reason


def test_what_is_locked_or_damaged_is_a_sentence_and_keeps_nothing_else_back(tmp_path):
    archive = zipped(tmp_path / "some.zip", {"good.txt": b"g" * 50, "locked.txt": b"l" * 50, "hurt.txt": os.urandom(200)})
    raw = bytearray(archive.read_bytes())
    with zipfile.ZipFile(archive) as opened:
        hurt = opened.getinfo("hurt.txt")
    raw[hurt.header_offset + 60] ^= 0xFF
    for start in (raw.index(b"PK\x03\x04", 40) + 6, raw.index(b"PK\x01\x02", raw.index(b"PK\x01\x02") + 4) + 8):
        raw[start] |= LOCKED_FLAG
    archive.write_bytes(raw)
    found = outcomes_by_name(archive, unpack_to=tmp_path / "store")
    assert {name: outcome.outcome for name, outcome in found.items()} == {
        "some.zip": "skipped", "good.txt": "skipped", "locked.txt": "refused", "hurt.txt": "refused"}
    assert "password" in found["locked.txt"].reason and "damaged" in found["hurt.txt"].reason
    assert not list((tmp_path / "store").rglob("*.part"))


def test_a_zip_locked_as_a_whole_is_refused(tmp_path):
    archive = zipped(tmp_path / "one.zip", {"locked.txt": b"l" * 50})
    raw = bytearray(archive.read_bytes())
    raw[6] |= LOCKED_FLAG
    raw[raw.index(b"PK\x01\x02") + 8] |= LOCKED_FLAG
    archive.write_bytes(raw)
    outcome, = scanned(archive, unpack_to=tmp_path / "store")
    assert outcome.outcome == "refused" and "password" in outcome.reason


def test_broken_archives_are_refused(tmp_path):
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04" + b"nonsense" * 50)
    (tmp_path / "broken.tgz").write_bytes(b"\x1f\x8b\x08\0" + b"nonsense" * 50)
    whole = tarred(tmp_path / "cut.tar", {"a.txt": bytes(5000)})
    whole.write_bytes(whole.read_bytes()[:3000])
    assert {outcome.outcome for outcome in scanned(tmp_path, unpack_to=tmp_path / "to")} == {"refused"}
    good = zipped(tmp_path / "good.zip", {"a.txt": b"hello" * 9})
    assert [outcome.outcome for outcome in scanned(good)] == ["refused"]


def test_a_bomb_is_refused_before_anything_is_written(tmp_path, monkeypatch):
    bomb = zipped(tmp_path / "bomb.zip", {"zeros": bytes(5_000_000)})
    bundle = tarred(tmp_path / "bomb.tgz", {"zeros": bytes(5_000_000)})
    monkeypatch.setattr(archives, "FREE_BYTES", 1_000_000)
    for archive in (bomb, bundle):
        found = scanned(archive, unpack_to=tmp_path / "to")
        assert [outcome.outcome for outcome in found] == ["refused"] and "claims to hold more" in found[0].reason
    assert not list(tmp_path.glob("to/**/*"))


def test_a_zip_that_lies_about_its_sizes_does_not_write_more_than_it_said(tmp_path):
    archive = zipped(tmp_path / "lies.zip", {"zeros.txt": bytes(100_000)})
    raw = bytearray(archive.read_bytes())
    at = raw.index(b"PK\x01\x02")
    raw[at + 24:at + 28] = (10).to_bytes(4, "little")
    archive.write_bytes(raw)
    outcomes = scanned(archive, unpack_to=tmp_path / "store")
    assert outcomes[-1].outcome == "refused" and ("damaged" in outcomes[-1].reason or "claims" in outcomes[-1].reason)
    assert sum(path.stat().st_size for path in (tmp_path / "store").rglob("*") if path.is_file()) <= 10


def test_all_archives_of_an_import_share_one_allowance(tmp_path):
    allowance = Allowance(left=150)
    head = b"PK\x03\x04"
    assert len(unpack(zipped(tmp_path / "a.zip", {"a": bytes(100)}), head, tmp_path / "to", allowance, Silent())) == 1
    with pytest.raises(GraticuleError, match="claims to hold more"):
        unpack(zipped(tmp_path / "b.zip", {"b": bytes(100)}), head, tmp_path / "to", allowance, Silent())


def test_links_in_a_tar_are_left_out(tmp_path):
    with tarfile.open(tmp_path / "a.tar", "w") as bundle:
        link = tarfile.TarInfo("link.dcm")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        bundle.addfile(link)
    found = outcomes_by_name(tmp_path / "a.tar", unpack_to=tmp_path / "to")
    assert found["link.dcm"].outcome == "refused" and "link" in found["link.dcm"].reason


def test_unpacking_can_be_stopped(tmp_path):
    archive = zipped(tmp_path / "a.zip", {"a.txt": bytes(100)})
    progress = Stoppable()
    progress.stop()
    with pytest.raises(Cancelled):
        unpack(archive, b"PK\x03\x04", tmp_path / "to", Allowance(), progress)
    assert not [path for path in (tmp_path / "to").rglob("*") if path.is_file()]
