"""One Orthanc for all tests that only read or add; those that kill it start their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fakes.orthanc import DICOMWEB_PLUGIN, PROGRAM, Orthanc
from graticule.domain.archive import Login
from graticule.domain.progress import Silent
from graticule.pacs.connect import connected
from real_data import DATA

CT = DATA / "imaging" / "ct" / "liver_mets_crlm1004"
ENHANCED = DATA / "imaging" / "mr" / "enhanced" / "emri_small.dcm"
CHEST = DATA / "imaging" / "xray" / "RG1_J2KR_chest_pa.dcm"


@pytest.fixture(scope="session")
def orthanc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Orthanc]:
    if not PROGRAM or not DICOMWEB_PLUGIN.exists():
        pytest.skip("Orthanc with DICOMweb is not here (apt-get install orthanc orthanc-dicomweb)")
    started = Orthanc(tmp_path_factory.mktemp("orthanc")).start()
    yield started
    started.stop()


@pytest.fixture(scope="session")
def filled(orthanc: Orthanc) -> Orthanc:
    """With the liver CT, an enhanced MR and a J2K chest radiograph, sent by C-STORE and STOW-RS."""
    if not DATA.is_dir():
        pytest.skip("the collection of real data is not here (GRATICULE_TEST_DATA)")
    files = originals()
    with connected(orthanc.dimse(), Login()) as archive:
        sent = archive.send(files[:10], Silent())
        assert (len(sent.stored), sent.failed) == (10, ())
    with connected(orthanc.web(), Login()) as archive:
        sent = archive.send(files[10:], Silent())
        assert (len(sent.stored), sent.failed) == (len(files) - 10, ())
    assert orthanc.counts() == len(files)
    return orthanc


def originals() -> list[Path]:
    return [*sorted(CT.glob("*.dcm")), ENHANCED, CHEST]
