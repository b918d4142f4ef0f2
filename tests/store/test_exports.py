"""The proof of an export stays in the store, and “verify” answers for it."""

from pathlib import Path

from graticule.store.audit_exports import WHAT
from graticule.store.database import Database
from graticule.store.keys import open_keys
from graticule.store.store import Store, open_store
from graticule.store.verify import verify_store
from store.making import worked

PROOF = {"format": "graticule-export-proof", "version": 1, "made_by": "Graticule", "files": [
    {"file": "a_seg.dcm", "bytes": 12, "sha256": "a" * 64, "format": "dicom-seg", "proven": True,
     "checks": [{"by": "highdicom", "result": "Jane's tumour: equal: 7 voxels", "proves": True}]}]}


def test_a_proof_comes_back_after_a_restart_and_the_log_has_no_words_of_it(store: Store, folder: Path) -> None:
    case_id = worked(store, "one")
    store.exports.note(case_id, "dicom-seg", PROOF, revision="r1", project="p")
    line = b"".join(store.log.entries_after(0, 100))
    assert b'"event":"export"' in line and b"a" * 64 in line and b"Jane" not in line and b"a_seg" not in line
    store.close()
    with open_store(folder) as again:
        note, = again.exports.of(case_id)
        assert (note.format, note.revision, note.proven, note.proof) == ("dicom-seg", "r1", True, PROOF)
        assert again.exports.of("c1:" + "0" * 64) == []
    assert list(verify_store(folder)) == []


def test_a_proof_that_is_gone_is_named(store: Store, folder: Path) -> None:
    case_id = worked(store, "one")
    store.exports.note(case_id, "nrrd", PROOF)
    blob = store.blobs.put(b"another")
    store.close()
    database = Database(folder / "labels.db", open_keys(folder, None))
    database.write("DROP TRIGGER blobs_keeps_DELETE")
    database.write("DELETE FROM blobs WHERE id = (SELECT id FROM blobs WHERE id != ? ORDER BY number DESC LIMIT 1)", (blob,))
    database.close()
    assert [problem.what for problem in verify_store(folder) if problem.what == WHAT] == [WHAT]
