"""Fits archives (PACS), the store and the door of formats together: what the window's panel and the command both use."""

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from graticule.domain.archive import Archive, Failed, Fetched, Found, FoundSeries, Login, Node, Search, Sent, Wanted
from graticule.domain.errors import Cancelled, GraticuleError
from graticule.domain.progress import Progress
from graticule.pacs.connect import connected
from graticule.pacs.nodes import Nodes, Vault

if TYPE_CHECKING:
    from graticule.pacs.shelf import Incoming
    from graticule.store.store import Store

FROM_ARCHIVE = "from-archive"


class StoreArchives:
    """`presenters.pacs.Archives` on a real store. vault: where passwords lie; None: the operating system's."""

    def __init__(self, store: "Store", vault: Vault | None = None) -> None:
        from graticule.store.unlock import SystemVault

        self._store = store
        self._nodes = Nodes(store.view_state, vault or SystemVault())

    def nodes(self) -> list[Node]:
        return self._nodes.all()

    def named(self, name: str) -> Node:
        return self._nodes.named(name)

    def keep(self, nodes: Sequence[Node]) -> None:
        self._nodes.keep(nodes)

    def put_secret(self, node: Node, secret: str) -> None:
        self._nodes.put_secret(node, secret)

    def test(self, node: Node, progress: Progress) -> None:
        with self._open(node) as archive:
            archive.echo(progress)

    def search(self, node: Node, search: Search, progress: Progress) -> Found:
        with self._open(node) as archive:
            return archive.studies(search, progress)

    def series(self, node: Node, study: str, progress: Progress) -> list[FoundSeries]:
        with self._open(node) as archive:
            return archive.series(study, progress)

    def fetch(self, node: Node, wanted: Sequence[Wanted], progress: Progress) -> Fetched:
        from graticule.pacs.fetching import fetch

        with self._open(node) as archive:
            try:
                return fetch(archive, wanted, self._incoming(), self._here, progress)
            except Cancelled:
                if self._without_identity:
                    self.tidy(())
                raise

    def tidy(self, files: Sequence[Path]) -> None:
        """After the import of `files`: what no case is made of does not stay on this computer.

        Where the protocol takes the identity out, that goes for everything any archive ever brought.
        """
        incoming = self._incoming()
        used = {Path(source.path) for case in self._store.cases.all() for source in case.sources}
        incoming.tidy(used, incoming.folders() if self._without_identity else sorted({path.parent for path in files}))

    def send(self, node: Node, paths: Sequence[Path], progress: Progress) -> Sent:
        with self._open(node) as archive:
            return archive.send(paths, progress)

    def sendable(self) -> list[str]:
        """Names of the export formats that an archive takes."""
        from graticule.formats.export.registry import FORMATS

        return [name for name in FORMATS if name.startswith("dicom-")]

    def send_results(self, node: Node, case_id: str, formats: Sequence[str], progress: Progress) -> Sent:
        """Export the reader's labels of a case in each format, read back by other libraries, and send what was made.

        A format that cannot hold these labels is a failure of its own; GraticuleError when nothing could be exported.
        """
        with tempfile.TemporaryDirectory(prefix="graticule-send-") as folder:
            made, failed = self._exported(case_id, formats, Path(folder), progress)
            if not made:
                raise GraticuleError(failed[0].sentence if failed else "There is nothing to send.", "Nothing was sent.")
            sent = self.send(node, made, progress)
        return Sent(sent.stored, (*failed, *sent.failed))

    def _exported(self, case_id: str, formats: Sequence[str], folder: Path,
                  progress: Progress) -> tuple[list[Path], list[Failed]]:
        from graticule.commands.exporting import parcel, send_out
        from graticule.commands.label_sources import READER, named_source

        case = self._store.cases.get(case_id)
        ready = parcel(case, named_source(self._store, case_id, case, READER), formats, progress)
        made: list[Path] = []
        failed: list[Failed] = []
        for number, name in enumerate(formats):
            progress.step(number, len(formats), "Exporting")
            try:
                files = send_out(self._store, ready, name, folder / name)
                if not all(file.proven for file in files):
                    raise GraticuleError("No second program on this computer could read the file back.", "It was not sent.")
                made += [file.path for file in files]
            except GraticuleError as fault:
                failed.append(Failed(name, str(fault)))
        return made, failed

    @property
    def _without_identity(self) -> bool:
        return bool(self._store.protocols.deidentify())

    @contextmanager
    def _open(self, node: Node) -> Iterator[Archive]:
        login: Login = self._nodes.login(node)
        with connected(node.checked(), login) as archive:
            yield archive

    def _incoming(self) -> "Incoming":
        from graticule.pacs.shelf import Incoming

        return Incoming(Path(os.path.abspath(self._store.files)) / FROM_ARCHIVE)

    def _here(self, uids: Sequence[str]) -> Mapping[str, Path]:
        """Of these objects, the files that cases of the store are made of and that are still there."""
        wanted = set(uids)
        listed = {source.object_id: Path(source.path) for case in self._store.cases.all() for source in case.sources
                  if source.object_id in wanted}
        return {uid: path for uid, path in listed.items() if path.is_file()}
