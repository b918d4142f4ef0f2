"""A full disk, a read-only, damaged or newer store, a store in use: a clear sentence, no half write (promise 8)."""

import subprocess
import sys
from pathlib import Path, PurePosixPath, PureWindowsPath
from random import Random

import numpy as np
import pytest

from graticule.domain.acts import Act
from graticule.domain.edits import Edit, VoxelChange
from graticule.domain.errors import GraticuleError
from graticule.domain.viewing import Effort
from graticule.store.database import Database, refuse_unsound
from graticule.store.errors import IntegrityError
from graticule.store.keys import open_keys
from graticule.store.lock import StoreLock
from graticule.store.place import network_mount, synced_by
from graticule.store.schema import APPEND_ONLY
from graticule.store.store import Store, create_store, open_store
from graticule.store.unlock import Unlock
from graticule.store.verify import verify_store
from store.making import GRID, OBJECTS, PASSWORD, SHAPE, act, answer, case, new_store, save, worked


def noise(count: int = 60_000) -> Edit:
    """An act that takes half a megabyte however it is compressed."""
    starts = np.cumsum(np.random.default_rng(3).integers(2, 1000, count))
    fill = np.ones(count, dtype=np.uint8)
    return Edit("Threshold", (VoxelChange("main", starts, np.ones_like(starts), fill * 0, fill, fill * 0, fill),))


def no_room(store: Store) -> None:
    """What SQLite sees of a full disk: not one page more."""
    row = store._database.one("PRAGMA page_count")
    assert row is not None
    store._database.all(f"PRAGMA max_page_count = {row[0]}")


def test_a_full_disk_leaves_neither_half_an_act_nor_half_a_version(signing_store: Store) -> None:
    store = signing_store
    case_id = worked(store)
    save(store, case_id)
    opened = store.labels.open(case_id, SHAPE)
    random = Random(7)
    for number in range(80):
        act(opened, answer(opened.labels, f"filler-{number}", random.randbytes(200).hex()))
    rows, head, blobs = opened.journal.rows(), store.log.head(), store._database.one("SELECT count(*) FROM blobs")
    no_room(store)
    with pytest.raises(GraticuleError, match="The disk is full"):
        opened.journal.append(noise(), Act.DO, 0)
    assert store.labels.open(case_id, SHAPE).journal.rows() == rows
    for attempt in (lambda: save(store, case_id), lambda: store.labels.sign([case_id], PASSWORD, "my read")):
        with pytest.raises(GraticuleError, match="The disk is full"):
            attempt()
        assert (store.log.head(), store._database.one("SELECT count(*) FROM blobs")) == (head, blobs)
    store.close()
    assert list(verify_store(store.path)) == []
    store = open_store(store.path)
    assert save(store, case_id) is not None
    store.close()
    assert list(verify_store(store.path)) == []


def test_a_full_disk_of_the_second_copy_is_told_and_caught_up(store: Store, tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    case_id = worked(store)
    folder = store.path / "recorder"
    store._second_copy.close()
    for path in folder.glob("*"):
        path.rename(tmp_path / path.name)
    (folder / "000001.flight").symlink_to("/dev/full")
    assert save(store, case_id) is not None
    assert any("once, not twice: The disk is full" in warning for warning in store.warnings)
    (folder / "000001.flight").unlink()
    store.close()
    with open_store(store.path) as again:
        assert not any("once, not twice" in warning for warning in again.warnings)
    assert list(verify_store(store.path)) == []


def test_a_store_that_is_read_only_takes_nothing_and_says_so(store: Store) -> None:
    case_id = worked(store)
    with open_store(store.path, read_only=True) as beside:
        opened = beside.labels.open(case_id, SHAPE)
        assert opened.labels == store.labels.open(case_id, SHAPE).labels
        rows = opened.journal.rows()
        with pytest.raises(GraticuleError, match=r"cannot be written to\. Nothing was changed"):
            act(opened, answer(opened.labels, "q9", True))
        with pytest.raises(GraticuleError, match="cannot be written to"):
            beside.labels.save(case_id, opened.labels, GRID, Effort(), OBJECTS)
        with pytest.raises(GraticuleError, match="cannot be written to"):
            beside.view_state.save(case_id, {"slice": 3})
    assert store.labels.open(case_id, SHAPE).journal.rows() == rows


def test_a_folder_without_the_right_to_write(store: Store, tmp_path: Path) -> None:
    if not modes_count(tmp_path):
        pytest.skip("needs a user whom the file system refuses")
    worked(store)
    store.close()
    for path in [*store.path.iterdir(), store.path]:
        path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        with pytest.raises(GraticuleError, match="cannot be written to"):
            open_store(store.path)
        with open_store(store.path, read_only=True) as beside:
            assert len(beside.cases.all()) == 1
        assert list(verify_store(store.path)) == []
    finally:
        for path in [store.path, *store.path.iterdir()]:
            path.chmod(0o700)


def modes_count(folder: Path) -> bool:
    """Whether a folder's mode keeps this user out: not an administrator, and not on Windows."""
    shut = folder / "shut"
    shut.mkdir(mode=0o500)
    try:
        (shut / "x").touch()
    except PermissionError:
        return True
    return False


def test_a_second_window_is_sent_to_the_first(store: Store) -> None:
    with pytest.raises(GraticuleError, match="open in another Graticule window"):
        open_store(store.path)
    assert store.labels.states() == {}


def test_the_lock_holds_between_processes_and_ends_with_them(tmp_path: Path) -> None:
    script = ("import sys, pathlib; from graticule.store.lock import StoreLock\n"
              "lock = StoreLock(pathlib.Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()")
    command = [sys.executable, "-c", script, str(tmp_path / "lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None and other.stdout.readline().strip() == b"held"
        with pytest.raises(GraticuleError, match="another Graticule window"):
            StoreLock(tmp_path / "lock")
        other.kill()
        other.wait()
    StoreLock(tmp_path / "lock").release()


def test_another_program_that_holds_the_file(store: Store) -> None:
    other = Database(store.path / "labels.db", open_keys(store.path, None))
    store._database.all("PRAGMA busy_timeout = 1")
    with other.transaction(), pytest.raises(GraticuleError, match="in use by another program"):
        store.set_server("http://elsewhere.test")
    other.close()


def test_a_corrupt_page_is_said_in_words_and_nothing_is_written_over_it(store: Store) -> None:
    case_id = worked(store)
    store.close()
    path = store.path / "labels.db"
    page, data = 4096, bytearray(path.read_bytes())
    for start in range(page * 2, len(data), page):
        data[start + 50] ^= 1
    path.write_bytes(data)
    with pytest.raises(GraticuleError, match="damaged") as told:
        open_store(store.path).labels.open(case_id, SHAPE)
    assert "keep the folder as it is" in told.value.hint
    assert bytes(data) == path.read_bytes()


def test_a_file_that_is_no_store(tmp_path: Path, store: Store) -> None:
    with pytest.raises(GraticuleError, match="There is no Graticule store"):
        open_store(tmp_path / "nothing")
    assert not (tmp_path / "nothing").exists()
    store.close()
    (store.path / "labels.db").write_bytes(b"SQLite format 3\0" + bytes(5000))
    with pytest.raises(GraticuleError, match="not its key, or the file is damaged"):
        open_store(store.path)


def test_a_key_of_another_store(tmp_path: Path, store: Store) -> None:
    new_store(tmp_path / "other").close()
    store.close()
    (store.path / "keys.json").write_bytes((tmp_path / "other" / "keys.json").read_bytes())
    with pytest.raises(GraticuleError, match=r"keys\.json and labels\.db belong together"):
        open_store(store.path)


def test_a_store_is_not_made_over_another(store: Store) -> None:
    key = (store.path / "keys.json").read_bytes()
    store.close()
    with pytest.raises(GraticuleError, match="already"):
        create_store(store.path, "Somebody", Unlock.key_file(), password=None)
    assert (store.path / "keys.json").read_bytes() == key


def test_a_reader_has_a_name(tmp_path: Path) -> None:
    with pytest.raises(GraticuleError, match="needs a name"):
        create_store(tmp_path / "new", "  ", Unlock.key_file(), password=None)
    assert not (tmp_path / "new" / "labels.db").exists()
    create_store(tmp_path / "new", "Somebody", Unlock.key_file(), password=None).close()


def test_nothing_that_was_said_can_be_changed_or_removed(store: Store) -> None:
    case_id = worked(store)
    save(store, case_id)
    for table in APPEND_ONLY:
        for sql in (f"DELETE FROM {table}", f"UPDATE {table} SET rowid = rowid + 1000"):
            with pytest.raises(IntegrityError, match="nothing is ever changed or removed"):
                store._database.write(sql)
    assert list(verify_store(store.path)) == []


def test_a_library_that_loses_what_was_written_is_refused() -> None:
    for sound in ((3, 51, 3), (3, 53, 4), (3, 50, 7), (3, 44, 6), (4, 0, 0)):
        refuse_unsound(sound)
    for lossy in ((3, 51, 2), (3, 50, 6), (3, 45, 1), (3, 40, 1)):
        with pytest.raises(GraticuleError, match="can lose what was written"):
            refuse_unsound(lossy)


def test_network_shares_and_cloud_folders_are_told_apart() -> None:
    mounts = [("/", "ext4"), ("/home", "nfs4"), ("/home/local", "xfs"), ("/mnt/share", "cifs")]
    assert network_mount(PurePosixPath("/home/ann/store"), mounts)
    assert network_mount(PurePosixPath("/mnt/share"), mounts)
    assert not network_mount(PurePosixPath("/home/local/store"), mounts)
    assert not network_mount(PurePosixPath("/homework"), mounts)
    assert synced_by(PureWindowsPath(r"C:\Users\ann\OneDrive - Clinic\Graticule")) == "OneDrive - Clinic"
    assert synced_by(PurePosixPath("/home/ann/Dropbox/x")) == "Dropbox"
    assert synced_by(PureWindowsPath(r"C:\Users\ann\AppData\Local\Graticule")) == ""


def test_a_cloud_folder_is_refused_for_a_store(tmp_path: Path) -> None:
    with pytest.raises(GraticuleError, match="OneDrive copies while Graticule writes"):
        new_store(tmp_path / "OneDrive" / "store")


def test_files_that_were_moved_away(store: Store, tmp_path: Path) -> None:
    there = tmp_path / "a.nii"
    there.write_bytes(b"x")
    wanted = case("two files", paths=(str(there), str(tmp_path / "b.nii")))
    store.cases.add(wanted)
    with pytest.raises(GraticuleError, match="1 of the 2 files of this case are no longer where the import found them"):
        store.cases.require_files(wanted.id)
    (tmp_path / "b.nii").write_bytes(b"y")
    store.cases.require_files(wanted.id)
