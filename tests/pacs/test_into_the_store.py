"""Retrieved files become the same cases as the originals; nothing raw stays that no case is made of; results go out."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pydicom
import pytest

from fakes.orthanc import PROGRAM, Orthanc
from graticule.__main__ import main
from graticule.commands.import_command import bring_in
from graticule.desk_archives import FROM_ARCHIVE, StoreArchives
from graticule.domain.archive import BASIC, Login, Node, Search, Wanted
from graticule.domain.edits import voxel_change
from graticule.domain.elements import Segment
from graticule.domain.errors import Cancelled, GraticuleError
from graticule.domain.progress import Silent
from graticule.editing.events import Bus
from graticule.editing.workspace import Workspace
from graticule.pacs.connect import connected
from graticule.resources import load_ontology
from graticule.store.store import Store, create_store
from graticule.store.unlock import Unlock
from pacs.conftest import originals
from pacs.test_round_trip import wanted
from pacs.test_troubles import StopAfter
from real_data import DATA

PROTOCOL = {"title": "Reading", "version": "1", "project": "demo", "ontology": ["anatomy"], "questions": []}


class MemoryVault:
    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def get(self, account: str) -> str | None:
        return self.kept.get(account)

    def put(self, account: str, secret: str) -> None:
        self.kept[account] = secret


def new_store(path: Path) -> Store:
    return create_store(path, "Dr. A. Reader", Unlock.key_file(), password="right horse")


def ids(store: Store) -> set[str]:
    return {case.id for case in store.cases.all()}


def test_the_retrieved_are_the_same_cases(filled: Orthanc, tmp_path: Path) -> None:
    with new_store(tmp_path / "one") as first, new_store(tmp_path / "two") as second:
        list(bring_in(first, originals(), Silent(), copy=False))
        archives = StoreArchives(second, MemoryVault())
        series = {one.parent: wanted(one) for one in originals()}.values()
        fetched = archives.fetch(filled.web(), list(series), Silent())
        outcomes = list(bring_in(second, fetched.files, Silent(), copy=False))
        archives.tidy(fetched.files)
        assert ids(second) == ids(first) and len(ids(first)) == 3
        assert len(outcomes) == len(originals()) and {one.outcome for one in outcomes} == {"case"}
        assert all(Path(source.path).is_file() for case in second.cases.all() for source in case.sources)
        again = archives.fetch(filled.dimse(), [wanted(originals()[0])], Silent())
        assert (again.already, len(again.files)) == (19, 19)


def test_what_no_case_is_made_of_does_not_stay(filled: Orthanc, tmp_path: Path) -> None:
    """As after an import that takes the identity out: its cases are made of other files."""
    with new_store(tmp_path / "s") as store:
        archives = StoreArchives(store, MemoryVault())
        fetched = archives.fetch(filled.web(), [wanted(originals()[0])], Silent())
        assert len(fetched.files) == 19
        archives.tidy(fetched.files)
        assert not list((store.files / FROM_ARCHIVE).rglob("*"))
        bystander = tmp_path / "elsewhere.dcm"
        bystander.write_bytes(b"not of an archive")
        archives.tidy([bystander])
        assert bystander.exists()


def test_nothing_raw_stays_after_an_import_that_takes_the_identity_out(filled: Orthanc, tmp_path: Path) -> None:
    with new_store(tmp_path / "s") as store:
        store.protocols.put({**PROTOCOL, "deidentify": "reading"})
        archives = StoreArchives(store, MemoryVault())
        with pytest.raises(Cancelled):
            archives.fetch(filled.web(), [wanted(originals()[0])], StopAfter(5))
        assert not list((store.files / FROM_ARCHIVE).rglob("*.dcm"))
        fetched = archives.fetch(filled.web(), [wanted(originals()[0])], Silent())
        outcomes = list(bring_in(store, fetched.files, Silent(), copy=False))
        archives.tidy(fetched.files)
        assert "case" in {one.outcome for one in outcomes} and not list((store.files / FROM_ARCHIVE).rglob("*"))
        case = store.cases.all()[0]
        name = pydicom.dcmread(originals()[0]).PatientID
        assert all(pydicom.dcmread(source.path, stop_before_pixels=True).PatientID != name for source in case.sources)


def test_no_name_of_a_patient_gets_into_a_log(filled: Orthanc, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    for node in (filled.web(), filled.dimse()):
        with connected(node, Login()) as archive:
            archive.studies(Search(patient_name="SENTINELNAME"), Silent())
    assert "SENTINELNAME" not in caplog.text


def test_the_network_libraries_are_not_loaded_before_they_are_needed() -> None:
    program = "import sys, graticule.desk_archives; print(sorted({'pynetdicom', 'httpx', 'pydicom'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_the_list_of_archives_holds_no_password(tmp_path: Path) -> None:
    vault, node = MemoryVault(), Node("PACS", url="https://pacs.example/rs", login=BASIC, user="me")
    with new_store(tmp_path / "s") as store:
        archives = StoreArchives(store, vault)
        archives.keep([node])
        with pytest.raises(GraticuleError, match="not kept on this computer"):
            archives.test(node, Silent())
        archives.put_secret(node, "s3cret")
        assert archives.nodes() == [node] and archives.named("PACS") == node
        assert "s3cret" not in json.dumps(store.view_state.load("pacs")) and list(vault.kept.values()) == ["s3cret"]
        with pytest.raises(GraticuleError, match="same name"):
            archives.keep([node, node])


@pytest.mark.parametrize(("node", "part"), [
    (Node(""), "no name"), (Node("a", url="ftp://x.example"), "address"), (Node("a", "dimse", called_ae="X"), "address"),
    (Node("a", "dimse", host="h", called_ae="TOO LONG AN AE TITLE"), "AE title"),
    (Node("a", "dimse", host="h", called_ae=""), "AE title"),
    (Node("a", "dimse", host="h", called_ae="X", port=0), "port"), (Node("a", url="https://x.example", login=BASIC), "user name"),
    (Node("a", "carrier pigeon"), "settings")])
def test_what_cannot_be_right_is_told(node: Node, part: str) -> None:
    with pytest.raises(GraticuleError, match=part):
        node.checked()


def test_the_headless_twin(filled: Orthanc, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with new_store(tmp_path / "s") as store:
        store.protocols.put(PROTOCOL)

    def run(*words: str) -> tuple[int, list[dict[str, object]], str]:
        status = main(["pacs", *words, "--store", str(tmp_path / "s"), "--json"])
        said = capsys.readouterr()
        return status, [json.loads(line) for line in said.out.splitlines()], said.err

    url = filled.web().url
    assert run("add", "house", "--url", url)[0] == 0
    assert [row["name"] for row in run("nodes")[1]] == ["house"]
    assert run("echo", "--node", "house")[1] == [{"node": "house", "ok": True}]
    dimse = f"ORTHANC@127.0.0.1:{filled.dicom}"
    found = run("find", "--dimse", dimse, "--modality", "CR")[1]
    assert [row["modalities"] for row in found] == [["CR"]]
    status, rows, _ = run("get", str(found[0]["study"]), "--node", "house")
    assert status == 0 and [row.get("outcome") for row in rows] == ["case", None]
    assert rows[-1] == {"fetched": 1, "already": 0, "failed": 0}
    assert run("get", str(found[0]["study"]), "--node", "house")[1][-1] == {"fetched": 0, "already": 1, "failed": 0}
    assert [row["outcome"] for row in run("send", str(originals()[-1]), "--node", "house")[1]] == ["stored"]
    assert run("find", "--url", url, "--from", "yesterday")[0] == 2
    assert "NOBODY" in run("echo", "--dimse", f"NOBODY@127.0.0.1:{filled.dicom}")[2]


@pytest.fixture
def orthanc_of_its_own(tmp_path: Path) -> Iterator[Orthanc]:
    """What these tests add is not for the others to find."""
    if not PROGRAM or not DATA.is_dir():
        pytest.skip("needs Orthanc and the collection of real data")
    started = Orthanc(tmp_path / "orthanc").start()
    yield started
    started.stop()


@pytest.mark.parametrize("way", [Orthanc.web, Orthanc.dimse])
def test_a_segmentation_of_ours_goes_out_and_comes_back(orthanc_of_its_own: Orthanc, way: Callable[[Orthanc], Node],
                                                        tmp_path: Path) -> None:
    filled = orthanc_of_its_own
    study = wanted(originals()[0]).study
    with new_store(tmp_path / "s") as store:
        store.protocols.put(PROTOCOL)
        archives, painted = StoreArchives(store, MemoryVault()), paint(store)
        with pytest.raises(GraticuleError, match=r"Nothing was sent|nothing"):
            archives.send_results(filled.web(), painted, ["dicom-none"], Silent())
        sent = archives.send_results(way(filled), painted, ["dicom-seg"], Silent())
        assert (len(sent.stored), sent.failed) == (1, ())
        assert archives.search(filled.web(), Search(study=study), Silent()).studies[0].modalities == ("SEG",)
        there = [one for one in archives.series(filled.dimse(), study, Silent()) if one.modality == "SEG"]
        fetched = archives.fetch(filled.web(), [Wanted(study, one.uid) for one in there], Silent())
        back = pydicom.dcmread(fetched.files[-1])
        assert int(back.pixel_array.astype(bool).sum()) == 3 * 40 * 50
        outcomes = list(bring_in(store, fetched.files, Silent(), copy=False))
        assert {one.outcome for one in outcomes} == {"labels"} and {one.case.id for one in outcomes if one.case} == {painted}


def paint(store: Store) -> str:
    """The liver CT with a box painted by the reader; the id of the case."""
    case = next(one.case for one in bring_in(store, originals()[:19], Silent(), copy=False) if one.case)
    opened = store.labels.open(case.id, (19, 512, 512))
    workspace = Workspace(case.id, opened.labels, opened.journal, Bus())
    code = load_ontology("anatomy").search("liver")[0].code
    segment = Segment(id="s1", group="main", value=1, colour="#e69f00", name="Liver", category=code, type=code)
    workspace.set("Add segment", segment)
    box = np.zeros((19, 512, 512), bool)
    box[4:7, 100:140, 200:250] = True
    change = voxel_change("main", workspace.labels.group("main"), np.flatnonzero(box), 1, 1)
    assert change is not None
    workspace.do("Paint", change)
    return case.id
