"""Whatever lies in a folder gets exactly one answer."""

import os
import sys

import pytest

from fakes.dicom_series import Series, asymmetric
from fakes.door_ways import filled, only_case, scanned
from graticule.formats import files
from graticule.formats.files import files_under, head_of

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="links, pipes and permissions are of POSIX")


@POSIX
def test_links_pipes_and_shut_folders_are_answered(tmp_path):
    (tmp_path / "plain.txt").write_text("words")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    (tmp_path / "nowhere").symlink_to(tmp_path / "missing")
    (tmp_path / "twin.txt").symlink_to(tmp_path / "plain.txt")
    os.mkfifo(tmp_path / "pipe")
    found = {outcome.path.name: (outcome.outcome, outcome.reason) for outcome in scanned(tmp_path)}
    assert {name: outcome for name, (outcome, _) in found.items()} == {
        "plain.txt": "skipped", "twin.txt": "skipped", "loop": "skipped", "pipe": "skipped", "circle": "refused",
        "nowhere": "refused"}
    assert "not followed" in found["loop"][1] and "leads nowhere" in found["circle"][1]


@POSIX
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="nothing is shut to root")
def test_what_may_not_be_read_is_refused(tmp_path):
    (tmp_path / "shut").mkdir(mode=0o000)
    (tmp_path / "secret.dcm").write_bytes(b"x")
    (tmp_path / "secret.dcm").chmod(0)
    assert {outcome.outcome for outcome in scanned(tmp_path)} == {"refused"}


def test_a_folder_that_cannot_be_listed_is_refused(tmp_path, monkeypatch):
    (tmp_path / "shut").mkdir()
    (tmp_path / "open.txt").write_text("x")
    plain = os.scandir

    def scandir(path):
        if str(path).endswith("shut"):
            raise PermissionError
        return plain(path)

    monkeypatch.setattr(files.os, "scandir", scandir)
    assert {o.path.name: o.outcome for o in scanned(tmp_path)} == {"shut": "refused", "open.txt": "skipped"}


def test_a_file_that_vanishes_while_the_folder_is_read_is_answered(tmp_path):
    paths = Series(asymmetric((2, 4, 4))).write(tmp_path)
    listing = files_under([tmp_path])
    paths[0].unlink()
    from graticule.domain.progress import Silent
    from graticule.formats.door import scan_files
    found = {outcome.path: outcome.outcome for outcome in scan_files(listing.files, listing.files, Silent())}
    assert found == {paths[0]: "refused", paths[1]: "case"}


def test_a_tree_deeper_than_recursion_goes_is_walked(tmp_path):
    here, depth = tmp_path, 0
    try:
        while depth < 1500:
            here = here / "d"
            here.mkdir()
            depth += 1
    except OSError:
        pass  # the system's longest path
    end = here.parent / "end.txt"
    end.write_text("x")
    try:
        assert len(files_under([tmp_path]).files) == 1
    finally:  # pytest's own clean-up calls itself once a folder, and gives up on so many
        end.unlink()
        for folder in (here, *here.parents):
            if folder == tmp_path:
                break
            if folder.is_dir():
                folder.rmdir()


@POSIX
def test_names_that_are_no_text_are_answered(tmp_path):
    path = os.fsencode(tmp_path) + b"/\xff\xfe.dcm"
    with open(path, "wb") as file:
        file.write(Series(asymmetric((1, 4, 4))).write(tmp_path / "x")[0].read_bytes())
    assert filled(only_case(tmp_path / "x")).voxels.shape == (1, 4, 4)
    assert [outcome.outcome for outcome in scanned(tmp_path)].count("case") == 1


def test_each_file_is_listed_once_and_in_a_stable_order(tmp_path):
    for name in ("b/2.txt", "a/1.txt", "c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    listing = files_under([tmp_path / "b", tmp_path, tmp_path / "c.txt", tmp_path / "none"])
    assert [path.relative_to(tmp_path).as_posix() for path in listing.files] == ["b/2.txt", "c.txt", "a/1.txt"]
    assert list(listing.troubles) == [tmp_path / "none"]
    assert listing.files[tmp_path / "c.txt"] == (1, (tmp_path / "c.txt").stat().st_mtime_ns)


def test_the_head_of_a_file(tmp_path):
    (tmp_path / "long").write_bytes(bytes(9000))
    assert len(head_of(tmp_path / "long")) == 4096
    assert head_of(tmp_path / "none") is None and head_of(tmp_path) is None
