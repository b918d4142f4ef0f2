"""A small archive that answers in the character sets of the world, for what Orthanc itself translates away."""

from collections.abc import Iterator
from contextlib import contextmanager

from pydicom.dataset import Dataset
from pydicom.uid import generate_uid
from pynetdicom import AE, evt
from pynetdicom.events import Event
from pynetdicom.sop_class import StudyRootQueryRetrieveInformationModelFind, Verification

from graticule.domain.archive import DIMSE, Node


class NamesOfTheWorld:
    """Answers every C-FIND with one study for each (character set, name), encoded as that set says."""

    def __init__(self, names: list[tuple[str, str]]) -> None:
        self._names = names
        self.asked: list[Dataset] = []

    def answer(self, event: Event) -> Iterator[tuple[int, Dataset | None]]:
        self.asked.append(event.identifier)
        for charset, name in self._names:
            row = Dataset()
            row.SpecificCharacterSet = charset.split("\\")
            row.QueryRetrieveLevel, row.StudyInstanceUID, row.PatientName = "STUDY", generate_uid(), name
            yield 0xFF00, row

    @contextmanager
    def listening(self) -> Iterator[Node]:
        ae = AE(ae_title="WORLD")
        ae.add_supported_context(StudyRootQueryRetrieveInformationModelFind)
        ae.add_supported_context(Verification)
        server = ae.start_server(("127.0.0.1", 0), block=False, evt_handlers=[(evt.EVT_C_FIND, self.answer)])
        try:
            yield Node("world", DIMSE, host="127.0.0.1", port=server.server_address[1], called_ae="WORLD")
        finally:
            server.shutdown()
