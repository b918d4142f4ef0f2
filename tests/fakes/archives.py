"""Archives in memory for the window: one study with two series, and whatever trouble a test wants."""

from collections.abc import Sequence
from pathlib import Path

from graticule.domain.archive import Fetched, Found, FoundSeries, FoundStudy, Node, Search, Sent, Wanted
from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Progress

STUDY = FoundStudy("1.2", "Müller, Anna", "4711", "19700101", "F", "20240331", "", "CT thorax", "A1", ("CT",), 2, 5)
SERIES = [FoundSeries("1.2", "1.2.1", "CT", "1", "Lung", "", 3), FoundSeries("1.2", "1.2.2", "CT", "2", "Soft tissue", "", 2)]


class FakeArchives:
    """`down`: the next act over the network fails with it."""

    def __init__(self, nodes: Sequence[Node] = (Node("House", url="https://pacs.example/rs"),)) -> None:
        self.kept = list(nodes)
        self.secrets: dict[str, str] = {}
        self.down: GraticuleError | None = None
        self.asked: list[Search] = []
        self.fetched: list[tuple[Wanted, ...]] = []
        self.tidied: list[Path] = []
        self.sent: list[tuple[str, tuple[str, ...]]] = []

    def nodes(self) -> list[Node]:
        return list(self.kept)

    def keep(self, nodes: Sequence[Node]) -> None:
        self.kept = [node.checked() for node in nodes]

    def put_secret(self, node: Node, secret: str) -> None:
        self.secrets[node.name] = secret

    def test(self, node: Node, progress: Progress) -> None:
        self._fail()

    def search(self, node: Node, search: Search, progress: Progress) -> Found:
        self._fail()
        self.asked.append(search)
        return Found((STUDY,)) if search.patient_id in ("4711", "") else Found()

    def series(self, node: Node, study: str, progress: Progress) -> list[FoundSeries]:
        self._fail()
        return list(SERIES)

    def fetch(self, node: Node, wanted: Sequence[Wanted], progress: Progress) -> Fetched:
        if self.down is not None:
            return Fetched(trouble=self.down.message, hint=self.down.hint)
        self.fetched.append(tuple(wanted))
        return Fetched(tuple(Path(f"{one.series}.dcm") for one in wanted))

    def tidy(self, files: Sequence[Path]) -> None:
        self.tidied += files

    def sendable(self) -> list[str]:
        return ["dicom-seg"]

    def send_results(self, node: Node, case_id: str, formats: Sequence[str], progress: Progress) -> Sent:
        self._fail()
        self.sent.append((case_id, tuple(formats)))
        return Sent((Path("a.dcm"),))

    def _fail(self) -> None:
        if self.down is not None:
            raise self.down
